"""A guardian shows that they are one: handed in sealed, opened for a purpose, decided, destroyed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.staff import Role
from deadlines import booking, sweep
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from notifications.models import Letter
from outbox import relay
from privacy import examining, guardian_proofs, guardians, minors
from privacy.models import AccessRecord, AgeBand, GuardianLink, MinorProfile, StoredFile
from tests.builders.guardians import AT, OFFICER, a_family, a_proof
from tests.builders.people import a_buyer, a_staff
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db

ACCEPTED = "proof_state = 'accepted', proof_decided_at = now(), proof_decided_by = 'staff:'"
DUE = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def page_of(link):
    return reverse("privacy:proof", args=[link.pk])


def send(person, link, upload):
    return person.client.post(page_of(link), {"file": upload, "idempotency_key": uuid4().hex})


def text(answer):
    return answer.content.decode()


class TestJourney:
    def test_refused_with_reasons_then_accepted_over_the_pages(self, platform_at):
        platform_at(AT)
        child, parent, link = a_family()
        assert page_of(link) in text(parent.client.get("/privacy/minors/"))
        assert send(parent, link, a_jpeg_upload("户口簿.jpg")).status_code == 303
        relay.drain_all()
        officer = a_staff(Role.PRIVACY_OFFICER)
        self.decides(officer, link, "refuse", reason="看不清名字")
        assert "看不清名字" in text(parent.client.get(page_of(link)))
        assert send(parent, link, a_jpeg_upload("户口簿2.jpg")).status_code == 303
        assert "看不清名字" not in text(parent.client.get(page_of(link)))
        relay.drain_all()
        self.decides(officer, link, "accept")
        assert "已接受" in text(parent.client.get(page_of(link)))
        assert "由身份已核对的监护人说明" in text(child.client.get("/privacy/minors/"))
        told = Letter.objects.filter(subject_id=parent.subject_id, kind__startswith="privacy.proof_")
        assert sorted(told.values_list("kind", flat=True)) == [
            "privacy.proof_accepted",
            "privacy.proof_refused",
        ]

    def decides(self, officer, link, decision, **told):
        desk = reverse("admin:privacy_guardianlink_decide", args=[link.pk])
        assert officer.client.post(desk, {"decision": decision, **told}).status_code == 302
        relay.drain_all()

    def test_the_officer_opens_it_for_a_purpose_that_the_guardian_reads(self, platform_at):
        platform_at(AT)
        _, parent, link = a_family()
        a_proof(parent, link)
        officer = a_staff(Role.PRIVACY_OFFICER)
        paper = reverse("admin:privacy_guardianlink_paper", args=[link.pk])
        assert officer.client.get(paper).status_code == 302
        assert not AccessRecord.objects.filter(subject_id=parent.subject_id).exists()
        shown = officer.client.get(f"{paper}?purpose=privacy.guardian_proof")
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
        seen = AccessRecord.objects.filter(subject_id=parent.subject_id, purpose="privacy.guardian_proof")
        assert "privacy.StoredFile.shown_path" in seen.get().fields
        assert "核对你是不是孩子的监护人" in text(parent.client.get("/privacy/looked/"))

    @pytest.mark.parametrize(
        ("language", "word"), [("zh-hant", "你是監護人的證明"), ("en", "That you are the guardian")]
    )
    def test_in_other_languages(self, language, word):
        _, parent, link = a_family()
        assert word in text(parent.client.get(page_of(link), headers={"accept-language": language}))

    def test_closed_to_everybody_else(self):
        child, _, link = a_family()
        for other in (child, a_buyer()):
            assert other.client.get(page_of(link)).status_code == 404
            assert send(other, link, a_jpeg_upload()).status_code == 404
        assert not StoredFile.objects.exists()


class TestHandingIn:
    @pytest.mark.parametrize(
        "upload",
        [
            None,
            SimpleUploadedFile("leer.jpg", b""),
            SimpleUploadedFile("户口簿.jpg", b"MZ not a picture at all"),
            SimpleUploadedFile("户口簿.mp4", b"\x00\x00\x00\x20ftypisom" + b"\0" * 24),
            SimpleUploadedFile("户口簿.pdf", b"\xff\xd8\xff a picture's first bytes"),
        ],
    )
    def test_what_is_no_paper_is_refused_and_nothing_kept(self, upload):
        _, parent, link = a_family()
        told = {"file": upload} if upload else {}
        answer = parent.client.post(page_of(link), {**told, "idempotency_key": uuid4().hex})
        assert answer.status_code == 422
        link.refresh_from_db()
        assert (link.proof_state, StoredFile.objects.count()) == ("missing", 0)

    def test_one_waits_at_a_time(self):
        _, parent, link = a_family()
        a_proof(parent, link)
        answer = send(parent, link, a_jpeg_upload("zweite.jpg"))
        assert answer.status_code == 409
        assert StoredFile.objects.count() == 1

    def test_one_that_the_scan_locked_away_can_be_replaced_and_is_not_accepted(self):
        _, parent, link = a_family()
        bad = SimpleUploadedFile("a.pdf", b"%PDF-1.7 /JavaScript (app.alert(1))")
        guardian_proofs.hand_in(link_id=link.pk, upload=bad, actor=parent.actor, at=AT)
        examining.examine(file_id=StoredFile.objects.get().pk, at=AT)
        with pytest.raises(guardian_proofs.ProofNotExamined):
            guardian_proofs.accept(link_id=link.pk, actor=OFFICER, at=AT)
        assert "扫描时文件被锁住" in text(parent.client.get(page_of(link)))
        assert send(parent, link, a_jpeg_upload("b.jpg")).status_code == 303

    def test_accepted_is_accepted(self):
        _, parent, link = a_family()
        a_proof(parent, link)
        guardian_proofs.accept(link_id=link.pk, actor=OFFICER, at=AT)
        with pytest.raises(IllegalMove):
            guardian_proofs.hand_in(link_id=link.pk, upload=a_jpeg_upload(), actor=parent.actor, at=AT)

    def test_a_proxy_of_the_guardian_hands_nothing_in(self):
        _, parent, link = a_family()
        proxy = Actor.proxy(parent.subject_id, by=uuid4(), mandate_id=uuid4())
        with pytest.raises(NotFound):
            guardian_proofs.hand_in(link_id=link.pk, upload=a_jpeg_upload(), actor=proxy, at=AT)


class TestDeciding:
    def test_a_refusal_says_why(self):
        _, parent, link = a_family()
        a_proof(parent, link)
        with pytest.raises(guardian_proofs.ProofRefusalUnexplained):
            guardian_proofs.refuse(link_id=link.pk, reason="  ", actor=OFFICER, at=AT)
        assert GuardianLink.objects.get(pk=link.pk).proof_state == "handed_in"

    @pytest.mark.parametrize("who", ["guardian", "child"])
    def test_nobody_decides_about_their_own_family(self, who):
        child, parent, link = a_family()
        a_proof(parent, link)
        own = Actor.staff((parent if who == "guardian" else child).subject_id)
        with pytest.raises(guardian_proofs.OwnProof):
            guardian_proofs.accept(link_id=link.pk, actor=own, at=AT)
        assert GuardianLink.objects.get(pk=link.pk).proof_state == "handed_in"

    def test_a_link_that_is_over_has_nothing_to_decide(self):
        _, parent, link = a_family()
        a_proof(parent, link)
        guardians.end(link_id=link.pk, actor=parent.actor, at=AT)
        with pytest.raises(NotFound):
            guardian_proofs.accept(link_id=link.pk, actor=OFFICER, at=AT)
        assert booking.find(kind="privacy.guardian_proof", reference=link.pk) is None

    def test_three_working_days_then_it_is_first_in_the_queue(self, platform_at):
        _, parent, link = a_family()
        a_proof(parent, link)
        clock = booking.find(kind="privacy.guardian_proof", reference=link.pk)
        assert (clock.due_at, clock.owner) == (DUE, "platform")
        platform_at(DUE)
        sweep.sweep_all()
        relay.drain_all()
        assert GuardianLink.objects.get(pk=link.pk).proof_overdue_at == DUE
        guardian_proofs.accept(link_id=link.pk, actor=OFFICER, at=DUE)
        assert not Deadline.objects.filter(reference=link.pk, state="open").exists()

    @pytest.mark.parametrize(
        ("who", "source"), [("child", "declared"), ("guardian", "guardian"), ("staff", "staff")]
    )
    def test_whose_word_the_age_rests_on(self, who, source):
        child, parent, _ = a_family()
        actor = {"child": child.actor, "guardian": parent.actor, "staff": OFFICER}[who]
        if who == "child":
            MinorProfile.objects.update(asked_anew_at=AT)
        minors.declare(subject_id=child.subject_id, band=AgeBand.FROM_14_TO_17, actor=actor, at=AT)
        assert MinorProfile.objects.get().source == source

    def test_a_grown_up_child_ends_the_clock(self):
        child, parent, link = a_family()
        a_proof(parent, link)
        minors.declare(subject_id=child.subject_id, band=minors.ADULT, actor=parent.actor, at=AT)
        assert booking.find(kind="privacy.guardian_proof", reference=link.pk) is None


class TestSweep:
    def test_thirty_days_after_the_decision_the_file_goes_and_the_decision_stays(self):
        _, parent, link = a_family()
        a_proof(parent, link)
        guardian_proofs.accept(link_id=link.pk, actor=OFFICER, at=AT)
        assert guardian_proofs.sweep(at=AT + timedelta(days=29, hours=23), limit=10) == 0
        assert guardian_proofs.sweep(at=AT + timedelta(days=30), limit=10) == 1
        link.refresh_from_db()
        assert (link.proof_id, link.proof_state, StoredFile.objects.count()) == (None, "accepted", 0)

    def test_what_waits_stays_and_what_was_replaced_or_is_over_goes(self):
        _, parent, link = a_family()
        a_proof(parent, link)
        guardian_proofs.refuse(link_id=link.pk, reason="不清楚", actor=OFFICER, at=AT)
        second = a_proof(parent, GuardianLink.objects.get(pk=link.pk))
        assert guardian_proofs.sweep(at=AT, limit=10) == 1
        assert StoredFile.objects.get().pk == second.proof_id
        guardians.end(link_id=link.pk, actor=parent.actor, at=AT)
        assert guardian_proofs.sweep(at=AT, limit=10) == 1


class TestByForce:
    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ("proof_state = 'maybe'", "privacy_a_proof_is_whole|privacy_proof_state_is_known"),
            ("proof_state = 'accepted'", "privacy_a_proof_is_whole"),
            ("proof_handed_in_at = NULL", "privacy_a_proof_is_whole"),
            ("proof_id = NULL", "privacy_a_proof_is_whole"),
            ("proof_decided_by = 'staff:x'", "privacy_a_proof_is_whole"),
            (
                "proof_state = 'refused', proof_decided_at = now(), proof_decided_by = 'staff:x'",
                "privacy_a_refused_proof_says_why",
            ),
            (
                "proof_state = 'accepted', proof_decided_at = '2020-01-01', proof_decided_by = 'staff:x'",
                "privacy_a_proof_is_decided_afterwards",
            ),
            (
                f"{ACCEPTED} || guardian_id",
                "privacy_nobody_accepts_their_own_proof",
            ),
            (
                f"{ACCEPTED} || minor_id",
                "privacy_nobody_accepts_their_own_proof",
            ),
            ("proof_refusal = 'plain'", "sealed"),
        ],
    )
    def test_the_database_refuses(self, changes, rule):
        _, parent, link = a_family()
        a_proof(parent, link)
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE privacy_guardianlink SET {changes} WHERE id = %s", [link.pk])

    def test_somebody_else_s_file_proves_nothing(self):
        _, _, link = a_family()
        _, other, theirs = a_family()
        foreign = a_proof(other, theirs).proof_id
        with pytest.raises(IntegrityError, match="the_guardian_s_own"), transaction.atomic():
            GuardianLink.objects.filter(pk=link.pk).update(
                proof_id=foreign, proof_state="handed_in", proof_handed_in_at=AT
            )

    def test_an_invitation_proves_nothing(self):
        child, _, _ = a_family()
        asked, _ = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=AT)
        with pytest.raises(IntegrityError, match="only_a_guardian_proves_it"), transaction.atomic():
            GuardianLink.objects.filter(pk=asked.pk).update(
                proof_state="accepted",
                proof_handed_in_at=AT,
                proof_decided_at=AT,
                proof_decided_by="staff:x",
            )

    def test_an_unknown_source(self):
        a_family()
        with pytest.raises(IntegrityError, match="privacy_age_source_is_known"), transaction.atomic():
            MinorProfile.objects.update(source="hearsay")
