"""Who asks, and what each list of addresses.toml means for them."""

import tomllib
from pathlib import Path

from accounts.staff import Role
from merchants.capabilities import Capability
from tests.builders.people import a_guest, a_member, a_staff, a_visitor

TABLE = tomllib.loads((Path(__file__).parent / "addresses.toml").read_text(encoding="utf-8"))
POLICY = {name: policy for policy, names in TABLE.items() for name in names}

MEMBERS = {"shop's owner", "reads", "orders", "listings"}
ACCOUNTS = {"owner", "other owner", "other shop's", "staff", *MEMBERS}
ALL = {"anonymous", "guest", *ACCOUNTS}
LET_IN = {
    "public": ALL,
    "each_their_own": ALL,
    "signed_in": ACCOUNTS,
    "known": ALL - {"anonymous"},
    "own": {"owner"},
    "portal_read": MEMBERS,
    "portal_orders": {"shop's owner", "orders"},
    "portal_owner": {"shop's owner"},
    "portal_listings": {"shop's owner", "listings"},
    "signed": set(),
    "of_few": set(),
    "sandbox": ALL,
    "staff": set(),
    # Where a session begins: who works here, with a session or not.
    "staff_door": {"staff"},
}


def policy_of(name):
    if name == "staff:start":
        return "staff_door"
    return "staff" if name.startswith(("admin:", "staff:")) else POLICY[name]


def everybody(ours, theirs):
    found = {
        "anonymous": a_visitor(),
        "guest": a_guest(),
        "owner": ours.buyer,
        "other owner": theirs.buyer,
        "shop's owner": ours.owner,
        "reads": a_member(ours.merchant, [Capability.READ]),
        "orders": a_member(ours.merchant, [Capability.ORDERS]),
        "listings": a_member(ours.merchant, [Capability.LISTINGS]),
        "other shop's": theirs.owner,
        "staff": a_staff(Role.REVIEWER, working=False),
    }
    assert set(found) == ALL
    for person in found.values():
        person.client.raise_request_exception = False
    return found
