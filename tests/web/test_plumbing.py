"""Fragments, paging, files for spreadsheets, forms, logs, static names."""

import json
import logging

import pytest
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from kernel.errors import Invalid
from web import errors, export, logs, paging, respond
from web.forms import Form
from web.storage import StaticStorage, tight
from web.styles import sheets


class TestRespond:
    def test_redirects_so_that_a_reload_sends_nothing(self):
        request = RequestFactory().post("/x")
        assert respond.redirect(request, "/there").status_code == 303
        htmx = RequestFactory().post("/x", headers={"HX-Request": "true"})
        assert respond.redirect(htmx, "/there")["HX-Redirect"] == "/there"

    @pytest.mark.parametrize(
        ("headers", "part"),
        [
            ({}, False),
            ({"HX-Request": "true"}, True),
            ({"HX-Request": "true", "HX-Boosted": "true"}, False),
            ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
        ],
    )
    def test_a_fragment_only_for_those_who_ask(self, headers: dict[str, str], part: bool):
        assert respond.wants_fragment(RequestFactory().get("/", headers=headers)) is part


class TestPaging:
    @pytest.mark.parametrize(("asked", "number"), [("2", 2), ("0", 5), ("999", 5), ("x", 1), ("", 1)])
    def test_lands_on_the_nearest_page(self, asked: str, number: int):
        page = paging.paginate(RequestFactory().get("/", {"page": asked}), range(100))
        assert page.page.number == number

    def test_links_keep_the_filters(self):
        page = paging.paginate(RequestFactory().get("/", {"q": "茶", "page": "2"}), range(100))
        assert page.next_link == "?q=%E8%8C%B6&page=3"
        assert (page.total, len(page)) == (100, 24)


class TestExport:
    @pytest.mark.parametrize("cell", ["=1+1", "+cmd", "@SUM(A1)", "-2+3", "\t=1", "＝1"])
    def test_formulas_are_made_harmless(self, cell: str):
        assert export.safe_cell(cell) == "'" + cell

    @pytest.mark.parametrize("cell", ["-12.50", "42", "茶", "a=b"])
    def test_plain_cells_stay(self, cell: str):
        assert export.safe_cell(cell) == cell

    def test_excel_reads_the_chinese(self):
        response = export.csv_response("orders", ["编号"], [["A1"], [None]])
        assert response.content.startswith("\ufeff编号\r\nA1\r\n".encode())
        assert response["Content-Disposition"] == 'attachment; filename="orders.csv"'


class TooMuch(Invalid):
    code = "too_much"
    message = "At most %(most)s."


class Wish(Form):
    amount = forms.CharField(label="Amount")
    note = forms.CharField(label="Note", required=False)


class TestForms:
    def test_a_refusal_stands_at_its_field(self):
        form = Wish({"amount": "9"})
        form.is_valid()
        form.refuse(TooMuch(field="amount", most=5))
        assert form.problems == [("id_amount", "At most 5.")]
        assert 'aria-invalid="true"' in str(form["amount"])

    def test_a_refusal_without_a_field_stands_above(self):
        form = Wish({"amount": "9"})
        form.is_valid()
        form.refuse(TooMuch(most=5))
        assert form.problems == [("", "At most 5.")]


class TestRefusals:
    def test_one_sentence_for_page_and_api(self):
        request = RequestFactory().get("/api/x")
        with override("en"):
            answer: HttpResponse = errors.refused(request, TooMuch(most=5))
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content) == {
            "type": "urn:anxin:problem:too_much",
            "title": "Something needs a change",
            "status": 422,
            "detail": "At most 5.",
            "code": "too_much",
            "field": None,
            "message": "At most 5.",
            "details": {"most": 5},
        }


class TestLogs:
    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            ("mail to lin.wei+x@example.com failed", "lin.wei"),
            ("call 138 0000 2207 now", "138"),
            ("GET /orders/g/eyJhbGciOi.abc:def/ 404", "eyJhbGciOi"),
            ("password=hunter2&x=1", "hunter2"),
            ("GET /search?q=secret+thing", "secret"),
        ],
    )
    def test_hide_what_names_a_person(self, text: str, hidden: str):
        line = logging.LogRecord("x", logging.INFO, "f", 1, "%s", (text,), None)
        written = json.loads(logs.JsonFormatter().format(line))
        assert hidden not in written["message"]
        assert written["request"]

    def test_say_which_code_failed_and_hide_in_it_what_names_a_person(self):
        line = logging.LogRecord("x", logging.CRITICAL, "f", 1, "the books are wrong", (), None)
        line.code, line.row = "a refund has its entry", "('A5YZM0K4QM1', 'lin@example.com')"
        written = json.loads(logs.JsonFormatter().format(line))
        assert written["facts"] == {"code": "a refund has its entry", "row": "('A5YZM0K4QM1', '<email>')"}


class TestStaticNames:
    def test_every_sheet_exists(self):
        storage = StaticStorage(location="/nowhere")
        assert all(storage.stored_name(name) == name for name in sheets())

    def test_the_joined_sheet_loses_only_blanks(self):
        css = '@layer a {\n/* why */\n.b > :is(.c, .d) { margin: 0 auto;\n content: "·  x: {"; }\n}\n'
        assert tight(css) == '@layer a{.b > :is(.c,.d){margin:0 auto;content:"·  x: {"}}'
