"""The frame of every page: security, language, display, errors."""

import pytest
from django.test import Client

from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db

STRICT = (
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
)


class TestSecurityHeaders:
    @pytest.mark.parametrize("path", ["/", "/nowhere", "/pledge"])
    def test_stand_on_every_status(self, client: Client, path: str):
        response = client.get(path)
        policy = response["Content-Security-Policy"]
        assert all(part in policy for part in STRICT)
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Request-ID"]

    def test_stand_on_static_files_too(self, client: Client):
        answer = client.get("/static/css/tokens.css")
        assert answer.status_code == 200
        assert all(part in answer["Content-Security-Policy"] for part in STRICT)
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_nobody_keeps_a_signed_in_persons_page(self, client: Client):
        assert "Cache-Control" not in client.get("/pledge")
        client.post("/language", {"language": "en"})
        assert client.get("/pledge")["Cache-Control"] == "private, no-cache"
        assert a_buyer().client.get("/pledge")["Cache-Control"] == "private, no-store"

    def test_no_inline_script_or_style(self, client: Client):
        html = client.get("/").content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert "onclick" not in html
        assert "<script>" not in html


class TestLanguage:
    def test_is_simplified_chinese_unless_asked(self, client: Client):
        html = client.get("/").content.decode()
        assert '<html lang="zh-Hans"' in html
        assert "投诉与售后" in html

    @pytest.mark.parametrize(
        ("language", "tag", "word"), [("zh-hant", "zh-Hant", "購物車"), ("en", "en", "Cart")]
    )
    def test_switch_keeps_the_page(self, client: Client, language: str, tag: str, word: str):
        answer = client.post("/language", {"language": language, "next": "/pledge"})
        assert (answer.status_code, answer["Location"]) == (303, "/pledge")
        html = client.get("/pledge").content.decode()
        assert f'lang="{tag}"' in html
        assert word in html

    def test_switch_never_leads_away(self, client: Client):
        assert (
            client.post("/language", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"
        )

    def test_follows_the_browser(self, client: Client):
        assert 'lang="zh-Hant"' in client.get("/", headers={"Accept-Language": "zh-TW"}).content.decode()


class TestDisplay:
    def test_elder_mode_is_one_press_and_stays(self, client: Client):
        answer = client.post("/display", {"elder": "on", "next": "/help"})
        assert answer["Location"] == "/help"
        assert "data-elder" in client.get("/help").content.decode()
        client.post("/display", {"elder": "off", "next": "/help"})
        assert '<html lang="zh-Hans">' in client.get("/help").content.decode()

    def test_theme_keeps_elder_mode(self, client: Client):
        client.post("/display", {"elder": "on"})
        client.post("/display", {"theme": "dark"})
        html = client.get("/").content.decode()
        assert 'data-theme="dark" data-elder' in html


class TestErrors:
    def test_an_unknown_page_says_so(self, client: Client):
        response = client.get("/nowhere")
        assert response.status_code == 404
        assert "安心" in response.content.decode()

    def test_an_api_gets_json(self, client: Client):
        response = client.get("/nowhere", headers={"Accept": "application/json"})
        assert response.json()["code"] == "not_found"

    def test_htmx_gets_a_toast(self, client: Client):
        response = client.get("/nowhere", headers={"HX-Request": "true"})
        assert response["HX-Retarget"] == "#toasts"
        assert "<html" not in response.content.decode()

    def test_a_stale_form_is_explained(self):
        response = Client(enforce_csrf_checks=True).post("/language", {"language": "en"})
        assert response.status_code == 403
        assert "<h1>" in response.content.decode()
