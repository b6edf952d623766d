from datetime import UTC, datetime

import pytest
from django.db import InternalError, connection, transaction

from kernel.actor import Actor
from rulebook import current, loading, policies
from rulebook.models import CalendarVersion, PackVersion, Policy, RuleText
from rulebook.sources import BadRulebookFile
from tests.builders.rulebook import the_rulebook
from tests.law.packs import pack_data

AT = datetime(2026, 11, 21, tzinfo=UTC)
SYSTEM = Actor.system()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_loaded")]
CN = (loading.LAW / "packs" / "cn.toml").read_text(encoding="utf-8")


def load(text, name="cn.toml"):
    return loading.load_pack(text=text, name=name, actor=SYSTEM, at=AT)


class TestBundled:
    def test_everything_loads_and_a_second_time_changes_nothing(self):
        said = loading.load_bundled(actor=SYSTEM, at=AT)
        assert any("cn-2026" in line for line in said)
        counts = [model.objects.count() for model in (PackVersion, CalendarVersion, Policy, RuleText)]
        assert all(counts)
        assert loading.load_bundled(actor=SYSTEM, at=AT) == []
        assert [model.objects.count() for model in (PackVersion, CalendarVersion, Policy, RuleText)] == counts


class TestLoadPack:
    def test_a_comment_or_another_order_of_keys_is_the_same_content(self):
        row, new = load(CN)
        again, second = load("# a lawyer's note\n" + CN)
        assert (new, second) == (True, False)
        assert again == row

    def test_the_same_version_with_other_content_is_refused(self):
        load(CN)
        with pytest.raises(loading.VersionTaken):
            load(CN.replace("n = 7\n", "n = 8\n", 1))

    def test_a_new_version_counts_from_its_day_and_the_old_one_before(self):
        the_rulebook()
        load(
            CN.replace(pack_data("cn")["version"], "cn-2027.1", 1)
            .replace("in_force_from = 2014-03-15", "in_force_from = 2027-01-01", 1)
            .replace("n = 7\n", "n = 14\n", 1)
        )
        days = [current.pack("CN", china).rule("cn.return.window", china).length.n for china in MIDNIGHTS]
        assert days == [7, 14]

    def test_a_slip_in_the_toml_names_its_line(self):
        with pytest.raises(BadRulebookFile) as caught:
            load('place = "CN"\nversion = \n')
        assert caught.value.params["line"] == 2

    @pytest.mark.parametrize(
        ("good", "bad", "reason"),
        [
            ('unit = "d"', 'unit = "fortnight"', "fortnight"),
            ("n = 7\n", "n = -7\n", "whole number"),
            ("n = 7\n", "n = 7.5\n", "whole number"),
            ('owner = "buyer"', 'owner = "nobody"', "nobody"),
            ('confidence = "confirmed"', 'confidence = "sure"', "sure"),
            ("in_force_from = 2017-03-15", 'in_force_from = "soon"', "date"),
            ('payer = "consumer"', 'payers = "consumer"', "unknown key"),
            ('kind = "never"', 'kind = "sometimes"', "sometimes"),
        ],
    )
    def test_a_bad_rule_is_refused_with_its_line_and_nothing_is_kept(self, good, bad, reason):
        rules = CN.index("[[rules]]")
        text = CN[:rules] + CN[rules:].replace(good, bad, 1)
        with pytest.raises(BadRulebookFile, match=reason) as caught:
            load(text)
        line = text.splitlines()[caught.value.params["line"] - 1]
        assert line.strip().split(" = ")[0] == bad.split(" = ")[0]
        assert not PackVersion.objects.exists()

    def test_two_wordings_in_force_at_once_are_refused(self):
        with pytest.raises(BadRulebookFile, match="beside the wording"):
            load(CN.replace("in_force_to = 2026-04-14", "in_force_to = 2026-04-15"))

    def test_a_role_for_a_rule_that_is_not_there_is_refused(self):
        with pytest.raises(BadRulebookFile, match=r"cn\.nothing"):
            load(CN.replace('fraud = "cn.fraud"', 'fraud = "cn.nothing"'))

    @pytest.mark.parametrize("text", ["", "[]", "rules = 3", 'place = "CN"'])
    def test_a_file_that_is_no_pack_is_refused(self, text):
        with pytest.raises(BadRulebookFile):
            load(text)

    def test_a_bad_zone_is_refused(self):
        with pytest.raises(BadRulebookFile, match="Mars"):
            load(CN.replace('zone = "Asia/Shanghai"', 'zone = "Mars/Olympus"'))


class TestLoadPolicies:
    def test_a_clock_without_an_outcome_is_refused_with_its_line(self):
        text = (
            (loading.DATA / "policies.toml").read_text(encoding="utf-8").replace('outcome = "expired"', "", 1)
        )
        with pytest.raises(BadRulebookFile, match="outcome"):
            loading.load_policies(text=text, name="policies.toml", actor=SYSTEM, at=AT)
        assert not Policy.objects.exists()

    def test_the_same_version_with_another_value_is_refused(self):
        the_rulebook()
        text = (
            (loading.DATA / "policies.toml")
            .read_text(encoding="utf-8")
            .replace("value = 20\n", "value = 21\n")
        )
        with pytest.raises(loading.VersionTaken):
            loading.load_policies(text=text, name="policies.toml", actor=SYSTEM, at=AT)

    def test_a_new_version_counts_from_its_instant(self):
        the_rulebook()
        text = """
            [[policies]]
            name = "fee.platform_permille"
            version = 2
            in_force_from = 2027-01-01T00:00:00+08:00
            value = 15
        """
        loading.load_policies(text=text, name="new.toml", actor=SYSTEM, at=AT)
        assert [policies.number("fee.platform_permille", china) for china in MIDNIGHTS] == [20, 15]


class TestDatabase:
    @pytest.mark.parametrize("model", [PackVersion, CalendarVersion, Policy, RuleText])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET loaded_by = 'me'", "DELETE FROM {}"])
    def test_what_was_loaded_can_be_neither_changed_nor_deleted(self, model, statement):
        the_rulebook()
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(model._meta.db_table))


# 31 December 23:59 and 1 January 00:00 in China.
MIDNIGHTS = [datetime(2026, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)]
