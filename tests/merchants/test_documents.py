"""Documents: sealed, checked, replaced, taken back and run out; what they allow follows them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import InternalError as DbInternalError

from accounts.staff import Role
from deadlines.models import Deadline, State
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from merchants import documents, membership, parties
from merchants.capabilities import Capability
from merchants.document_kinds import DocumentKind
from merchants.models import Document, DocumentMove
from merchants.moving import ReasonMissing
from notifications.models import Letter
from outbox import relay
from outbox.models import Message
from privacy.files import FileNotReady
from privacy.models import AccessRecord, StoredFile
from tests.builders.papers import DESK, a_document, a_paper
from tests.builders.people import a_buyer, a_staff
from tests.builders.shops import a_merchant
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
FOOD = DocumentKind.FOOD_BUSINESS


@pytest.fixture
def shop():
    return a_merchant()


def told(name):
    return [each.payload for each in Message.objects.filter(name=name).order_by("id")]


def hand_in(shop, **changes):
    kind = changes.pop("kind", FOOD)
    return documents.hand_in(merchant_id=shop.pk, paper=a_paper(kind, **changes), actor=Actor.system(), at=AT)


class TestHandIn:
    def test_it_waits_for_the_desk_within_two_working_days(self, shop):
        document = hand_in(shop)
        assert document.state == "handed_in"
        assert document.number == "JY11101010000001"
        clock = Deadline.objects.get(reference=document.pk)
        assert (clock.kind, clock.owner) == ("merchants.document_review", "platform")
        # Saturday; Monday and Tuesday are the two working days.
        assert clock.due_at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
        assert not documents.holds(shop.pk, FOOD, at=AT)

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"number": "JY1110101000000"}, documents.NumberUnfit),
            ({"number": "SC-"}, documents.NumberUnfit),
            ({"number": "  "}, documents.NumberUnfit),
            ({"valid_until": date(2026, 11, 20)}, documents.AlreadyOver),
            ({"valid_from": date(2029, 1, 1)}, documents.DatesCrossed),
            ({"kind": DocumentKind.BUSINESS_LICENCE, "number": "91110000MA0000001A"}, documents.NumberUnfit),
            ({"kind": DocumentKind.IDENTITY_CARD, "number": "110101199003070012"}, documents.NumberUnfit),
        ],
    )
    def test_what_cannot_be_true_is_refused_and_nothing_is_kept(self, shop, changes, refusal):
        with pytest.raises(refusal):
            hand_in(shop, **changes)
        assert [each.kind for each in Document.objects.all()] == ["business_licence"]
        assert StoredFile.objects.filter(subject_id=shop.subject_id).count() == 1

    def test_a_film_is_no_paper(self, shop):
        film = SimpleUploadedFile("a.mp4", b"\x00\x00\x00\x18ftypisom" + b"\x00" * 64)
        with pytest.raises(documents.NoPaper):
            hand_in(shop, file=film)
        assert not Document.objects.filter(kind=FOOD).exists()

    def test_another_shop_s_document_can_t_be_replaced(self, shop):
        foreign = a_document(merchant=a_merchant(), at=AT)
        with pytest.raises(NotFound):
            documents.hand_in(
                merchant_id=shop.pk, paper=a_paper(), replaces=foreign.pk, actor=Actor.system(), at=AT
            )
        foreign.refresh_from_db()
        assert foreign.state == "verified"

    def test_nobody_opens_it_before_it_was_examined(self, shop):
        document = hand_in(shop)
        with pytest.raises(FileNotReady):
            from merchants import access

            access.paper(document, "front", purpose="merchants.review", actor=DESK, at=AT)


class TestDecisions:
    def test_once_checked_it_is_held_until_its_last_day(self, shop):
        document = a_document(merchant=shop, at=AT, valid_until=date(2026, 12, 1))
        assert documents.holds(shop.pk, FOOD, at=AT)
        # The last local day ends at 16:00 UTC.
        assert documents.holds(shop.pk, FOOD, at=datetime(2026, 12, 1, 15, 59, tzinfo=UTC))
        assert not documents.holds(shop.pk, FOOD, at=datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
        said = {"merchant_id": str(shop.pk), "kind": "food_business"}
        assert told("merchants.DocumentVerified")[-1] == said
        assert [move.name for move in DocumentMove.objects.filter(document=document).order_by("id")] == [
            "hand_in",
            "verify",
        ]

    def test_a_refusal_needs_a_reason_that_the_owner_reads(self, shop):
        document = a_document(merchant=shop, at=AT, verified=False)
        with pytest.raises(ReasonMissing):
            documents.refuse(document_id=document.pk, reason=" ", actor=DESK, at=AT)
        documents.refuse(document_id=document.pk, reason="照片看不清号码。", actor=DESK, at=AT)
        document.refresh_from_db()
        assert (document.state, document.reason) == ("refused", "照片看不清号码。")
        assert Letter.objects.filter(kind="merchants.document_refused").count() == 1
        clock = Deadline.objects.get(kind="merchants.document_review", reference=document.pk)
        assert clock.state == State.MET
        with pytest.raises(IllegalMove):
            documents.verify(document_id=document.pk, actor=DESK, at=AT)

    def test_a_checked_one_that_was_wrong_stops_counting(self, shop):
        document = a_document(merchant=shop, at=AT)
        documents.refuse(document_id=document.pk, reason="号码是别人的。", actor=DESK, at=AT)
        assert not documents.holds(shop.pk, FOOD, at=AT)
        assert told("merchants.DocumentExpired") == [{"merchant_id": str(shop.pk), "kind": "food_business"}]
        assert not Deadline.objects.filter(reference=document.pk, state=State.OPEN).exists()

    def test_before_it_was_examined_nobody_can_check_it(self, shop):
        document = hand_in(shop)
        with pytest.raises(documents.NotExaminedYet):
            documents.verify(document_id=document.pk, actor=DESK, at=AT)
        document.refresh_from_db()
        assert document.state == "handed_in"

    def test_nobody_decides_about_a_shop_of_their_own(self, shop):
        staff = a_staff(Role.MERCHANT_DESK)
        membership.add_member(
            merchant_id=shop.pk,
            subject_id=staff.subject_id,
            capabilities=[Capability.READ],
            actor=Actor.system(),
            at=AT,
        )
        document = a_document(merchant=shop, at=AT, verified=False)
        with pytest.raises(parties.PartyMayNotAct):
            documents.verify(document_id=document.pk, actor=staff.actor, at=AT)
        assert not documents.holds(shop.pk, FOOD, at=AT)
        with pytest.raises(IntegrityError, match="no shop of their own"), transaction.atomic():
            DocumentMove.objects.create(
                merchant=shop, document=document, name="verify", from_state="handed_in", to_state="verified",
                actor=str(staff.actor), at=AT,
            )  # fmt: skip


class TestReplacing:
    def test_the_old_one_counts_until_the_new_one_is_checked(self, shop):
        kind = DocumentKind.BUSINESS_LICENCE
        old = a_document(merchant=shop, kind=kind, at=AT)
        new = a_document(merchant=shop, kind=kind, at=AT, verified=False)
        assert documents.holds(shop.pk, kind, at=AT)
        documents.verify(document_id=new.pk, actor=DESK, at=AT)
        old.refresh_from_db()
        assert old.state == "withdrawn"
        assert documents.holds(shop.pk, kind, at=AT)
        assert told("merchants.DocumentExpired") == []
        assert not Deadline.objects.filter(reference=old.pk, state=State.OPEN).exists()

    def test_of_brands_a_shop_holds_several(self, shop):
        for _ in range(2):
            a_document(merchant=shop, kind=DocumentKind.BRAND_AUTHORISATION, at=AT)
        held = Document.objects.filter(state="verified", kind=DocumentKind.BRAND_AUTHORISATION)
        assert held.count() == 2

    def test_losing_one_of_two_tells_nobody(self, shop):
        first, _second = (
            a_document(merchant=shop, kind=DocumentKind.BRAND_AUTHORISATION, at=AT) for _ in range(2)
        )
        documents.withdraw(document_id=first.pk, merchant_id=shop.pk, actor=Actor.system(), at=AT)
        assert told("merchants.DocumentExpired") == []

    def test_another_shop_can_t_take_it_back(self, shop):
        document = a_document(merchant=shop, at=AT)
        with pytest.raises(NotFound):
            documents.withdraw(
                document_id=document.pk, merchant_id=a_merchant().pk, actor=Actor.system(), at=AT
            )
        assert documents.holds(shop.pk, FOOD, at=AT)


class TestClocks:
    def test_warned_at_60_30_and_7_days_then_it_comes_down(self, shop, platform_at):
        owner = a_buyer()
        membership.add_member(
            merchant_id=shop.pk,
            subject_id=owner.subject_id,
            capabilities=[Capability.OWNER],
            actor=Actor.system(),
            at=AT,
        )
        platform_at(AT)
        document = a_document(merchant=shop, at=AT, valid_until=date(2027, 3, 31))
        ends = datetime(2027, 3, 31, 16, 0, tzinfo=UTC)
        letters = Letter.objects.filter(subject_id=owner.subject_id, reference=document.pk).order_by("id")
        for days, kind in ((60, "merchants.document_ending"), (30, "deadlines.document_expiry"),
                           (7, "deadlines.document_expiry")):  # fmt: skip
            before = letters.count()
            platform_at(ends - timedelta(days=days, seconds=1))
            _sweep()
            assert letters.count() == before, days
            platform_at(ends - timedelta(days=days))
            _sweep()
            assert letters.count() == before + 1, days
            assert letters.last().kind == kind
        platform_at(ends)
        assert not documents.holds(shop.pk, FOOD, at=ends)
        _sweep()
        document.refresh_from_db()
        assert document.state == "expired"
        assert told("merchants.DocumentExpired") == [{"merchant_id": str(shop.pk), "kind": "food_business"}]
        assert letters.last().kind == "merchants.document_expired"

    def test_silence_of_the_desk_leads_to_a_senior(self, shop, platform_at):
        senior = a_staff(Role.SENIOR)
        platform_at(AT)
        document = hand_in(shop)
        platform_at(datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
        _sweep()
        document.refresh_from_db()
        assert document.overdue_at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
        assert Letter.objects.filter(subject_id=senior.subject_id, kind="merchants.review_overdue").exists()


def _sweep():
    from deadlines import near

    near.tell()
    sweep()
    relay.drain_all()


class TestDatabaseRefuses:
    @pytest.mark.parametrize(
        ("sql", "rule"),
        [
            ("UPDATE merchants_document SET state = 'fine'", "document_state_is_known"),
            ("UPDATE merchants_document SET kind = 'poem'", "document_kind_is_known"),
            ("UPDATE merchants_document SET valid_from = '2099-01-01'", "document_ends_after_it_begins"),
            ("UPDATE merchants_document SET state = 'refused', reason = ''", "document_refused_says_why"),
            ("UPDATE merchants_document SET decided_at = NULL", "document_verified_was_decided"),
            (
                "UPDATE merchants_document SET merchant_id ="
                " (SELECT id FROM merchants_merchant m WHERE m.id <> merchant_id LIMIT 1)",
                "files of its own shop",
            ),
        ],
    )
    def test_what_cannot_be(self, shop, sql, rule):
        a_merchant()
        a_document(merchant=shop, at=AT)
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_one_business_licence_at_a_time(self, shop):
        kind = DocumentKind.BUSINESS_LICENCE
        a_document(merchant=shop, kind=kind, at=AT)
        new = a_document(merchant=shop, kind=kind, at=AT, verified=False)
        with pytest.raises(IntegrityError, match="document_held_once"), transaction.atomic():
            Document.objects.filter(pk=new.pk).update(state="verified", decided_at=AT)

    def test_history_stays(self, shop):
        a_document(merchant=shop, at=AT)
        for sql in ("UPDATE merchants_documentmove SET reason = 'x'", "DELETE FROM merchants_documentmove"):
            with pytest.raises((InternalError, DbInternalError)), transaction.atomic():
                connection.cursor().execute(sql)


def test_a_look_leaves_a_line_with_its_purpose(shop):
    from merchants import access

    document = a_document(merchant=shop, at=AT, file=a_jpeg_upload())
    staff = Actor.staff(a_buyer().subject_id)
    content, media_type = access.paper(document, "front", purpose="merchants.recheck", actor=staff, at=AT)
    assert media_type == "image/webp" and content[:4] == b"RIFF" and b"GPSCANARY" not in content
    line = AccessRecord.objects.get(subject_id=shop.subject_id, actor=str(staff))
    assert line.purpose == "merchants.recheck"
