import pytest

from tests.builders.rulebook import the_rulebook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_law():
    the_rulebook()


def text(client, path, language="zh-hans"):
    response = client.get(path, headers={"accept-language": language})
    return response.status_code, response.content.decode()


class TestLibrary:
    def test_the_plain_sentence_comes_first_and_the_article_second(self, client):
        status, page = text(client, "/rules/")
        assert status == 200
        sentence, article = "7 天内告诉商家一声就能退货", "《网络购买商品七日无理由退货暂行办法》第十条"
        assert 0 < page.index(sentence) < page.index(article)

    def test_it_can_be_searched_in_the_readers_language(self, client):
        _, page = text(client, "/rules/?q=escrow", "en")
        assert "No rule has these words" in page
        _, page = text(client, "/rules/?q=perishable+returns", "en")
        assert "No rule has these words" in page
        _, page = text(client, "/rules/?q=mediation", "en")
        assert "mediation ends 60 days" in page
        assert "Food purchase records" not in page

    def test_htmx_gets_the_results_alone(self, client):
        response = client.get("/rules/?q=3C", headers={"HX-Request": "true"})
        assert "<html" not in response.content.decode()

    @pytest.mark.parametrize("query", ["?place=XX", "?q=" + "x" * 5000, "?q=%3Cscript%3E"])
    def test_odd_questions_get_a_page(self, client, query):
        status, page = text(client, "/rules/" + query)
        assert status == 200
        assert "<script>" not in page.split("</head>")[1].replace("<script src", "")


@pytest.mark.parametrize("path", ["/rules/?q=%00", "/rules/%00/", "/rules/platform/%00/"])
def test_what_is_no_text_is_refused_at_the_door(client, path):
    assert text(client, path)[0] in (400, 404)


class TestRule:
    def test_a_rule_shows_its_article_its_date_and_what_the_platform_does(self, client):
        status, page = text(client, "/rules/cn.return.window/", "en")
        assert status == 200
        assert "Interim Measures for Seven-Day No-Reason Return of Online Purchases, art. 10" in page
        assert "15 Mar 2017" in page
        assert "Your notice counts when it reaches us" in page

    def test_a_rule_no_lawyer_has_seen_says_so(self, client):
        _, page = text(client, "/rules/cn.report.filing/", "en")
        assert "not yet checked" in page

    def test_earlier_wordings_stay_readable(self, client):
        _, page = text(client, "/rules/cn.complaint.mediation/", "en")
        assert "All wordings" in page
        assert "14 Apr 2026" in page

    @pytest.mark.parametrize("rule", ["promise.escrow", "policy.silence.complaint_answer"])
    def test_the_platforms_own_rules_have_a_page_too(self, client, rule):
        assert text(client, f"/rules/{rule}/")[0] == 200

    @pytest.mark.parametrize("rule", ["cn.nothing", "policy.silence.nap", "promise.moon", "x", "é"])
    def test_a_rule_that_is_not_there_is_a_404(self, client, rule):
        assert text(client, f"/rules/{rule}/")[0] == 404


class TestSilence:
    def test_every_row_says_who_how_long_and_then(self, client):
        status, page = text(client, "/rules/silence/")
        assert status == 200
        assert "按你的证据直接交平台裁定" in page
        assert "48 小时" in page

    @pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
    def test_it_reads_in_each_language(self, client, language):
        assert text(client, "/rules/silence/", language)[0] == 200
