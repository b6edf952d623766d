"""What is left of a person: everything before, nothing unexplained after an erasure."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from kernel import clock
from kernel.actor import Actor
from notifications.models import Letter
from orders import settlement
from outbox.relay import drain_all
from privacy import erasure, files, requests, residue
from privacy.states import Channel, Identity, RequestKind
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 21, 4, 0, tzinfo=UTC)
NAME = "金丝雀安娜"


def ask(*words: str) -> dict:
    out = StringIO()
    call_command("privacy", *words, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def erase(person) -> None:
    asked = requests.ask(
        subject_id=person.subject_id,
        kind=RequestKind.CLOSE,
        channel=Channel.WEB,
        identity=Identity.PROVED,
        actor=person.actor,
        at=AT,
    )
    erasure.erase(request_id=asked.pk, actor=Actor.system(), at=AT)


@pytest.fixture
def person():
    """Has bought, had letters, shown a file."""
    person = a_buyer(NAME)
    order = an_order(subject_id=person.subject_id, delivered_at=ORDERED + timedelta(days=2))
    settlement.settle(order_id=order.pk, actor=Actor.system(), at=order.settles_at)
    upload = a_jpeg_upload("伤口照片.jpg")
    files.receive(subject_id=person.subject_id, upload=upload, purpose="test", actor=person.actor, at=AT)
    drain_all()
    return person


class TestBefore:
    def test_everything_that_opens_is_named_and_the_command_fails(self, person, capsys):
        found = residue.scan(person.subject_id)

        readable = {each.where for each in found.residues if each.what == "readable" and not each.explained}
        assert {"accounts.User.display_name", "orders.Order.recipient", "orders.Order.address"} <= readable
        assert {"notifications.Addressee.email", "privacy.StoredFile.name"} <= readable
        assert not found.clean and found.looked_at["tables"] > 60

        with pytest.raises(SystemExit) as left:
            call_command("privacy", "residue", "--subject", str(person.subject_id), "--json")
        assert left.value.code == 1
        assert json.loads(capsys.readouterr().out)["clean"] is False

    def test_words_in_plain_are_found_in_tables_caches_and_mails(self, person, settings, tmp_path):
        settings.EMAIL_FILE_PATH = tmp_path
        (tmp_path / "1.eml").write_text(f"To: {person.email}", encoding="utf-8")
        cache.set("greeting", f"Hello {NAME}")
        letter = Letter.objects.filter(subject_id=person.subject_id).first() or Letter.objects.create(
            subject_id=person.subject_id, kind="x", reference=uuid4(), locale="en", created_at=AT
        )
        Letter.objects.filter(pk=letter.pk).update(params={"who": NAME})
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

        found = {(each.where, each.what) for each in residue.scan(person.subject_id).residues}

        assert ("notifications_letter", "the person's words in plain") in found
        assert ("cache", "the person's id or words") in found
        assert ("mail folder", "the person's id or words") in found


class TestAfter:
    def test_nothing_unexplained_is_left(self, person, tmp_path, settings):
        settings.EMAIL_FILE_PATH = tmp_path
        words = sorted(residue.scan(person.subject_id).known)
        assert {NAME, person.email, "林未"} & set(words) == {NAME, person.email}
        note = Path(tmp_path.parent / "known.txt")
        note.write_text("\n".join(words), encoding="utf-8")
        with clock.frozen(AT):
            erase(person)
            cache.clear()

            left = residue.scan(person.subject_id, known=words)
            assert [each for each in left.residues if not each.explained] == []
            found = ask("residue", "--subject", str(person.subject_id), "--known", str(note))

        assert [each for each in found["residues"] if not each["explained"]] == []
        assert found["erased"] and found["clean"]
        kept = {each["where"]: each["why"] for each in found["residues"] if "restricted" in each["what"]}
        assert kept["orders.Order.recipient"] == "cn.trade.retention"
        assert all(each["why"] for each in found["residues"])

    def test_a_forgotten_copy_is_found(self, person, tmp_path, settings):
        settings.EMAIL_FILE_PATH = tmp_path
        with clock.frozen(AT):
            erase(person)
            cache.clear()
        cache.set("copied", NAME)

        assert not residue.scan(person.subject_id, known=[NAME]).clean


class TestBadInput:
    @pytest.mark.parametrize("subject", ["nobody", "", "01a20078-95bf-7e74-9c08-5943d9211242"])
    def test_is_refused_with_code_two(self, subject):
        with pytest.raises(CommandError) as refused:
            call_command("privacy", "residue", "--subject", subject)
        assert refused.value.returncode == 2


class TestInventoryCommand:
    def test_names_every_column_with_its_fate_and_its_rule_in_words(self, person):
        found = ask("inventory")

        entries = {each["column"]: each for each in found["entries"]}
        order = entries["orders.Order.recipient"]
        assert (order["table"], order["sealed"], order["class"]) == ("orders_order", True, "general")
        assert order["keeping"]["rule"] == "cn.trade.retention" and order["keeping"]["length"] == "3 years"
        assert order["keeping"]["sentence"] and order["rows"] == 1
        assert entries["payments.Payment.payer_subject"]["keeping"]["length"] == "5 years"
        assert found["unclassified"] == [] and found["counts"]["columns"] == len(entries)

    def test_of_one_table(self):
        found = ask("inventory", "--table", "notifications_mute")
        assert {each["table"] for each in found["entries"]} == {"notifications_mute"}
