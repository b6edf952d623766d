"""Single behaviours of the engine: spans, disguises, contexts, categories, documents."""

import json
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.screening import duplicates, names
from catalog.screening.engine import screen, verdict
from catalog.screening.finding import Kind, Severity, Text, from_data
from catalog.screening.ruleset import by_id, rules
from catalog.screening.texts import texts_of
from tests.builders.shops import the_catalogue
from tests.law.packs import pack


def found(words, category="home", field="title_zh-hans", held=()):
    return screen([Text(field, words)], category=category, held=held)


def cost_of(words):
    """Processor seconds of reading these words, the best of three."""
    costs = []
    for _ in range(3):
        begun = time.thread_time()
        found(words, field="description_zh-hans")
        costs.append(time.thread_time() - begun)
    return min(costs)


class TestScreen:
    def test_span_is_that_of_the_original(self):
        (one,) = found("月白釉手作横手急须，全网最佳出汤")
        assert (one.start, one.end, one.words) == (10, 14, "全网最佳")
        assert (one.severity, one.law) == (Severity.REFUSE, "cn.ads.absolute")

    @pytest.mark.parametrize(
        "words", ["最\u200b佳 茶壶", "最 佳 茶壶", "最*佳 茶壶", "国·家·级 茶壶", "最\ufe0f佳"]
    )
    def test_disguises_are_seen_through(self, words):
        assert any(each.kind is Kind.ABSOLUTE for each in found(words))

    @pytest.mark.parametrize(
        ("words", "span"),
        [
            ("加微信 ｑｉｎｇｃｉ８８", "加微信"),
            ("一三八零零一三八零零零", "一三八零零一三八零零零"),
            ("①③⑧00138000", "①③⑧00138000"),
            ("l38OO138OOO", "l38OO138OOO"),
            ("联系 138-0013-8000", "138-0013-8000"),
        ],
    )
    def test_hidden_contact_is_found_where_it_stands(self, words, span):
        kinds = [each for each in found(words) if each.kind is Kind.CONTACT]
        assert [each.words for each in kinds] == [span]
        assert kinds[0].severity is Severity.REFUSE

    def test_numbers_that_are_no_telephones(self):
        for words in ("6901234567892", "SC10133052100011", "GB/T 13912-2002", "20260317001", "3.1415926535"):
            assert found(words) == ()

    def test_fields_for_lawful_contact_are_not_read_for_it(self):
        assert found("0571-88886666", field="maker_contact") == ()
        assert found("13800138000", field="description_zh-hans") != ()

    def test_categories_differ(self):
        assert found("抗菌洗手液", category="home") == ()
        assert found("抗菌面膜", category="cosmetics")[0].law == "cn.cosmetics.claims"
        assert found("最好的父亲", category="books-media") == ()

    def test_document_of_the_shop_answers_a_licence(self):
        assert found("医用外科口罩")[0].kind is Kind.LICENCE
        assert found("医用外科口罩", held={"medical_device"}) == ()

    def test_gravest_first_and_one_finding_for_a_place(self):
        both = found("顶级茶壶，全网最低价")
        assert [each.severity for each in both] == sorted(
            (each.severity for each in both), key=["refuse", "doubt", "hint"].index
        )
        assert verdict(both) == "refuse"
        assert verdict(()) == "clean"

    def test_data_and_back(self):
        (one,) = found("最佳茶壶")
        assert from_data(json.loads(json.dumps(one.as_data()))) == one

    def test_hostile_texts_cost_no_more_than_their_square(self):
        """Four times the text may take sixteen times as long; a rule that backtracks takes thousands."""
        for piece in ("最", "不得", "a", "1 ", "“", "获", "加"):
            short, long = (cost_of(piece * (size // len(piece))) for size in (1250, 5000))
            assert long < 40 * short, piece


class TestRules:
    def test_every_rule_speaks_three_languages_and_rests_on_a_rule(self):
        known = {rule.id for rule in pack().rules} | {"rules.listings"}
        for rule in rules():
            assert set(rule.says) == set(rule.instead) == {"zh-hans", "zh-hant", "en"}, rule.id
            assert rule.law in known, rule.id
        assert len(by_id()) == len(rules())


class TestNames:
    def test_look_alikes(self):
        assert names.look_alike("青川茶行", ["青川茶行", "山止工坊"]) is None
        assert names.look_alike("山土工坊", ["山士工坊"]) == "山士工坊"
        assert names.look_alike("QingСhuan Tea", ["Qingchuan Tea"]) == "Qingchuan Tea"
        assert names.look_alike("Muz0 Lane", ["Muzo Lane"]) == "Muzo Lane"
        assert names.look_alike("青川茶", ["青川茶行"]) is None

    def test_honest_brand_is_no_finding(self):
        assert found("适用 iPhone 15 的透明壳", category="electronics") == ()
        assert found("App1e 充电线", category="electronics")[0].rule_id == "name.look_alike"


class TestDuplicates:
    def test_same_offer(self):
        assert duplicates.same_offer("月白釉横手急须 480ml", "月白釉 横手急须（480 ML）")
        assert not duplicates.same_offer("月白釉横手急须 480ml", "月白釉横手急须 360ml")
        assert not duplicates.same_offer("月白釉横手急须", "铁黑釉侧把壶")


def test_texts_of_a_draft():
    draft = {
        "title": {"zh-hans": "壶"},
        "attributes": {"ingredients": ["茶", "水"], "net_content": {"value": "5", "unit": "g"}},
        "images": [{"src": "x", "alt": {"en": "pot"}}],
        "options": [
            {"key": "size", "labels": {"en": "Size"}, "values": [{"key": "s", "labels": {"en": "S"}}]}
        ],
    }
    assert [(each.field, each.words) for each in texts_of(draft)] == [
        ("title_zh-hans", "壶"),
        ("ingredients", "茶\n水"),
        ("alt_0_en", "pot"),
        ("options", "Size"),
        ("options", "S"),
    ]


@pytest.mark.django_db
class TestCommand:
    def test_json(self):
        the_catalogue()
        out = StringIO()
        call_command("screen", "全网最佳茶壶 加微信 abc123", "--category", "home", "--json", stdout=out)
        answer = json.loads(out.getvalue())
        assert answer["verdict"] == "refuse"
        assert [each["rule"] for each in answer["findings"]] == ["absolute.ranking", "contact.account"]
        assert answer["findings"][0]["says"]["en"].startswith("A ranking")

    def test_unknown_category(self):
        with pytest.raises(CommandError, match="no category"):
            call_command("screen", "x", "--category", "nope")
