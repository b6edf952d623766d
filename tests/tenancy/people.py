"""Who asks, and what each list of addresses.toml means for them."""

import tomllib
from datetime import timedelta
from pathlib import Path

from django.urls import reverse

from accounts import mandates
from accounts.mandate_scopes import Scope
from accounts.mandates import Terms
from accounts.staff import Role
from kernel import clock
from merchants.capabilities import Capability
from tests.builders.people import a_buyer, a_guest, a_member, a_staff, a_visitor
from tests.builders.two_shops import NOW

TABLE = tomllib.loads((Path(__file__).parent / "addresses.toml").read_text(encoding="utf-8"))
# Page → the scopes under which whoever acts for "owner" gets in; no other page opens what is the owner's.
UNDER_A_MANDATE = {name: set(each["scopes"]) for each in TABLE.pop("mandate") for name in each["pages"]}
POLICY = {name: policy for policy, names in TABLE.items() for name in names}

# People who act for "owner" just now: under each scope alone, and two whose mandate is over.
PROXIES = {f"proxy: {scope}" for scope in Scope}
FORMER = {"proxy: revoked", "proxy: expired"}
MEMBERS = {"shop's owner", "reads", "orders", "listings", "finance"}
ACCOUNTS = {"owner", "other owner", "other shop's", "staff", *MEMBERS, *PROXIES, *FORMER}
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
    "portal_finance": {"shop's owner", "finance"},
    "portal_listings": {"shop's owner", "listings"},
    "signed": set(),
    "before_signing_in": {"anonymous", "guest"},
    "after_a_step": set(),
    "to_accept": {"proxy: buy"},
    "to_act": {"proxy: orders"},
    "between_two": {"owner", "proxy: orders"},
    "sandbox": ALL,
    "staff": set(),
    # Where a session begins: who works here, with a session or not.
    "staff_door": {"staff"},
}


def policy_of(name):
    if name == "staff:start":
        return "staff_door"
    return "staff" if name.startswith(("admin:", "staff:")) else POLICY[name]


def let_in(name):
    """Who opens this page by some method."""
    found = LET_IN[policy_of(name)]
    if name not in UNDER_A_MANDATE:
        return found
    return found - PROXIES - FORMER | {f"proxy: {scope}" for scope in UNDER_A_MANDATE[name]}


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
        "finance": a_member(ours.merchant, [Capability.FINANCE]),
        "other shop's": theirs.owner,
        "staff": a_staff(Role.REVIEWER, working=False),
        **proxies(ours.buyer),
    }
    assert set(found) == ALL
    for person in found.values():
        person.client.raise_request_exception = False
    return found


def proxies(principal):
    """Each in a browser that acts for `principal`; two of the mandates end while it does."""
    found = {f"proxy: {scope}": _acting(principal, [scope]) for scope in Scope}
    found["proxy: revoked"] = _acting(principal, list(Scope))
    ended = mandates.of_person(found["proxy: revoked"].subject_id).get()
    mandates.revoke(mandate_id=ended.pk, actor=principal.actor, at=NOW)
    found["proxy: expired"] = _acting(principal, list(Scope), at=NOW - timedelta(days=2), days=1)
    return found


def _acting(principal, scopes, *, at=NOW - timedelta(hours=1), days=30):
    proxy = a_buyer("代办人")
    terms = Terms([str(scope) for scope in scopes], "family", at + timedelta(days=days))
    _mandate, code = mandates.grant(
        principal_id=principal.subject_id, terms=terms, actor=principal.actor, at=at
    )
    mandate = mandates.accept_code(code=code, actor=proxy.actor, at=at)
    with clock.frozen(at):
        assert proxy.client.post(reverse("mandates:act", args=[mandate.pk])).status_code == 303
    return proxy
