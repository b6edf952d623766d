"""What a seller works with and a buyer chooses by, in a real browser: narrow, wide, dark, for elders."""

import pytest
from django.core.cache import cache

from catalog.importing import working
from kernel import clock
from merchants.application_tasks import Task, tasks_for
from tests.browser.test_public_pages import barriers
from tests.builders.applications import an_open_application
from tests.builders.people import a_buyer, a_member
from tests.builders.photos import photo
from tests.builders.shops import a_listing, a_merchant
from tests.builders.submissions import a_refused_submission
from tests.builders.variants import a_listing_with_variants, variants_of
from tests.catalog.test_import_runs import a_csv, send, start

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [
    ("light", 1280, {}),
    ("light", 320, {}),
    ("dark", 390, {"theme": "dark"}),
    ("elder", 320, {"elder": True, "language": "en-GB"}),
]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def house(transactional_db):
    """A shop with variants, pictures, a refused offer and a file that was taken; somebody who applies."""
    cache.clear()
    merchant = a_merchant()
    seller, applicant = a_member(merchant), a_buyer("沈禾")
    chosen = a_listing_with_variants(merchant=merchant, stocks={"black_small": 0})
    return {
        "visitor": (None, shelf(merchant, chosen)),
        "seller": (seller, desk(merchant, seller, chosen)),
        "applicant": (applicant, application(applicant)),
    }


def shelf(merchant, chosen) -> list[str]:
    """The product with its choices, shelves with their filters, offers side by side."""
    other = a_listing(merchant=merchant, title="白瓷杯", price="29.00")
    large = variants_of(chosen)["white_large"].pk
    pair = f"/compare?l={chosen.pk}&l={other.pk}"
    product = [f"/p/{chosen.pk}/{rest}" for rest in ("", f"?v={large}", "revisions/1/", "proofs/")]
    shelves = ["/c/home/", "/c/home/?origin=浙江&cert=1&ships=home", "/search?q=急须&ships=direct"]
    return [*product, *shelves, pair, f"{pair}&diff=1", "/compare", "/shops/", "/sanctions/"]


def desk(merchant, seller, chosen) -> list[str]:
    """The editor in its states, pictures, files, papers and where the shop stands."""
    shop = f"/merchant/{merchant.slug}"
    assert seller.client.post(f"{shop}/pictures/add", {"files": [photo()]}).status_code < 400
    refused = a_refused_submission(merchant=merchant)
    read = send(
        seller, merchant, a_csv(["K-1", "竹茶盘", "39.00", "0", 5, "x"], ["K-2", "杯", "很贵", "0", 5, ""])
    )
    the_work()
    start(seller, merchant, read, do="try")
    the_work()
    edited = [f"{shop}/listings/{one}/" for one in (chosen.pk, refused.listing_id)]
    parts = [
        "new",
        "shortfalls/",
        "import",
        f"import/{read.pk}/",
        f"{chosen.pk}/preview",
        f"{chosen.pk}/versions/1/",
    ]
    rooms = ["pictures", "certificates", "standing", "identity", "documents", "members", "tokens", "closing"]
    return [
        *edited,
        f"{edited[1]}submissions/{refused.pk}/",
        *(f"{shop}/listings/{part}" for part in parts),
        *(f"{shop}/{room}/" for room in rooms),
    ]


def the_work() -> None:
    """Every slice of every file that waits."""
    while working.work(at=clock.now()):
        pass


def application(applicant) -> list[str]:
    """The list of tasks, two of them open, and each task."""
    begun = an_open_application(
        applicant_id=applicant.subject_id, at=clock.now(), without=(Task.PAYOUT, Task.TRAINING)
    )
    base = f"/merchant/apply/{begun.pk}/"
    tasks = [f"{base}{task.value}/" for task in tasks_for("company")]
    return ["/merchant/", "/merchant/apply", base, *tasks, "/merchant/training/seller/"]


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
            wide = page.evaluate(WIDE)
            wrong += [f"{path}: {wide} px too wide"] if wide > 0 else []
            # axe is slow: it sees the wide light and the narrow dark page.
            asked = name == "dark" or width > 1000
            wrong += [f"{path}: {one}" for one in barriers(page)] if asked else []
        wrong += page.said
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no-scripts"])
def test_the_bar_to_buy_with_is_not_covered_on_a_telephone(opened, house, js: bool):
    page = opened(width=390, js=js)
    page.goto(house["visitor"][1][0])
    assert not page.locator(".tabbar").is_visible()
    page.locator(".dock button:not(.btn--pri)").click()
    page.wait_for_url("**/cart/")
    assert page.locator(".tabbar").is_visible()
