"""Moving the clock from the command line."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from outbox import platform_clock

pytestmark = pytest.mark.django_db


def time(*words):
    out = StringIO()
    call_command("time", *words, stdout=out)
    return out.getvalue()


class TestTime:
    def test_shift_adds_up_and_reset_goes_back(self):
        platform_clock.allow_shifting(allowed=True)
        time("shift", "+3d")
        assert "moved by 2 days, 22:00:00" in time("shift", "-2h")
        ahead = platform_clock.database_now() - datetime.now(UTC)
        assert timedelta(days=2, hours=21) < ahead < timedelta(days=2, hours=23)
        assert "moved by 0:00:00" in time("reset")

    @pytest.mark.parametrize("by", ["", "3", "3 d", "3w", "1e3d", "九d", "+-3d"])
    def test_nonsense_is_refused_with_an_example(self, by):
        platform_clock.allow_shifting(allowed=True)
        with pytest.raises(CommandError, match=r"time shift \+3d"):
            time("shift", by)

    def test_in_production_it_is_refused(self):
        platform_clock.allow_shifting(allowed=False)
        with pytest.raises(CommandError) as refusal:
            time("shift", "+3d")
        assert refusal.value.returncode == 2
