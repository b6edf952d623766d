"""Staff work in timed sessions: second factor, role, reason, an end; nothing else opens the staff pages."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts import joint_acts, staff, staff_factors
from accounts.models import Appointment, StaffAct, StaffSession, User
from accounts.staff import Role
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.people import JOINED, a_buyer, a_staff, appointed, at_work

pytestmark = pytest.mark.django_db

START = "/staff/start/"
REFUSED = (IntegrityError, InternalError)
WORK = {"role": "reviewer", "reason": "the queue of overdue cases"}


def with_factor(client, *, kind="totp", seconds_ago=0):
    session = client.session
    record = {"method": "mfa", "type": kind, "at": time.time() - seconds_ago}
    session["account_authentication_methods"] = [*session.get("account_authentication_methods", []), record]
    session.save()


class TestTheWayIn:
    def test_asks_for_role_reason_and_the_code_of_the_app(self):
        person = a_staff(working=False)
        page = person.client.get("/admin/", follow=True)
        assert page.redirect_chain[-1][0].startswith(START)
        assert person.client.post(START, WORK).status_code == 422
        assert person.client.post(START, WORK | {"code": "000000"}).status_code == 422
        code = staff_factors.present_code(person.user, now=datetime.now(UTC))
        answer = person.client.post(START, WORK | {"code": code, "next": "/admin/orders/order/"})
        assert (answer.status_code, answer["Location"]) == (303, "/admin/orders/order/")
        assert person.client.get("/admin/orders/order/").status_code == 200
        found = StaffSession.objects.get(subject_id=person.subject_id)
        assert (found.role, found.reason, found.proof) == ("reviewer", WORK["reason"], "totp")

    def test_a_code_counts_once(self):
        person = a_staff(working=False)
        sent = WORK | {"code": staff_factors.present_code(person.user, now=datetime.now(UTC))}
        assert person.client.post(START, sent).status_code == 303
        person.client.post(reverse("staff:end"))
        with_factor(person.client, seconds_ago=3600)
        session = person.client.session
        del session["account_authentication_methods"]
        session.save()
        assert person.client.post(START, sent).status_code == 422

    @pytest.mark.parametrize(
        ("kind", "seconds_ago", "status"),
        [
            ("totp", 0, 303),
            ("webauthn", 5, 303),
            ("webauthn", 3600, 422),
            ("recovery_codes", 0, 422),
            ("", 0, 422),
        ],
    )
    def test_a_factor_shown_a_moment_ago_is_enough_and_paper_is_not(self, kind, seconds_ago, status):
        person = a_staff(working=False)
        with_factor(person.client, kind=kind, seconds_ago=seconds_ago)
        assert person.client.post(START, WORK).status_code == status

    def test_without_a_factor_there_is_one_thing_to_do(self):
        person = a_staff(working=False)
        person.user.authenticator_set.all().delete()
        page = person.client.get(START).content.decode()
        assert "验证器" in page and 'name="reason"' not in page
        assert person.client.post(START, WORK).status_code == 422
        assert person.client.get("/admin/").status_code == 303

    @pytest.mark.parametrize(
        "sent", [{"role": "money_desk"}, {"role": "x"}, {"reason": " "}, {"reason": "x"}]
    )
    def test_a_role_that_is_not_held_and_a_missing_reason_are_refused(self, sent):
        person = a_staff(working=False)
        with_factor(person.client)
        assert person.client.post(START, WORK | sent).status_code == 422
        assert not StaffSession.objects.exists()

    def test_leads_nowhere_else(self):
        person = a_staff(working=False)
        for wanted in ("https://evil.example/", "//evil.example/admin/", "/orders/"):
            with_factor(person.client)
            assert person.client.post(START, WORK | {"next": wanted})["Location"] == "/admin/"

    def test_is_not_there_for_shoppers(self):
        assert a_buyer().client.get(START).status_code == 404
        assert a_buyer().client.post(START, WORK).status_code == 404


class TestItsEnd:
    def test_comes_by_itself_and_a_form_sent_later_does_nothing(self):
        person = a_staff(working=False)
        at_work(person.client, person.user, Role.REVIEWER, now=datetime.now(UTC) - timedelta(hours=3))
        assert person.client.get("/admin/")["Location"].startswith(START)
        answer = person.client.post("/admin/", {})
        assert answer.status_code == 403 and "staff_session_over" not in answer.content.decode()

    def test_comes_after_idling(self):
        person = a_staff()
        StaffSession.objects.update(seen_at=datetime.now(UTC) - timedelta(minutes=21))
        assert person.client.get("/admin/").status_code == 303

    def test_the_page_says_how_long_and_goes_away_by_itself(self):
        answer = a_staff().client.get("/admin/")
        seconds, _, to = answer["Refresh"].partition(";url=")
        assert 7000 < int(seconds) <= 7201 and to == START
        assert reverse("staff:session") in answer.content.decode()

    def test_by_hand_it_is_over_at_once(self):
        person = a_staff()
        assert person.client.get(reverse("staff:session")).status_code == 200
        assert person.client.post(reverse("staff:end")).status_code == 303
        assert person.client.get("/admin/").status_code == 303
        assert StaffSession.objects.get().ended_at is not None

    def test_a_role_that_ends_ends_its_sessions(self):
        person = a_staff()
        staff.end_role(user=person.user, role="reviewer", actor=Actor.system(), at=JOINED)
        assert person.client.get("/admin/").status_code in (303, 404)
        person.user.refresh_from_db()
        assert not person.user.is_staff

    def test_somebody_elses_session_is_none(self):
        person, other = a_staff(working=False), a_staff(working=False)
        opened = at_work(other.client, other.user, Role.REVIEWER)
        session = person.client.session
        session["staff_session"] = str(opened.pk)
        session.save()
        assert person.client.get("/admin/").status_code == 303


class TestTheTrail:
    def test_what_is_sent_stands_with_its_session_before_it_is_done(self):
        person = a_staff(Role.MERCHANT_DESK)
        thing = new_id()
        person.client.get("/admin/merchants/merchant/")
        person.client.post(reverse("admin:merchants_merchant_decide", args=[thing]), {"decision": "close"})
        act = StaffAct.objects.get()
        assert (act.method, act.page, act.thing) == ("POST", "admin:merchants_merchant_decide", str(thing))
        assert act.session.subject_id == person.subject_id and act.emergency is None

    def test_costs_one_query_for_the_session(self, django_assert_max_num_queries):
        person = a_staff()
        person.client.get(reverse("staff:session"))
        with django_assert_max_num_queries(8) as asked:
            person.client.get("/admin/jsi18n/")
        of_sessions = [one for one in asked.captured_queries if "accounts_staffsession" in one["sql"]]
        assert len(of_sessions) == 1


class TestTheDatabase:
    def refuses(self, sql, *values):
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, values)

    def test_refuses_a_longer_session_and_one_without_a_factor(self):
        a_staff()
        self.refuses("UPDATE accounts_staffsession SET ends_at = ends_at + interval '1 day'")
        self.refuses("UPDATE accounts_staffsession SET role = 'auditor'")
        self.refuses("UPDATE accounts_staffsession SET proof = 'password'")
        self.refuses("DELETE FROM accounts_staffsession")

    def test_refuses_one_persons_appointment(self):
        a_staff()
        self.refuses("UPDATE accounts_appointment SET role = 'security_officer'")
        self.refuses("UPDATE accounts_appointment SET ended_at = since - interval '1 day'")
        self.refuses("DELETE FROM accounts_appointment")
        copied = """INSERT INTO accounts_appointment
            (id, user_id, subject_id, role, at_start, act_id, proposed_by, confirmed_by, since, ended_by)
            SELECT gen_random_uuid(), user_id, subject_id, {role}, {start}, {act}, {first}, {second}, since,
                ''
            FROM accounts_appointment LIMIT 1"""
        plain = {
            "role": "'auditor'",
            "start": "false",
            "act": "act_id",
            "first": "proposed_by",
            "second": "confirmed_by",
        }
        for change in (
            {},
            {"act": "NULL"},
            {"second": "proposed_by"},
            {"first": "subject_id"},
            {"first": "NULL", "second": "NULL"},
            {"role": "'reviewer'"},
            {"role": "'king'"},
        ):
            self.refuses(copied.format(**plain | change))

    def test_refuses_a_late_start_and_a_superuser(self):
        for _ in range(3):
            a_staff(Role.SECURITY_OFFICER)
        person = a_buyer()
        with pytest.raises(staff.NotFirst):
            staff.appoint_first(user_id=person.user.pk, role=Role.AUDITOR, at=JOINED)
        self.refuses(
            """INSERT INTO accounts_appointment (id, user_id, subject_id, role, at_start, since, ended_by)
            VALUES (gen_random_uuid(), %s, %s, 'auditor', true, now(), '')""",
            person.user.pk,
            person.subject_id,
        )
        self.refuses("UPDATE accounts_user SET is_superuser = true")


class TestAppointing:
    def test_takes_two_officers_and_neither_is_the_person(self):
        first, second, new = a_staff(Role.SECURITY_OFFICER), a_staff(Role.SECURITY_OFFICER), a_buyer()
        sent = {"step": "appoint", "email": new.email, "role": "money_desk"}
        assert first.client.post(reverse("staff:appointing"), sent).status_code == 303
        act = joint_acts.waiting(at=datetime.now(UTC))[0]
        decide = reverse("staff:joint-decide", args=[act.pk])
        assert act.pk and "money_desk" in first.client.get(reverse("staff:joint")).content.decode()
        first.client.post(decide, {"decision": "confirm"})
        assert not staff.roles_of(new.user)
        assert a_staff(Role.MONEY_DESK).client.post(decide, {"decision": "confirm"}).status_code == 403
        second.client.post(decide, {"decision": "confirm"})
        assert staff.roles_of(new.user) == [Role.MONEY_DESK]
        assert User.objects.get(pk=new.user.pk).is_staff
        held = Appointment.objects.get(user=new.user)
        assert {held.proposed_by, held.confirmed_by} == {first.subject_id, second.subject_id}

    def test_nobody_appoints_or_dismisses_themselves(self):
        first, second = a_staff(Role.SECURITY_OFFICER), a_staff(Role.SECURITY_OFFICER)
        for step in (
            staff.Appoint(user_id=first.user.pk, role="auditor"),
            staff.Dismiss(user_id=second.user.pk, role="security_officer"),
        ):
            act = joint_acts.propose(step=step, actor=first.actor, at=JOINED)
            with pytest.raises(staff.OwnAppointment):
                joint_acts.confirm(act_id=act.pk, actor=second.actor, at=JOINED)
            act.refresh_from_db()
            assert act.state == "waiting"
        assert staff.roles_of(first.user) == [Role.SECURITY_OFFICER]

    def test_the_first_come_by_command_until_there_are_two_security_officers(self, capsys):
        people = [a_buyer() for _ in range(3)]
        for person in people[:2]:
            call_command("appoint_staff", person.email, "security_officer")
        assert set(staff.subjects_in(Role.SECURITY_OFFICER)) == {each.subject_id for each in people[:2]}
        with pytest.raises(CommandError):
            call_command("appoint_staff", people[2].email, "auditor")

    def test_a_second_role_is_held_beside_the_first(self):
        person = a_staff(Role.REVIEWER)
        appointed(person.user, Role.SENIOR)
        assert staff.roles_of(person.user) == [Role.REVIEWER, Role.SENIOR]


class TestTheCodeOfTheDemo:
    def test_is_printed_and_never_in_production(self, settings, capsys):
        person = a_staff(working=False)
        call_command("staff_code", person.email)
        assert capsys.readouterr().out.strip() == staff_factors.present_code(
            person.user, now=datetime.now(UTC)
        )
        with pytest.raises(CommandError):
            call_command("staff_code", a_buyer().email)
        settings.PRODUCTION = True
        with pytest.raises(CommandError):
            call_command("staff_code", person.email)
