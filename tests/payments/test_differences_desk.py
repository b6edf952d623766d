"""The money desk's queue: taken by one, ended with a reason, booked by two; and the day to the cent."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts import joint_acts
from accounts.models import JointAct
from accounts.staff import Role
from deadlines import booking
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, correcting_books, differences, invariants, ledger
from payments.models import Difference, LedgerEntry
from payments.web import differences_desk
from tests.builders.money import OPENED, a_captured_payment, a_difference
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"admin:payments_{name}", args=args)


def test_one_person_takes_it_and_no_other_after(client):
    held, first, second = a_difference(), a_staff(Role.MONEY_DESK), a_staff(Role.MONEY_DESK)
    assert booking.find(kind=differences.CLOCK, reference=held.pk) is not None
    assert held.key in first.client.get(at("difference_change", held.pk)).content.decode()
    first.client.post(at("difference_take", held.pk))
    held.refresh_from_db()
    taken = held.assigned_to
    assert str(first.subject_id) in taken
    second.client.post(at("difference_take", held.pk))
    held.refresh_from_db()
    assert held.assigned_to == taken
    assert a_staff(Role.MERCHANT_DESK).client.post(at("difference_take", held.pk)).status_code in (403, 404)


def test_it_ends_with_a_reason_or_not_at_all():
    held, desk = a_difference(), a_staff(Role.MONEY_DESK)
    desk.client.post(at("difference_explain", held.pk), {"reason": "  "})
    held.refresh_from_db()
    assert held.state == "open"
    desk.client.post(at("difference_explain", held.pk), {"reason": "Their test charge."})
    held.refresh_from_db()
    assert (held.state, held.reason) == ("explained", "Their test charge.")
    assert booking.find(kind=differences.CLOCK, reference=held.pk) is None


def test_late_it_stands_in_the_queue_as_late():
    held = a_difference()
    differences.on_due(reference=held.pk, due_at=OPENED, at=clock.now())
    held.refresh_from_db()
    assert held.overdue_at == OPENED


@pytest.mark.parametrize(("fen", "counter"), [(10_100, "suspense"), (-10_100, "fees")])
def test_two_people_book_it_and_the_books_agree(fen, counter):
    held = a_difference(fen)
    first, second = a_staff(Role.MONEY_DESK), a_staff(Role.MONEY_DESK)
    first.client.post(at("difference_correct", held.pk), {"cause": "we_erred"})
    act = JointAct.objects.get(kind="payments.correct_books")
    decide = reverse("staff:joint-decide", args=[act.pk])
    first.client.post(decide, {"decision": "confirm"})
    assert not LedgerEntry.objects.exists()
    second.client.post(decide, {"decision": "confirm"})
    held.refresh_from_db()
    assert (held.state, held.act_id, held.corrected_minor) == ("corrected", act.pk, fen)
    account = accounts.suspense(held.pk) if counter == "suspense" else accounts.FEES
    assert ledger.balance(account) == Money(fen)
    assert ledger.balance(accounts.provider("sandbox")) == Money(-fen)
    invariants.settle_constraints()
    assert invariants.all_offences() == []


def test_what_ended_meanwhile_isn_t_booked():
    held, first, second = a_difference(), Actor.staff(new_id()), Actor.staff(new_id())
    step = correcting_books.step_for(held, "fee")
    act = joint_acts.propose(step=step, actor=first, at=clock.now())
    differences.explain(difference_id=held.pk, reason="Solved.", actor=first, at=clock.now())
    with pytest.raises(differences.DifferenceEnded):
        joint_acts.confirm(act_id=act.pk, actor=second, at=clock.now())
    assert not LedgerEntry.objects.exists()


def test_a_sum_of_ones_own_isn_t_booked():
    held, first, second = a_difference(), Actor.staff(new_id()), Actor.staff(new_id())
    step = correcting_books.Correct(held.pk, 1, "CNY", "fee")
    act = joint_acts.propose(step=step, actor=first, at=clock.now())
    with pytest.raises(correcting_books.NothingToCorrect):
        joint_acts.confirm(act_id=act.pk, actor=second, at=clock.now())
    with pytest.raises(correcting_books.NothingToCorrect):
        correcting_books.step_for(held, "because")


def test_one_person_alone_corrects_nothing_by_sql():
    held = a_difference()
    act = joint_acts.propose(
        step=correcting_books.step_for(held, "fee"), actor=Actor.staff(new_id()), at=clock.now()
    )
    for act_id in (act.pk, new_id()):
        with pytest.raises((IntegrityError, InternalError), match="alone"), transaction.atomic():
            connection.cursor().execute(
                "INSERT INTO payments_ledgerentry (id, reference, purpose, occurred_at, actor)"
                " VALUES (gen_random_uuid(), %s, %s, now(), 'system')",
                [held.pk, f"correction:{act_id}"],
            )


def test_the_day_s_page_shows_both_sides_to_the_cent():
    a_captured_payment(10_000)
    held = a_difference()
    desk = a_staff(Role.MONEY_DESK)
    page = desk.client.get(at("day"), {"day": str(held.day)}).content.decode()
    assert "101.00" in page and "100.00" in page and held.key in page
    assert desk.client.get(at("day"), {"day": "x"}).status_code == 200
    of_one = desk.client.get(at("providerstatement_change", held.pk)).status_code
    assert of_one == 302


class TestTheCommand:
    def run(self, capsys, day, *args):
        with pytest.raises(SystemExit) as left:
            call_command("reconcile", "--day", day, "--json", *args)
        return left.value.code, json.loads(capsys.readouterr().out)

    def test_says_by_its_exit_whether_both_sides_differ(self, capsys):
        held = a_difference()
        code, said = self.run(capsys, str(held.day), "--provider", "sandbox")
        assert code == 1
        (of_sandbox,) = said["providers"]
        found = [(one["what"], one["key"], one["theirs_minor"]) for one in of_sandbox["differences"]]
        assert found == [("missing_here", held.key, 10_100)]
        differences.explain(difference_id=held.pk, reason="Known.", actor=Actor.system(), at=clock.now())
        code, said = self.run(capsys, str(held.day), "--provider", "sandbox")
        assert (code, said["providers"][0]["differences"]) == (0, [])
        assert Difference.objects.count() == 1

    @pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "2026-02-30"])
    def test_refuses_what_is_no_day_that_is_over(self, day):
        with pytest.raises(CommandError):
            call_command("reconcile", "--day", day)


def test_outside_differences_have_nothing_to_book():
    assert set(differences.OUTSIDE) == {"parked", "without_order", "refund_stuck"}
    assert differences_desk.END == "payments.end_difference"
