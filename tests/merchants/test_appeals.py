"""A shop contests a decision: once, in time, with new facts, before somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.staff import Role
from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.ids import new_id
from merchants import appeals, standing
from merchants.models import Appeal, Merchant, MerchantMove
from merchants.moving import ReasonMissing
from merchants.parties import PartyMayNotAct
from notifications.models import Letter
from tests.builders.orders import drain
from tests.builders.people import a_member, a_staff
from tests.builders.shops import a_merchant
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db

DECIDED = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
FILED = DECIDED + timedelta(days=2)
# 30 days from a Tuesday: the tenth of December, whole.
ENDS = datetime(2026, 12, 10, 16, 0, tzinfo=UTC)


@pytest.fixture
def decider():
    return Actor.staff(new_id())


@pytest.fixture
def shop(decider):
    merchant = a_merchant()
    standing.suspend(
        merchant_id=merchant.pk, reason="没有许可", rule_id="cn.disclosure.ccc", actor=decider, at=DECIDED
    )
    return merchant


def the_move(merchant):
    return MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id").first()


def filed(merchant, *, at=FILED, text="许可证在这里，当时没有收到补正通知。", **more):
    return appeals.file(
        merchant_id=merchant.pk, about=more.pop("about", "standing"),
        reference=more.pop("reference", the_move(merchant).pk), text=text,
        actor=more.pop("actor", Actor.member(new_id(), merchant.pk)), at=at, **more,
    )  # fmt: skip


def ruled(appeal, *, upheld=True, actor=None, at=FILED + timedelta(hours=5), reasons="证件有效。"):
    actor = actor or Actor.staff(new_id())
    return appeals.decide(appeal_id=appeal.pk, upheld=upheld, reasons=reasons, actor=actor, at=at)


class TestFile:
    def test_starts_the_platform_s_clock_and_keeps_who_decided(self, shop, decider):
        appeal = filed(shop, uploads=[a_jpeg_upload()])
        assert (appeal.state, appeal.contested_at, appeal.deciders) == (
            "filed", DECIDED, [decider.subject_id]
        )  # fmt: skip
        assert appeal.files.get().file.purpose == "merchant.appeal"
        clock = Deadline.objects.get(kind="merchants.appeal", reference=appeal.pk)
        # Filed on a Thursday: two working days later ends Monday's midnight in Peking.
        assert clock.due_at == datetime(2026, 11, 16, 16, 0, tzinfo=UTC)
        assert (clock.rule_id, clock.owner) == ("policy.silence.staff_review", "platform")

    def test_until_the_last_instant_of_the_thirtieth_day(self, shop):
        assert filed(shop, at=ENDS - timedelta(microseconds=1)).state == "filed"

    def test_is_refused_from_then_on(self, shop):
        with pytest.raises(appeals.AppealTooLate) as refused:
            filed(shop, at=ENDS)
        assert str(refused.value) == "The time to appeal ended on 2026-12-10. The decision stands."
        assert not Appeal.objects.exists()

    @pytest.mark.parametrize("text", ["", " \n ", "\x00"])
    def test_is_refused_without_words(self, shop, text):
        with pytest.raises(appeals.AppealTextMissing):
            filed(shop, text=text)
        assert not Appeal.objects.exists()

    def test_is_refused_when_too_long_or_with_too_many_files(self, shop):
        with pytest.raises(appeals.AppealTooLong):
            filed(shop, text="长" * 4001)
        with pytest.raises(appeals.TooManyAppealFiles):
            filed(shop, uploads=[a_jpeg_upload() for _ in range(11)])
        assert not Appeal.objects.exists()

    def test_is_refused_a_second_time(self, shop):
        ruled(filed(shop), upheld=False)
        with pytest.raises(appeals.AppealedAlready):
            filed(shop, at=FILED + timedelta(days=3))
        assert Appeal.objects.count() == 1

    def test_finds_no_decision_of_another_shop_and_none_that_gave_something(self, shop):
        other = a_merchant()
        approval = MerchantMove.objects.get(merchant=shop, name="approve")
        for merchant, reference, about in (
            (other, the_move(shop).pk, "standing"),
            (shop, approval.pk, "standing"),
            (shop, new_id(), "standing"),
            (shop, the_move(shop).pk, "application"),
            (shop, the_move(shop).pk, "weather"),
        ):
            with pytest.raises(NotFound):
                filed(merchant, reference=reference, about=about)
        assert not Appeal.objects.exists()


class TestDecide:
    def test_upheld_gives_the_shop_back_what_it_had(self, shop):
        other = Actor.staff(new_id())
        appeal = ruled(filed(shop), actor=other)
        assert (appeal.state, appeal.decided_by) == ("upheld", other.subject_id)
        assert Deadline.objects.get(kind="merchants.appeal").state == "met"
        drain(at=FILED + timedelta(hours=6))
        assert Merchant.objects.get(pk=shop.pk).state == "trading"
        assert (the_move(shop).name, the_move(shop).reason) == ("restore", "证件有效。")

    def test_upheld_opens_a_closed_shop_again(self, shop, decider):
        standing.close(merchant_id=shop.pk, reason="弃店", rule_id="x", actor=decider, at=FILED)
        ruled(filed(shop, at=FILED + timedelta(hours=1)))
        drain(at=FILED + timedelta(hours=6))
        merchant = Merchant.objects.get(pk=shop.pk)
        assert (merchant.state, merchant.closed_at) == ("trading", None)

    def test_rejected_changes_nothing_else(self, shop):
        ruled(filed(shop), upheld=False, reasons="没有新事实。")
        drain(at=FILED + timedelta(hours=6))
        assert Merchant.objects.get(pk=shop.pk).state == "suspended"
        assert the_move(shop).name == "suspend"

    def test_upheld_after_a_newer_decision_leaves_that_one(self, shop, decider):
        appeal = filed(shop)
        standing.restore(merchant_id=shop.pk, reason="x", actor=decider, at=FILED)
        standing.restrict(merchant_id=shop.pk, reason="另一件事", rule_id="x", actor=decider, at=FILED)
        ruled(appeal)
        drain(at=FILED + timedelta(hours=6))
        assert Merchant.objects.get(pk=shop.pk).state == "restricted"

    def test_is_refused_to_whoever_decided(self, shop, decider):
        appeal = filed(shop)
        with pytest.raises(appeals.SameReviewer):
            ruled(appeal, actor=decider)
        assert Appeal.objects.get().state == "filed"

    def test_is_refused_to_a_member_of_the_shop_and_to_the_shop_itself(self, shop):
        appeal, person = filed(shop), a_member(shop)
        with pytest.raises(PartyMayNotAct):
            ruled(appeal, actor=Actor.staff(person.subject_id))
        for actor in (person.actor, Actor.system()):
            with pytest.raises(NotFound):
                ruled(appeal, actor=actor)
        assert Appeal.objects.get().state == "filed"

    def test_is_refused_twice_and_without_reasons(self, shop):
        appeal = filed(shop)
        with pytest.raises(ReasonMissing):
            ruled(appeal, reasons=" ")
        ruled(appeal)
        with pytest.raises(IllegalMove):
            ruled(appeal, upheld=False)
        assert Appeal.objects.get().state == "upheld"


class TestSilence:
    def test_goes_to_a_senior_and_tells_the_shop(self, shop, platform_at):
        owner = a_member(shop)
        appeal = filed(shop)
        drain(at=FILED)
        platform_at(datetime(2026, 11, 16, 16, 0, tzinfo=UTC))
        sweep()
        drain(at=datetime(2026, 11, 16, 16, 1, tzinfo=UTC))
        assert Appeal.objects.get(pk=appeal.pk).with_senior
        kinds = list(Letter.objects.filter(subject_id=owner.subject_id).values_list("kind", flat=True))
        assert sorted(kinds) == ["merchants.appeal_filed", "merchants.appeal_overdue"]


class TestTheDatabaseItselfRefuses:
    def attack(self, statement, *parameters):
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
        return str(refused.value)

    def test_a_ruling_by_whoever_decided(self, shop, decider):
        appeal = filed(shop)
        said = self.attack(
            "UPDATE merchants_appeal SET state = 'rejected', reasons = 'x', decided_by = %s,"
            " decided_at = now() WHERE id = %s", decider.subject_id, appeal.pk,
        )  # fmt: skip
        assert "another person rules" in said

    def test_a_second_ruling_other_words_and_removal(self, shop):
        appeal = ruled(filed(shop))
        for change in ("state = 'rejected'", "reasons = 'y'", "deciders = '{}'", "text = '\\x00'"):
            said = self.attack(f"UPDATE merchants_appeal SET {change} WHERE id = %s", appeal.pk)
            assert "append only" in said or "sealed" in said, change
        assert "append only" in self.attack("DELETE FROM merchants_appeal WHERE id = %s", appeal.pk)

    def test_a_ruling_without_reasons(self, shop):
        appeal = filed(shop)
        said = self.attack(
            "UPDATE merchants_appeal SET state = 'upheld', decided_by = %s, decided_at = now() WHERE id = %s",
            new_id(), appeal.pk,
        )  # fmt: skip
        assert "appeal_ruling_says_who_when_and_why" in said


class TestPages:
    @pytest.fixture(autouse=True)
    def _now(self, at):
        at(FILED)

    def test_the_owner_files_and_reads_the_ruling(self, shop):
        owner = a_member(shop)
        page = reverse("merchants:appeal", args=[shop.slug, "standing", the_move(shop).pk])
        said = owner.client.get(page).content.decode()
        assert "没有许可" in said
        assert 'name="text"' in said
        assert owner.client.post(page, {"text": " "}).status_code == 422
        assert owner.client.post(page, {"text": "新的许可证", "files": a_jpeg_upload()}).status_code == 303
        said = owner.client.get(page).content.decode()
        assert "新的许可证" in said
        assert 'name="text"' not in said
        ruled(Appeal.objects.get(), reasons="证件有效，撤销。")
        assert "证件有效，撤销。" in owner.client.get(page).content.decode()

    def test_staff_read_the_words_and_rule(self, shop):
        owner, staff = a_member(shop), a_staff(Role.MERCHANT_DESK)
        appeal = filed(shop, actor=owner.actor)
        page = f"/admin/merchants/appeal/{appeal.pk}/change/"
        assert "许可证在这里" in staff.client.get(page).content.decode()
        ruling = f"/admin/merchants/appeal/{appeal.pk}/ruling"
        staff.client.post(ruling, {"ruling": "maybe", "reasons": "x"})
        staff.client.post(ruling, {"ruling": "uphold", "reasons": ""})
        assert Appeal.objects.get().state == "filed"
        staff.client.post(ruling, {"ruling": "uphold", "reasons": "成立"})
        assert (Appeal.objects.get().state, Appeal.objects.get().reasons) == ("upheld", "成立")

    def test_an_overdue_one_is_the_senior_s(self, shop):
        appeal = filed(shop)
        Appeal.objects.filter(pk=appeal.pk).update(with_senior=True)
        ruling = f"/admin/merchants/appeal/{appeal.pk}/ruling"
        desk, senior = a_staff(Role.MERCHANT_DESK), a_staff(Role.SENIOR)
        assert desk.client.post(ruling, {"ruling": "uphold", "reasons": "x"}).status_code == 403
        assert Appeal.objects.get().state == "filed"
        senior.client.post(ruling, {"ruling": "reject", "reasons": "没有新事实"})
        assert Appeal.objects.get().state == "rejected"
