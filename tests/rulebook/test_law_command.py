import json

import pytest
from django.core.management import call_command

from rulebook import loading
from rulebook.models import PackVersion
from tests.builders.rulebook import the_rulebook
from tests.law.packs import pack_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_law():
    the_rulebook()


def ask(capsys, *words):
    call_command("law", *words)
    return json.loads(capsys.readouterr().out)


def refused(capsys, *words):
    with pytest.raises(SystemExit) as caught:
        call_command("law", *words)
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_due_gives_the_last_day_and_the_first_instant_too_late(capsys):
    answer = ask(
        capsys,
        "due",
        "--rule",
        "cn.return.window",
        "--start",
        "2026-09-23T14:00+08:00",
        "--place",
        "CN",
        "--json",
    )
    assert answer == {
        "rule": "cn.return.window",
        "article": "10",
        "last_day": "2026-09-30",
        "late_from": "2026-09-30T16:00:00Z",
        "provisional": False,
        "calendar": "cn-2026-08-07",
        "pack_version": pack_data("cn")["version"],
    }


def test_count_counts_without_a_rule(capsys):
    answer = ask(
        capsys,
        *(
            "count",
            "--start",
            "2026-12-28T09:00+08:00",
            "--n",
            "5",
            "--unit",
            "wd",
            "--place",
            "CN",
            "--json",
        ),
    )
    assert (answer["last_day"], answer["provisional"]) == ("2027-01-05", True)


def test_rights_are_said_in_words(capsys):
    facts = '{"excludes_return": "never"}'
    answer = ask(
        capsys,
        "rights",
        "--buyer",
        "CN",
        "--seller",
        "CN",
        "--category",
        "custom-made",
        "--facts",
        facts,
        "--json",
    )
    first = answer[0]
    assert set(first) == {"id", "rule", "stamp", "can_do", "until", "cost", "source", "applies", "why_not"}
    assert (first["id"], first["applies"]) == ("no_reason_return", False)
    assert first["why_not"]


def test_rules_lists_every_rule_with_its_confidence(capsys):
    answer = ask(capsys, "rules", "--place", "CN", "--json")
    assert {"id", "article", "in_force_from", "in_force_to", "stamp", "confidence"} == set(answer[0])
    assert {"cn.return.window", "cn.quality.return", "cn.complaint.mediation", "cn.trade.retention"} <= {
        rule["id"] for rule in answer
    }


def test_due_takes_the_facts_of_a_return(capsys):
    """Notice on the 4th + 14 = 18; proof of dispatch on the 20th holds the refund until then."""
    answer = ask(
        capsys,
        *("due", "--rule", "eu.withdrawal.refund", "--place", "DE", "--start", "2026-11-02T10:00+01:00"),
        *("--notice", "2026-11-04T10:00+01:00", "--proof", "2026-11-20T10:00[Europe/Berlin]", "--json"),
    )
    assert (answer["last_day"], answer["pack_version"]) == ("2026-11-20", pack_data("eu")["version"])


def test_the_eu_alone_is_refused_with_its_members(capsys):
    words = ("due", "--rule", "eu.withdrawal.window", "--start", "2026-11-02T10:00Z", "--place", "EU")
    assert "DE, " in refused(capsys, *words)


@pytest.mark.parametrize(
    "words",
    [
        ("due", "--rule", "uk.cancellation.window", "--start", "2026-09-23T14:00Z", "--place", "DE"),
        (
            "due",
            "--rule",
            "eu.withdrawal.window",
            "--start",
            "2026-09-23T14:00Z",
            "--place",
            "DE",
            "--informed",
            "x",
        ),
        ("due", "--rule", "cn.return.window", "--start", "2026-09-23", "--place", "CN"),
        ("due", "--rule", "cn.return.window", "--start", "2026-09-23T14:00", "--place", "CN"),
        ("due", "--rule", "cn.return.window", "--start", "2026-09-23T14:00Z", "--place", "XX"),
        ("due", "--rule", "xx.return.window", "--start", "2026-09-23T14:00Z", "--place", "CN"),
        ("due", "--rule", "cn.fraud", "--start", "2026-09-23T14:00Z", "--place", "CN"),
        ("due", "--rule", "cn.return.window", "--start", "2016-09-23T14:00Z", "--place", "CN"),
        ("count", "--start", "2026-09-23T14:00Z", "--n", "-1", "--unit", "d", "--place", "CN"),
        ("count", "--start", "2026-09-23T14:00Z", "--n", "1", "--unit", "moons", "--place", "CN"),
        ("count", "--start", "0001-01-01T00:00Z", "--n", "1", "--unit", "d", "--place", "CN"),
        ("rights", "--buyer", "CN", "--seller", "CN", "--category", "food", "--facts", "{"),
        ("rights", "--buyer", "CN", "--seller", "CN", "--category", "food", "--facts", '{"moon": true}'),
        (
            "rights",
            "--buyer",
            "CN",
            "--seller",
            "CN",
            "--category",
            "food",
            "--facts",
            '{"confirmed": "yes"}',
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(capsys, words):
    assert len(refused(capsys, *words).strip()) > 20


RIGHTS = ("rights", "--buyer", "CN", "--category", "home")
HOME = (*RIGHTS, "--seller", "CN", "--facts")
WINDOW = ("due", "--rule", "eu.withdrawal.window", "--place", "DE", "--start")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*RIGHTS, "--seller", "XX"), "no country"),
        (("rights", "--buyer", "CN", "--seller", "CN", "--category", "moon"), "textiles"),
        ((*HOME, '{"excludes_return": "sometimes"}'), "never, confirm"),
        ((*HOME, '{"exclusion": "moon"}'), "custom_made"),
        ((*HOME, '{"promised_return_days": -1}'), "not a length"),
        ((*HOME, '{"promised_return_days": 1.5}'), "can't be used"),
        ((*WINDOW, "2026-03-29T02:30[Europe/Berlin]"), "doesn't exist"),
        ((*WINDOW, "2026-10-25T02:30[Europe/Berlin]"), "twice"),
        ((*WINDOW, "2026-10-25T12:30[Mars/Phobos]"), "time zone"),
        ((*WINDOW, "9999-12-31T23:59Z"), "year 9999"),
        ((*WINDOW, "2013-01-01T00:00Z"), "in force"),
        ((*WINDOW, "2026-11-02T10:00Z", "--goods-back", "2026-11-01T10:00Z"), "both be true"),
        ((*WINDOW, "2026-11-02T10:00Z", "--informed", "never", "--informed", "2026-11-02T10:00Z"), "once"),
        ((*WINDOW, "2026-11-02T10:00Z", "--start", "2026-11-03T10:00Z"), "once"),
        (("count", "--start", "2026-11-02T10:00Z", "--n", "1.5", "--unit", "d", "--place", "CN"), "whole"),
        (("rules", "--place", "EU"), "AT, BE"),
    ],
)
def test_a_refusal_says_what_is_wrong(capsys, words, said):
    assert said in refused(capsys, *words)


def test_goods_back_starts_the_chinese_refund_clock(capsys):
    """Tue 10 + 7 = Tue 17 November, whenever the return was asked for."""
    words = ("due", "--rule", "cn.return.refund", "--place", "CN", "--start", "2026-11-02T10:00+08:00")
    assert ask(capsys, *words, "--goods-back", "2026-11-10T10:00+08:00", "--json")["last_day"] == "2026-11-17"


class TestLoad:
    def test_a_new_pack_is_loaded_at_run_time(self, capsys, tmp_path):
        text = (loading.LAW / "packs" / "cn.toml").read_text(encoding="utf-8")
        file = tmp_path / "cn.toml"
        file.write_text(text.replace(pack_data("cn")["version"], "cn-2027.1", 1), encoding="utf-8")
        call_command("law", "load", str(file))
        assert "loaded cn-2027.1" in capsys.readouterr().out
        assert PackVersion.objects.filter(version="cn-2027.1").exists()

    def test_a_bad_one_is_refused_with_the_line(self, capsys, tmp_path):
        file = tmp_path / "cn.toml"
        file.write_text('place = "CN"\nversion =\n', encoding="utf-8")
        assert "line 2" in refused(capsys, "load", str(file))

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x" * 5_000_000])
    def test_what_is_no_text_of_ours_is_refused(self, capsys, tmp_path, content):
        file = tmp_path / "cn.toml"
        file.write_bytes(content)
        assert refused(capsys, "load", str(file))

    def test_a_file_that_is_not_there_is_refused(self, capsys, tmp_path):
        assert "no such file" in refused(capsys, "load", str(tmp_path / "nothing.toml"))
