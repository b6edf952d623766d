"""New law takes two people, and both see beforehand what it changes for whom."""

import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.staff import Role
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from law.counting import Length
from rulebook import current, loading, previewing, proposals
from rulebook.models import PackVersion, Proposal
from rulebook.sources import BadRulebookFile
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
FIRST, SECOND = Actor.staff(new_id()), Actor.staff(new_id())


def pack_text(version="cn-2027.1", days=10):
    """The Chinese pack with ten days to return instead of seven."""
    text = (loading.LAW / "packs" / "cn.toml").read_text(encoding="utf-8")
    held = current.pack("CN", AT).version
    start = text.index('id = "cn.return.window"')
    end = text.index("[[rules]]", start)
    rule = text[start:end].replace("n = 7\n", f"n = {days}\n", 1)
    return (text[:start] + rule + text[end:]).replace(f'version = "{held}"', f'version = "{version}"', 1)


def bring(**changes):
    values = {"text": pack_text(), "name": "cn.toml", "actor": FIRST, "at": AT}
    return proposals.propose(**(values | changes))


class TestPropose:
    def test_loads_nothing(self):
        found = bring()
        assert (found.state, found.place, found.version) == ("waiting", "CN", "cn-2027.1")
        assert not PackVersion.objects.filter(version="cn-2027.1").exists()

    def test_a_file_that_cannot_be_used_is_refused_with_its_line(self):
        with pytest.raises(BadRulebookFile, match="line 2"):
            bring(text='place = "CN"\nversion =\n')
        assert not Proposal.objects.exists()

    def test_what_waits_or_is_loaded_is_not_brought_again(self):
        bring()
        with pytest.raises(proposals.AlreadyWaiting):
            bring(actor=SECOND)
        with pytest.raises(loading.VersionTaken):
            bring(text=(loading.LAW / "packs" / "cn.toml").read_text(encoding="utf-8"))


class TestAccept:
    def test_by_another_person_loads_it(self):
        proposals.accept(proposal_id=bring().pk, actor=SECOND, at=AT)
        assert current.pack("CN", AT).rule("cn.return.window", AT).length == Length(10, "d")
        assert PackVersion.objects.get(version="cn-2027.1").loaded_by == str(SECOND)

    @pytest.mark.parametrize("step", [proposals.accept, proposals.refuse])
    def test_by_the_same_person_is_refused(self, step):
        found = bring()
        with pytest.raises(proposals.SamePerson):
            step(proposal_id=found.pk, actor=FIRST, at=AT)
        assert Proposal.objects.get().state == "waiting"
        assert not PackVersion.objects.filter(version="cn-2027.1").exists()

    def test_once_only(self):
        found = bring()
        proposals.refuse(proposal_id=found.pk, actor=SECOND, at=AT)
        with pytest.raises(proposals.AlreadyDecided):
            proposals.accept(proposal_id=found.pk, actor=SECOND, at=AT)
        with pytest.raises(NotFound):
            proposals.accept(proposal_id=new_id(), actor=SECOND, at=AT)

    def test_the_database_refuses_one_person_in_both_seats(self):
        bring()
        attack = "UPDATE rulebook_proposal SET state='accepted', decided_at=now(), decided_by=proposed_by"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


class TestPreview:
    def test_names_the_rule_whom_it_concerns_and_both_lengths(self):
        seen = previewing.of_pack(loading.pack_of(pack_text(), name="cn.toml")[0])
        assert [(each.rule_id, each.owner, each.what, each.before, each.after) for each in seen.changes] == [
            ("cn.return.window", "buyer", "length", "7 d", "10 d")
        ]

    def test_of_a_law_of_many_places_shows_only_what_changes(self):
        text = (loading.LAW / "packs" / "eu.toml").read_text(encoding="utf-8")
        assert previewing.of_pack(loading.pack_of(text, name="eu.toml")[0]).changes == ()

    def test_of_a_calendar_names_years_and_days(self):
        data = json.loads((loading.LAW / "calendars" / "cn.json").read_text(encoding="utf-8"))
        data["years"]["2027"] = {"off": ["2027-01-01"], "work": []}
        data["years"]["2026"]["off"].remove("2026-10-07")
        seen = previewing.of_calendar(loading.calendar_of(json.dumps(data), name="cn.json")[0])
        assert [(each.rule_id, each.what) for each in seen.changes] == [
            ("2027", "year"),
            ("2026-10-07", "works"),
        ]


class TestTheCommand:
    def test_says_what_changes_and_loads_nothing_when_only_asked(self, capsys, tmp_path):
        file = tmp_path / "cn.toml"
        file.write_text(pack_text(), encoding="utf-8")
        call_command("law", "load", str(file), "--preview")
        out = capsys.readouterr().out
        assert "buyer     cn.return.window length: 7 d -> 10 d" in out
        assert not PackVersion.objects.filter(version="cn-2027.1").exists()

    def test_in_production_it_waits_for_a_second_person(self, capsys, tmp_path, settings):
        settings.PRODUCTION = True
        file = tmp_path / "cn.toml"
        file.write_text(pack_text(), encoding="utf-8")
        call_command("law", "load", str(file))
        assert "second person" in capsys.readouterr().out
        assert Proposal.objects.get().state == "waiting"


class TestTheStaffPages:
    def test_two_officers_change_the_law(self):
        first, second = a_staff(Role.LAW_EDITOR), a_staff(Role.LAW_EDITOR)
        upload = SimpleUploadedFile("cn.toml", pack_text().encode())
        page = first.client.post(reverse("admin:rulebook_bring"), {"file": upload}, follow=True)
        found = Proposal.objects.get()
        assert "cn.return.window" in page.content.decode()
        decide = reverse("admin:rulebook_decide", args=[found.pk])
        first.client.post(decide, {"decision": "accept"})
        assert Proposal.objects.get().state == "waiting"
        second.client.post(decide, {"decision": "accept"})
        assert Proposal.objects.get().state == "accepted"

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"place ="])
    def test_a_bad_file_is_refused_in_words(self, content):
        upload = SimpleUploadedFile("cn.toml", content)
        client = a_staff(Role.LAW_EDITOR).client
        assert client.post(reverse("admin:rulebook_bring"), {"file": upload}).status_code == 302
        assert not Proposal.objects.exists()

    def test_reviewers_have_no_law_desk(self):
        client = a_staff(Role.REVIEWER).client
        assert client.get(reverse("admin:rulebook_desk")).status_code == 403
        assert client.post(reverse("admin:rulebook_bring")).status_code == 403

    def test_the_law_desk_names_years_and_unsure_rules(self, at):
        at(AT)
        page = a_staff(Role.LAW_EDITOR).client.get(reverse("admin:rulebook_desk")).content.decode()
        assert "2027" in page
        assert "eu.withdrawal.window" in page
