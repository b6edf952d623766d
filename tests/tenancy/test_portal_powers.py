"""Every page of a shop × members without the power for it × GET and POST: 403 or 404, and nothing changes.

The matrix (test_matrix.py) counts a form that comes back as a closed door; here the power is asked for first,
also on the pages that every member may read and only some may send something to.
"""

import pytest

from kernel import clock
from merchants.capabilities import Capability
from merchants.web.bound import SHOP
from tests.builders.people import a_member, a_visitor
from tests.builders.two_shops import NOW
from tests.tenancy import addresses, people
from tests.tenancy.test_matrix import MAY_BE_WRITTEN, asked, told, written

# Pages that every member reads: who may send something to them. A page that isn't here takes nothing.
SENDS = {
    "orders:merchant-promotions": {"listings"},
    "orders:merchant-campaign": {"listings"},
    "orders:merchant-points": {"orders"},
    "orders:merchant-appointments": {"orders"},
    "orders:merchant-promises": set(),
    "orders:merchant-invoice": {"orders"},
    "catalog:listing": {"listings"},
    "catalog:submission": {"listings"},
    "catalog:certificates": {"listings"},
    "catalog:serials": {"listings"},
    "catalog:placements": set(),
}
MEMBERS = ("shop's owner", "reads", "orders", "listings", "finance")
OUTSIDE = ("other shop's", "anonymous")
# Pages of programs answer to tokens alone (test_matrix.py); here are the pages that a member opens.
PAGES = sorted(
    name
    for route, name, _pattern in addresses.patterns()
    if route.startswith(SHOP) and people.POLICY.get(name, "").startswith("portal")
)
NAMES = addresses.names()


@pytest.fixture(scope="module")
def persons(world, django_db_blocker):
    ours, theirs, _both = world
    with django_db_blocker.unblock():
        found = {"shop's owner": ours.owner, "other shop's": theirs.owner, "anonymous": a_visitor()}
        for power in (Capability.READ, Capability.ORDERS, Capability.LISTINGS, Capability.FINANCE):
            found["reads" if power == Capability.READ else str(power)] = a_member(ours.merchant, [power])
    for person in found.values():
        person.client.raise_request_exception = False
    return found


@pytest.fixture(autouse=True)
def now():
    with clock.frozen(NOW):
        yield


def may(name, method):
    """Who of the shop may do it."""
    policy = people.POLICY[name]
    if policy == "portal_read":
        return set(MEMBERS) if method == "get" else {"shop's owner", *SENDS.get(name, ())}
    return people.LET_IN[policy]


@pytest.mark.parametrize("name", PAGES)
def test_without_the_power_nothing_opens_and_nothing_changes(shops, persons, name):
    url, takes = addresses.real(name, NAMES[name], shops[0]), {}
    for method in ("get", "post"):
        answer = asked(persons["shop's owner"], [method], url)[method]
        takes[method] = answer.status_code != 405
    if people.POLICY[name] == "portal_read":
        assert takes["post"] == (name in SENDS), "who may send something here stands in SENDS"
    for who in (*MEMBERS[1:], *OUTSIDE):
        for method in ("get", "post"):
            if who in may(name, method):
                continue
            before = written()
            answers = asked(persons[who], [method], url)
            grown = {table for table, count in written().items() if count > before.get(table, 0)}
            assert grown <= MAY_BE_WRITTEN, (who, method, grown)
            status, refusals = answers[method].status_code, (403, 404)
            if who == "anonymous":
                assert status in (302, 303, *refusals), told(answers)
            else:
                assert status in (refusals if takes[method] else (*refusals, 405)), (who, told(answers))


def test_every_page_of_a_shop_is_asked():
    assert len(PAGES) > 100
    assert set(SENDS) <= set(PAGES)
