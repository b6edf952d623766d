"""What stands beside the orders at the end of the demonstration: something to see on every desk."""

from datetime import UTC, datetime, timedelta

from catalog.models import (
    FreightTemplate,
    Listing,
    ListingReport,
    Placement,
    SerialCode,
    ShopPromise,
    StockAlert,
    WishLine,
)
from deadlines.models import Deadline, State
from demo import counting
from demo.planning import loose_ends
from merchants import brand_chains
from merchants.models import BrandClaim, Inspection, Merchant
from notifications import disruptions
from orders.models import (
    Address,
    Campaign,
    CampaignEntry,
    Coupon,
    InvoicePaper,
    MessageReport,
    Order,
    Promotion,
)
from payments import book_checks
from payments.models import Difference, Dispute, PointsLot, Tender
from privacy.models import FileState, GuardianLink
from tests.builders.market import a_market

# Just before the midnight of a leap day: the demonstration ends as well there as anywhere.
NOW = datetime(2028, 2, 29, 15, 59, 30, tzinfo=UTC)


def states(model, field="state"):
    return sorted(model.objects.values_list(field, flat=True))


def test_every_desk_and_every_page_has_something_to_show(db):
    played = a_market(now=NOW)
    assert (played.refused, counting.troubles()) == ({}, [])

    books = book_checks.standing()
    assert (books.checked_at, books.broken) == (played.script.ends, 0)
    assert "applied" in states(CampaignEntry) and len(states(Campaign, "kind")) == 3
    assert sorted(states(Promotion, "kind")) == ["coupon", "coupon", "gift", "threshold"]
    assert Coupon.objects.count() == 2
    assert states(FreightTemplate, "by") == ["piece", "piece", "piece", "weight"]
    assert Order.objects.exclude(destination="").exists()
    assert states(Placement) == ["booked"]
    assert states(StockAlert) == ["told", "waiting", "waiting"]
    assert WishLine.objects.count() == 5
    assert states(ListingReport) == ["no_breach", "received", "received", "taken_down"]
    assert ListingReport.objects.filter(overdue_at__isnull=False).count() == 1
    assert {row.stands for row in ShopPromise.objects.all()} == {True, False}
    assert set(states(Inspection)) >= {"planned", "open", "answered", "clean", "rectified"}
    shown = GuardianLink.objects.get()
    assert (shown.proof_state, shown.proof.state) == ("handed_in", FileState.CLEAN)
    assert Deadline.objects.filter(kind="privacy.guardian_proof", state=State.OPEN).count() == 1
    assert [each.stage for each in disruptions.history()] == ["watching", "resolved"]

    today = brand_chains.today(played.script.ends)
    chains = [brand_chains.chain(each, day=today) for each in BrandClaim.objects.all()]
    assert sorted((each.complete, each.whole) for each in chains) == [(True, False), (True, True)]
    assert SerialCode.objects.count() == 5 and SerialCode.objects.exclude(line=None).count() == 1
    assert (states(Dispute), states(Difference)) == (["opened"], ["open"])
    assert Address.objects.count() == 2

    assert states(InvoicePaper).count("due") == 2
    assert InvoicePaper.objects.filter(state="due", late_at__isnull=False).count() == 1
    assert list(MessageReport.objects.values_list("cause", "decided_at")) == [("off_platform", None)]
    spent = Tender.objects.get()
    assert spent.account.startswith("points:") and 0 < spent.amount_minor <= loose_ends.SPENT
    old = PointsLot.objects.get(expires_at__lt=played.script.ends + timedelta(days=62))
    assert 0 < old.amount_minor <= loose_ends.OLD_POINTS and old.ended_at is None

    person = Merchant.objects.get(kind="private")
    assert (person.state, person.declaration) == ("trading", "used")
    assert sorted(Listing.objects.filter(merchant=person).values_list("state", flat=True)) == ["live", "live"]
    assert Order.objects.get(merchant=person).seller_kind == "private"
