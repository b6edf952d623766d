from datetime import UTC, datetime

import pytest
from django.utils import translation

from law.returns import ListingFacts
from law.rights import rights_for
from rulebook import articles, current, presenting, queries, wording
from tests.builders.rulebook import the_rulebook
from tests.law.packs import china

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("article", "hans", "english"),
    [
        ("10", "第十条", "art. 10"),
        ("25", "第二十五条", "art. 25"),
        ("148", "第一百四十八条", "art. 148"),
        ("101", "第一百零一条", "art. 101"),
        ("110", "第一百一十条", "art. 110"),
        ("23(3)", "第二十三条第三款", "art. 23(3)"),
        ("56(1)(8)", "第五十六条第一款第八项", "art. 56(1)(8)"),
        ("8–9", "第八条至第九条", "arts 8–9"),
        ("7, 20", "第七条、第二十条", "arts 7, 20"),
        ("8.7", "8.7", "art. 8.7"),
        ("-", "", ""),
    ],
)
def test_articles_are_cited_as_each_language_does(article, hans, english):
    assert articles.words(article, "zh-hans") == hans
    assert articles.words(article, "en") == english


def test_taiwans_characters_are_used_for_hant():
    assert wording.law_text("電子商務法", "56(1)(8)", "zh-hant") == "《電子商務法》第五十六條第一款第八項"


@pytest.mark.django_db
class TestRights:
    @pytest.fixture(autouse=True)
    def the_law(self):
        the_rulebook()

    def rights(self, facts, **options):
        return rights_for(
            pack=current.pack("CN", NOW),
            calendar=current.calendar("CN"),
            facts=facts,
            buyer_place="CN",
            seller_place="CN",
            at=NOW,
            **options,
        )

    @pytest.mark.parametrize("locale", ["zh-hans", "zh-hant", "en"])
    @pytest.mark.parametrize(
        "facts",
        [
            ListingFacts("food", "confirm"),
            ListingFacts("custom-made", "never"),
            ListingFacts("home", promised_return_days=30),
        ],
    )
    def test_every_right_can_be_said_in_every_language(self, locale, facts):
        with translation.override(locale):
            cells = presenting.slip(self.rights(facts, delivered_at=china(2026, 11, 2)), at=NOW)
        for cell in cells:
            assert "%(" not in "".join(str(value) for value in cell.values())
            assert cell["name"] and cell["what"] and cell["source"]["plain"]

    def test_the_sums_are_shown_as_money(self):
        with translation.override("zh-hans"):
            fraud = next(cell for cell in presenting.slip(self.rights(ListingFacts("home")), at=NOW)[3:])
        assert "¥500.00" in fraud["what"]
        assert fraud["name"] == "假货退一赔3"

    def test_a_window_that_ended_is_shown_as_expired(self):
        rights = self.rights(ListingFacts("home"), delivered_at=china(2026, 11, 2))
        cells = presenting.slip(rights, at=NOW, past=china(2026, 11, 10))
        assert cells[0]["state"] == "expired"

    def test_the_cards_strip_says_a_missing_right_in_words(self):
        with translation.override("zh-hans"):
            assert wording.strip(self.rights(ListingFacts("custom-made", "never"))) == [
                "不支持无理由退货",
                "托管",
            ]
            assert wording.strip(self.rights(ListingFacts("cosmetics", "confirm"))) == ["拆封后不退", "托管"]
            assert wording.strip(self.rights(ListingFacts("home"))) == ["7 天退", "托管"]

    def test_a_citation_names_law_article_and_date(self):
        cited = queries.citation("cn.fraud", "zh-hans", at=NOW)
        assert cited.law == "《消费者权益保护法》第五十五条"
        assert cited.since.year == 2014
        assert cited.url == "/rules/cn.fraud/"
