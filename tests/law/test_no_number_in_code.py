"""No Python repeats a number of the law or of a policy: those stand in packs and policies only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    *("law", "merchants", "catalog", "payments", "orders", "complaints", "credit", "oversight"),
    *("platform/rulebook", "platform/deadlines", "platform/desk", "platform/notifications"),
    *("platform/privacy", "platform/accounts", "platform/evidence", "platform/config"),
)
SPANS = {"days", "weeks", "hours", "months", "years", "working_days"}
WORDS = (
    *("days", "hours", "months", "years", "window", "deadline", "notice", "multiple", "floor_minor"),
    *("retention", "cooling", "grace"),
)

# What looks like a period of law and is none, each with its reason.
ALLOWED = {
    "catalog/pricing.py: timedelta(days=30)": "how far back the price chart goes, not what the law asks",
    "complaints/offer_models.py: MOST_DAYS = 60": "the widest room of a column; the time itself is policy",
    "complaints/record.py: timedelta(days=365)": "how far back the shop page's record of complaints goes",
    "merchants/inspection_figures.py: timedelta(days=365)": "what the public figures call a year",
    "merchants/inspection_risk.py: timedelta(days=90)": "how far back a shop's risk is looked at",
    "merchants/inspection_risk.py: timedelta(days=30)": "what the plan calls a month",
    "orders/web/portal_appointments.py: DAYS = 7": "the days of a week on a page",
    "orders/promise_costs.py: timedelta(days=90)": "how far back a promise's cost is reckoned for the shop",
    "orders/promise_figures.py: DAYS = 90": "how far back kept promises are counted in public",
    "merchants/publication.py: timedelta(days=365)": "how far back the public figures look",
    "platform/deadlines/queues.py: timedelta(days=7)": "how far ahead the staff's queues look",
    "platform/deadlines/queues.py: timedelta(days=90)": "how far back the public figures count",
    "orders/money_watch.py: timedelta(days=30)": "how far back money is looked for every minute",
    "catalog/freight_models.py: express__days__lte=30": "the slowest that a shop may call express",
    "catalog/freight_writing.py: MOST_DAYS = 30": "the same, for its form",
    "payments/gateways/alipay_holds.py: timedelta(days=7)": "how long Alipay keeps a sum frozen at least",
    "payments/gateways/sandbox_holds.py: timedelta(days=7)": "how long the made-up bank reserves a sum",
    "payments/gateways/stripe_holds.py: timedelta(days=5)": "how long a card's reservation is sure to hold",
    "payments/sandbox/bank.py: timedelta(days=7)": "how long the made-up bank lets one answer",
    "oversight/figures.py: timedelta(days=365)": "what the public figures call a year",
    "platform/desk/own_time.py: timedelta(days=365)": "what the public figures call a year",
    "platform/desk/front.py: timedelta(days=30)": "what the front page calls a month of figures",
    "platform/desk/front.py: timedelta(days=365)": "what the front page calls a year of figures",
    "platform/desk/shop_today.py: timedelta(hours=24)": "what the shop's page calls today",
    "platform/desk/web/security.py: timedelta(days=180)": "how long security.txt counts as fresh (RFC 9116)",
    "platform/accounts/security_desk.py: timedelta(hours=24)": "what the security desk calls a day",
    "orders/web/name_search.py: timedelta(days=7)": "how far back the form proposes to search",
    "orders/api/shop_money.py: timedelta(days=366)": "how many days one answer of the account may span",
    "orders/invoices/finding.py: DAYS = 90": "how far back invoices are counted in public",
    "orders/messages/reading.py: DAYS = 90": "how far back answers are counted in public",
    "orders/messages/reporting.py: DAYS = 90": "how far back a writer's hidden messages count",
    "payments/paying_out/asking.py: timedelta(hours=20)": "how long a provider knows our key again for sure",
    "payments/web/shop_statement.py: timedelta(days=31)": "one step that leaves every month",
    "payments/gateways/signing.py: WINDOW_SECONDS = 300": "how old a signed notice of the provider may be",
    "platform/config/law_warnings.py: timedelta(weeks=4)": "how often officers are reminded",
    "platform/config/settings.py: timedelta(days=14)": "how long a sign-in lasts",
    "platform/config/settings.py: timedelta(days=365)": "how long a choice of language lasts",
}


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def number(node: ast.expr | None) -> int | None:
    """A whole number above one; zero and one are no periods of law."""
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value > 1:
        return node.value
    return None


def suspicious(name: str) -> bool:
    return any(word in name.lower().split("_") or name.lower().endswith(word) for word in WORDS)


def numbers_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and spelling of every number that is given as a span of time, a multiple or a floor."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    spans = [each for each in calls if isinstance(each.func, ast.Name) and each.func.id == "timedelta"]
    told = {id(keyword) for each in spans for keyword in each.keywords}
    for node in ast.walk(tree):
        if id(node) in told:
            continue
        match node:
            case ast.Call(func=ast.Name(id="Length"), args=[first, *_]) if number(first):
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Name(id="timedelta"), keywords=given):
                for each in given:
                    if each.arg in SPANS and number(each.value):
                        yield node.lineno, ast.unparse(node)
            case ast.keyword(arg=str(name), value=value) if suspicious(name) and number(value):
                yield value.lineno, f"{name}={ast.unparse(value)}"
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if suspicious(name) and number(value):
                yield node.lineno, f"{name} = {ast.unparse(value)}"
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if suspicious(name) and number(value):
                yield node.lineno, f"{name} = {ast.unparse(value)}"
            case ast.Compare(left=ast.Name(id=name) | ast.Attribute(attr=name), comparators=[right]) if (
                suspicious(name) and number(right)
            ):
                yield node.lineno, ast.unparse(node)


def found() -> dict[str, int]:
    """ "path: spelling" → line."""
    return {
        f"{path.relative_to(ROOT)}: {spelling}": line
        for path in sources()
        for line, spelling in numbers_in(path.read_text(encoding="utf-8"))
    }


def test_no_period_sum_or_multiple_of_the_law_stands_in_code():
    """A new hit belongs into law/packs or a policy; if it is neither, name it above with its reason."""
    assert {where: line for where, line in found().items() if where not in ALLOWED} == {}


def test_nothing_is_excused_that_is_gone():
    assert set(ALLOWED) <= set(found())


@pytest.mark.parametrize(
    "code",
    [
        "timedelta(days=7)", "Length(14, 'd')", "RETURN_DAYS = 7", "book(window_days=7)",
        "days_after: int = 15", "if window_days > 7: pass", "fraud_multiple = 3",
    ],
)  # fmt: skip
def test_it_would_notice(code):
    assert list(numbers_in(code))
