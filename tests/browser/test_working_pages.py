"""Pages of buyers, sellers and staff with things on them: the same rules as for the public pages."""

from datetime import timedelta

import pytest

from accounts.staff import Role
from kernel import clock
from tests.browser.test_public_pages import barriers
from tests.builders.cases import a_complaint_to_decide, an_answered_complaint
from tests.builders.orders import a_return, an_order
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [
    ("light", 1280, {}),
    ("light", 320, {}),
    ("dark", 390, {"theme": "dark"}),
    ("elder", 390, {"elder": True}),
]
AT_HOME = ["/cart/", "/account/", "/inbox/", "/orders/", "/complaints/", "/rules/", "/rules/silence/"]


@pytest.fixture
def house(transactional_db):
    """One buyer with orders in every step, their shop, a case that waits for each seat."""
    buyer, merchant, now = a_buyer(), a_merchant(), clock.now()
    sizes = (240, 360, 480)
    things = [
        a_listing(merchant=merchant, title=f"月白釉手作横手急须 {size} ml", price="539.48") for size in sizes
    ]

    def bought(which: int, days: float, **state):
        """An order of so many days ago."""
        return an_order(
            listing=things[which], at=now - timedelta(days=days), subject_id=buyer.subject_id, **state
        )

    def received(which: int, days: float):
        return bought(which, days + 2, delivered_at=now - timedelta(days=days))

    paid, shipped, delivered = bought(0, 0.2), bought(1, 2, shipped=True), received(2, 1)
    back = a_return(received(0, 2), at=now - timedelta(days=1))
    case = an_answered_complaint(order=received(1, 3), at=now - timedelta(days=1))
    stuck = a_complaint_to_decide(order=received(2, 6), at=now - timedelta(days=3))
    orders = [f"/orders/{each.number}/" for each in (paid, shipped, delivered)]
    cases = [f"/complaints/{each.number}/" for each in (case, stuck)]
    rest = [
        f"/orders/{delivered.number}/return/",
        f"/returns/{back.number}/",
        f"/complaints/new/{shipped.number}/",
    ]
    shelf = ["/", "/c/home/", "/search?q=急须", f"/p/{things[0].pk}/", f"/shop/{merchant.slug}/", *AT_HOME]
    shop = f"/merchant/{merchant.slug}"
    office = [f"{shop}/{part}" for part in ("", "listings/", "orders/", "returns/", "complaints/")]
    desk = [f"listings/{things[0].pk}/", f"orders/{paid.number}/", f"complaints/{case.number}/"]
    admin = ["/admin/", "/admin/complaints/complaint/", f"/admin/complaints/complaint/{stuck.pk}/change/"]
    return {
        "buyer": (buyer, [*shelf, *orders, *rest, *cases]),
        "seller": (a_member(merchant), [*office, *(f"{shop}/{part}" for part in desk)]),
        "staff": (a_staff(Role.REVIEWER), admin),
    }


@pytest.mark.parametrize(
    ("name", "width", "mode"), LOOKS, ids=[f"{name}-{width}" for name, width, _ in LOOKS]
)
def test_no_barrier_no_sideways_scroll_no_violation(opened, house, name: str, width: int, mode: dict):
    wrong = []
    for who, (person, paths) in house.items():
        page = opened(width=width, person=person, **mode)
        for path in paths:
            # What is loaded late belongs to the page; going on earlier would cut its requests off.
            answer = page.goto(path, wait_until="networkidle")
            wrong += [] if answer.status == 200 else [f"{who} {path}: {answer.status}"]
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            wrong += [f"{path}: {wide} px too wide"] if wide > 0 else []
            # axe is slow: it sees the wide light and the narrow dark page; Django's own lists are Django's.
            asked = name == "dark" or width > 1000
            wrong += [f"{path}: {one}" for one in barriers(page)] if asked and who != "staff" else []
        wrong += page.said
    assert wrong == [], "\n".join(wrong)
