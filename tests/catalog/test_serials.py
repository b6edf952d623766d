"""Serial codes: unguessable, kept as digests, answered alike for all that we don't vouch for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog import brand_direct, serial_alarms, serial_batches, serial_checks, serial_codes, serial_handing
from catalog.models import SerialAlarm, SerialBatch, SerialCheck, SerialCode
from catalog.serial_handing import Handed
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import ALPHABET, new_id
from notifications.models import Letter
from tests.builders.brands import a_brand_claim
from tests.builders.orders import an_order, drain
from tests.builders.papers import a_scan
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.shops import a_complete_draft, a_listing, a_merchant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system()
OWN = ["QC7H-29XK-3MPA", "TT41-88ZV-WQ0R", "B5N2-C6DE-FG37"]


@pytest.fixture(autouse=True)
def _nobody_asked_yet():
    cache.clear()


def direct(shop=None, **changes):
    """An offer that is brand direct."""
    shop = shop or a_merchant()
    draft = a_complete_draft("home", title="茶则")
    # First the proof: what another shop proved is a doubt without one.
    a_brand_claim(shop, at=AT)
    return a_listing(merchant=shop, attributes={**draft["attributes"], "brand": "清川"}, **changes)


def made(listing, number=3):
    said = {"merchant_id": listing.merchant_id, "listing_id": listing.pk, "actor": SYSTEM, "at": AT}
    return serial_batches.generate(number=number, **said)[1]


def taken_in(listing, lines):
    return serial_batches.take_in(
        merchant_id=listing.merchant_id, listing_id=listing.pk, lines=lines, actor=SYSTEM, at=AT
    )


def asked(text, network="a", at=AT):
    return serial_checks.ask(text=text, network=network, at=at)


class TestACode:
    def test_has_75_random_bits_and_a_check_character_that_finds_any_one_wrong_sign(self):
        code = serial_codes.fresh()
        assert len(code) == 16
        assert serial_codes.is_ours(code)
        for place in range(16):
            for sign in ALPHABET:
                if sign != code[place]:
                    assert not serial_codes.is_ours(code[:place] + sign + code[place + 1 :])

    def test_is_the_same_however_it_was_typed(self):
        listing = direct()
        code = made(listing, 1)[0]
        shown = serial_codes.shown(code).lower()
        for text in (code, shown, f" {code[:8]} {code[8:]} ", code.replace("0", "O")):
            assert asked(text).code is not None, text

    def test_is_kept_only_as_a_keyed_digest(self):
        codes = made(direct(), 5)
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(c::text, '|') FROM catalog_serialcode c")
            text = cursor.fetchone()[0]
        assert not [code for code in codes if code in text]
        assert {bytes(row.digest) for row in SerialCode.objects.all()} == {
            serial_codes.digest(code) for code in codes
        }


class TestTakingIn:
    def test_needs_an_offer_that_is_brand_direct(self):
        listing = a_listing()
        with pytest.raises(serial_batches.NotBrandDirect):
            made(listing)
        with pytest.raises(NotFound):
            serial_batches.generate(
                merchant_id=a_merchant().pk, listing_id=direct().pk, number=1, actor=SYSTEM, at=AT
            )
        assert not SerialBatch.objects.exists()

    @pytest.mark.parametrize(
        ("lines", "error"),
        [
            (["SHORT"], serial_batches.CodesUnfit),
            ([*OWN, OWN[0]], serial_batches.CodesUnfit),
            (["X" * 65], serial_batches.CodesUnfit),
            ([f"QC2026{n:06d}" for n in range(40)], serial_batches.CodesCountUp),
            ([" ", ""], serial_batches.NumberOfCodes),
        ],
        ids=["short", "twice", "long", "counting", "empty"],
    )
    def test_takes_all_or_nothing(self, lines, error):
        listing = direct()
        with pytest.raises(error):
            taken_in(listing, lines)
        assert not SerialCode.objects.exists()

    def test_of_codes_that_another_shop_has_staff_hear_and_the_shop_does_not(self):
        first, second = direct(), direct()
        taken_in(first, OWN)
        assert taken_in(second, OWN).number == 3
        alarms = SerialAlarm.objects.values_list("kind", "merchant_id")
        assert set(alarms) == {("in_two_shops", first.merchant_id)}
        with pytest.raises(serial_batches.CodesThereAlready):
            taken_in(second, OWN)


class TestAsking:
    def test_says_first_then_how_often_and_since_when(self):
        code = made(direct(), 1)[0]
        first = asked(code)
        assert (first.before, first.since, first.still_direct) == (0, None, True)
        again = asked(code, at=AT + timedelta(days=2))
        assert (again.before, again.since) == (1, AT)

    def test_what_is_wrong_unknown_or_unfit_gets_one_answer_by_the_same_statements(self):
        code = made(direct(), 1)[0]
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        counts, answers = [], []
        for text in (wrong, serial_codes.fresh(), "!", "x" * 128, "无此码无此码无此码无此码"):
            with CaptureQueriesContext(connection) as taken:
                answers.append(asked(text))
            counts.append([each["sql"].split(" ", 2)[0] for each in taken])
        assert {(each.code, each.before, each.since) for each in answers} == {(None, 0, None)}
        assert all(each == counts[0] for each in counts)

    def test_of_a_shop_that_lost_its_proof_says_so(self):
        listing = direct()
        code = made(listing, 1)[0]
        later = datetime(2028, 7, 1, 2, 0, tzinfo=UTC)
        assert later.date() > date(2028, 6, 30)
        answer = asked(code, at=later)
        assert answer.code is not None
        assert not answer.still_direct

    def test_from_many_places_alarms_once_and_from_one_place_never(self):
        quiet, loud = made(direct(), 2)
        desk = a_staff("catalogue_desk")
        for n in range(12):
            asked(quiet, "home", AT + timedelta(hours=n))
        assert not SerialAlarm.objects.exists()
        for n in range(12):
            asked(loud, f"net-{n % 5}", AT + timedelta(minutes=n))
        assert [each.kind for each in SerialAlarm.objects.all()] == ["asked_often"]
        drain(at=AT)
        letters = Letter.objects.filter(kind="catalog.serial_alarm", subject_id=desk.subject_id)
        assert letters.count() == 1

    def test_keeps_no_network_and_no_code(self):
        code = made(direct(), 1)[0]
        asked(code, "203.0.113.7")
        check = SerialCheck.objects.get()
        assert len(check.place) == 16
        assert "203" not in check.place or check.place != "203.0.113.7"
        assert asked(code, "203.0.113.7", AT + timedelta(days=1))
        assert SerialCheck.objects.values("place").distinct().count() == 2


class TestThePage:
    def test_answers_in_the_open_by_post_only_and_without_the_code_in_its_address(self, at):
        at(AT)
        listing = direct()
        code = made(listing, 1)[0]
        client, path = Client(), reverse("catalog:serial")
        assert client.get(path, {"code": code}).status_code == 200
        assert not SerialCheck.objects.exists()
        known = client.post(path, {"code": serial_codes.shown(code)}).content.decode()
        assert "在你之前没有人查过" in known
        assert listing.merchant.display_name in known
        unknown = client.post(path, {"code": serial_codes.fresh()}).content.decode()
        assert "我们没有这个码" in unknown
        assert "在你之前没有人查过" not in unknown

    def test_can_be_tried_only_so_often(self, at):
        at(AT)
        client, path = Client(), reverse("catalog:serial")
        said = [client.post(path, {"code": serial_codes.fresh()}).status_code for _ in range(12)]
        assert said[0] == 200
        assert said[-1] == 429


class TestHandingOut:
    def test_ties_a_code_once_and_alarms_when_a_second_order_gets_it(self):
        listing = direct(stock=5)
        codes = made(listing, 2)
        lines = [new_id(), new_id()]
        said = {"merchant_id": listing.merchant_id, "listing_id": listing.pk, "pieces": 1, "at": AT}
        assert serial_handing.hand_out(line_id=lines[0], text=codes[0], **said) == Handed.OUT
        assert serial_handing.hand_out(line_id=lines[0], text=codes[0], **said) == Handed.OUT
        assert serial_handing.hand_out(line_id=lines[0], text=codes[1], **said) == Handed.FULL
        assert serial_handing.hand_out(line_id=lines[1], text=codes[0], **said) == Handed.ELSEWHERE
        assert serial_handing.hand_out(line_id=lines[1], text="NO-SUCH-CODE-1", **said) == Handed.UNKNOWN
        alarm = SerialAlarm.objects.get()
        assert (alarm.kind, alarm.line) == ("sold_twice", lines[1])
        assert [each.tail for each in serial_handing.of_lines(lines)[lines[0]]] == [codes[0][-4:]]

    def test_another_shop_s_code_is_absent(self):
        ours, theirs = direct(), direct()
        code = made(theirs, 1)[0]
        said = {"merchant_id": ours.merchant_id, "listing_id": ours.pk, "pieces": 1, "at": AT}
        assert serial_handing.hand_out(line_id=new_id(), text=code, **said) == Handed.UNKNOWN
        assert not SerialAlarm.objects.exists()

    def test_through_the_portal_the_buyer_reads_the_end_of_the_code(self, at):
        listing = direct(stock=5)
        code = made(listing, 1)[0]
        buyer = a_buyer()
        order = an_order(listing=listing, subject_id=buyer.subject_id)
        other = an_order(listing=listing, subject_id=buyer.subject_id)
        at(order.placed_at + timedelta(hours=1))
        owner = a_member(listing.merchant)
        path = reverse("orders:merchant-serials", args=[listing.merchant.slug, order.number])
        assert path in owner.client.get(path.removesuffix("serials/")).content.decode()
        given = {"line": order.lines.get().pk, "code": code}
        assert owner.client.post(path, given).status_code == 303
        again = reverse("orders:merchant-serials", args=[listing.merchant.slug, other.number])
        refused = owner.client.post(again, {"line": other.lines.get().pk, "code": code})
        assert refused.status_code == 422
        assert "随别的订单发出" in refused.content.decode()
        # The refusal leaves the alarm.
        assert [each.kind for each in SerialAlarm.objects.all()] == ["sold_twice"]
        page = buyer.client.get(reverse("orders:order", args=[order.number])).content.decode()
        assert code[-4:] in page
        assert code not in page


class TestThePortal:
    def test_gives_generated_codes_once_as_a_file_and_shows_figures(self, at):
        at(AT)
        listing = direct()
        owner = a_member(listing.merchant)
        path = reverse("catalog:serials", args=[listing.merchant.slug])
        both = owner.client.post(path, {"code": listing.code})
        assert both.status_code == 422
        file = owner.client.post(path, {"code": listing.code, "number": "4"})
        assert file["Content-Type"].startswith("text/csv")
        codes = [each for each in file.content.decode("utf-8-sig").split() if each.count("-") == 3]
        assert len(codes) == 4
        upload = a_scan("codes.txt")
        assert owner.client.post(path, {"code": "none", "number": "1", "file": upload}).status_code == 422
        asked(codes[0])
        asked(codes[0])
        batch = serial_batches.of_shop(listing.merchant_id)[0]
        assert (batch.number, batch.out, batch.asked, batch.checks, batch.alarmed) == (4, 0, 1, 2, 0)
        page = owner.client.get(path).content.decode()
        assert "1 个码，2 次" in page
        assert codes[0] not in page


class TestAnAlarm:
    def test_is_closed_once_by_staff_with_a_reason(self):
        taken_in(direct(), OWN)
        taken_in(direct(), OWN)
        alarm, actor = SerialAlarm.objects.first(), Actor.staff(new_id())
        with pytest.raises(serial_alarms.ReasonMissing):
            serial_alarms.close(alarm_id=alarm.pk, reason=" ", actor=actor, at=AT)
        serial_alarms.close(alarm_id=alarm.pk, reason="同一批货，两店都有授权", actor=actor, at=AT)
        with pytest.raises(NotFound):
            serial_alarms.close(alarm_id=alarm.pk, reason="再来", actor=actor, at=AT)

    def test_and_codes_and_checks_are_kept_by_the_database(self):
        listing = direct()
        code = made(listing, 1)[0]
        asked(code)
        row = SerialCode.objects.get()
        attacks = [
            "UPDATE catalog_serialcode SET digest = decode('00', 'hex')",
            "UPDATE catalog_serialcode SET line = gen_random_uuid()",
            "DELETE FROM catalog_serialcode",
            "UPDATE catalog_serialcheck SET place = 'x'",
            "DELETE FROM catalog_serialcheck",
            "UPDATE catalog_serialbatch SET number = 9",
        ]
        for attack in attacks:
            refused = pytest.raises((DatabaseError, IntegrityError))
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack)
        assert SerialCode.objects.get().digest == row.digest
        assert brand_direct.claim_of(listing) is None
