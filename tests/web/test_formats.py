"""Sums, moments and time left in three languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from kernel.money import Money
from web import formats, remaining
from web.templatetags import anxin

DUE = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            (Money(53948), "¥539.48"),
            (Money(1820644107), "¥18,206,441.07"),
            (Money(-500), "−¥5.00"),
            (Money(9800, "JPY"), "JP¥9,800"),
            (Money(0), "¥0.00"),
        ],
    )
    def test_reads_exactly(self, amount: Money, text: str):
        assert anxin.money(amount) == text

    def test_is_spoken_in_full(self):
        with translation.override("zh-hans"):
            assert "人民币 539.48 元" in anxin.price(Money(53948))

    def test_markup_in_names_is_escaped(self):
        assert "&lt;b&gt;" in anxin.grade("<b>")


class TestMoments:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("zh-hans", "11 月 24 日 周二 08:40"),
            ("zh-hant", "11 月 24 日 週二 08:40"),
            ("en", "Tue 24 Nov, 08:40"),
        ],
    )
    def test_read_in_the_zone_of_the_reader(self, language: str, text: str):
        with translation.override(language):
            assert formats.moment_text(DUE) == text
            assert f'<time datetime="{DUE.isoformat()}">{text}</time>' == anxin.moment(DUE)

    def test_name_another_year(self):
        token = formats.reading_year.set(2025)
        with translation.override("zh-hans"):
            assert formats.day_text(DUE, weekday=False) == "2026 年 11 月 24 日"
        formats.reading_year.reset(token)


class TestTimeLeft:
    @pytest.mark.parametrize(
        ("left", "state", "words"),
        [
            (timedelta(days=2, hours=14), "ample", "还剩 2 天 14 小时"),
            (timedelta(hours=48, seconds=1), "ample", "还剩 2 天 0 小时"),
            (timedelta(hours=48), "short", "还剩 2 天 0 小时"),
            (timedelta(hours=12), "urgent", "还剩 12 小时 0 分"),
            (timedelta(minutes=5), "urgent", "还剩 5 分"),
            (timedelta(0), "overdue", "已超时 0 分"),
            (-timedelta(hours=3), "overdue", "已超时 3 小时 0 分"),
        ],
    )
    def test_has_a_state_and_words(self, left: timedelta, state: str, words: str):
        with translation.override("zh-hans"):
            shown = remaining.remaining(due_at=DUE, now=DUE - left)
        assert (shown.state, shown.words) == (state, words)

    def test_a_kept_promise_says_how_early(self):
        with translation.override("zh-hans"):
            chip = anxin.deadline_chip(DUE, DUE, state="met", met_at=DUE - timedelta(hours=24))
        assert "比期限早 1 天 0 小时" in chip
        assert "data-due" not in chip

    def test_the_chip_says_what_happens_if_nobody_acts(self):
        with translation.override("zh-hans"):
            chip = anxin.deadline_chip(DUE, DUE - timedelta(hours=3), "merchant", "按买家的证据裁定")
        assert 'title="到 11 月 24 日 周二 08:40 · 按买家的证据裁定"' in chip
        assert "chip--late" in chip
