"""A person's words are typed into a real site and then looked for in everything it writes: none is found."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from embedded import processes
from embedded.binaries import Account, postgres_bin
from embedded.places import ROOT
from tests.faults.browser import Browser
from tests.faults.canaries import PERSON, Net, files_below, shapes
from tests.faults.canary_life import Life, words
from tests.faults.seed import EMAIL, PASSWORD
from tests.faults.stack import Stack
from tests.ground.conftest import eventually

pytestmark = pytest.mark.launcher


@pytest.fixture
def stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="anxin-canaries-") as folder:
        Path(folder).chmod(0o711)
        own = Stack(Path(folder) / "data")
        try:
            yield own
        finally:
            own.dev("stop")


def owner(stack: Stack) -> dict[str, str]:
    _who, facts = processes.read_record(stack.data / "run" / "postgres.json")
    password = (stack.data / "secrets" / "owner").read_text().strip()
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(facts["port"]),
        "PGUSER": "anxin_owner",
        "PGPASSWORD": password,
    }


def command(stack: Stack, *statements: str) -> None:
    who = owner(stack)
    link = psycopg2.connect(
        host=who["PGHOST"], port=who["PGPORT"], user=who["PGUSER"], password=who["PGPASSWORD"], dbname="anxin"
    )
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        link.close()


def dumped(stack: Stack) -> bytes:
    program = postgres_bin(Path(ROOT / ".venv"), Account.current()) / "pg_dump"
    done = subprocess.run(
        [str(program), "--no-owner", "anxin"], env=owner(stack), capture_output=True, timeout=120, check=True
    )
    return done.stdout


def the_shop(stack: Stack, slug: str, order: str) -> Browser:
    """The keeper sends the order and reads it, as its pages let them."""
    keeper = Browser(stack.address)
    keeper.get("/accounts/login/")
    keeper.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    path = f"/merchant/{slug}/orders/{order}/"
    # The notice of the payment comes by itself; until then no shop sees the order.
    assert eventually(lambda: PERSON["recipient"] in keeper.get(path).text)
    told = {"tracking_number": "SF884100000001", "idempotency_key": "k" * 20}
    assert eventually(lambda: keeper.post(f"{path}shipment/", told).status == 303)
    keeper.get("/sandbox/carrier/SF884100000001/")
    keeper.post("/sandbox/carrier/SF884100000001/", {"kind": "delivered"})
    return keeper


def fails(stack: Stack, life: Life) -> None:
    """Two tables are gone for a moment: the site answers 500 to forms full of the person's words."""
    life.browser.get("/cart/")
    command(
        stack,
        "ALTER TABLE orders_cartline RENAME TO orders_cartline_away",
        "ALTER TABLE web_idempotencykey RENAME TO web_idempotencykey_away",
    )
    try:
        life.breaks()
    finally:
        command(
            stack,
            "ALTER TABLE orders_cartline_away RENAME TO orders_cartline",
            "ALTER TABLE web_idempotencykey_away RENAME TO web_idempotencykey",
        )


def live(stack: Stack) -> Life:
    """Everything that a person does, and a shop with them."""
    planted = stack.plant()
    stack.run()
    life = Life(stack.address, stack.data / "mail", planted)
    life.joins()
    life.fails_to_sign_in()
    life.searches()
    order = life.pays(life.buys(""))
    life.pays(life.buys("_ascii"))
    keeper = the_shop(stack, str(planted["slug"]), order)
    case = life.complains(order)
    answers(life, keeper, str(planted["slug"]), case)
    life.applies()
    for path in (f"/merchant/{planted['slug']}/orders/?tab=all&format=csv", "/search?q=SF8841"):
        life.seen.append((path, keeper.get(path).text.encode()))
    fails(stack, life)
    # What was planted falls due over some minutes.
    assert eventually(lambda: stack.waiting() == 0, seconds=600)
    return life


def answers(life: Life, keeper: Browser, slug: str, case: str) -> None:
    path = f"/merchant/{slug}/complaints/{case}/"
    page = keeper.get(path)
    assert PERSON["story"] in page.text, words(page.text)
    place = re.search(rf'action="({path}[a-z]+/)"', page.text)
    assert place, words(page.text)
    told = {"kind": "contest", "text": PERSON["answer"], "idempotency_key": "a" * 20}
    assert keeper.post(place.group(1), told).status in (200, 303)


def test_no_store_holds_a_word_of_theirs(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    life, net = live(stack), Net(PERSON)
    net.hold("pg_dump", [("dump", dumped(stack))])
    # Every server writes what it still holds before it leaves.
    stack.dev("stop")
    postgres = stack.data / "postgres"
    net.hold("WAL", files_below(postgres / "pg_wal"))
    net.hold("table files", files_below(postgres, but=[postgres / "pg_wal"]))
    net.hold("Valkey, every command since its start", files_below(stack.data / "valkey"))
    net.hold("logs and stdout of every process", files_below(stack.data / "log"))
    # A letter goes to its reader: the address in its head, and nothing else.
    net.hold(
        "letters", files_below(stack.data / "mail"), allowed=addressed(PERSON["email"], PERSON["stranger"])
    )
    net.hold("sealed files", files_below(stack.data / "files"))
    rest = [stack.data / name for name in ("postgres", "valkey", "log", "mail", "files")]
    net.hold("everything else in the data folder", files_below(stack.data, but=rest))
    net.hold("what others and failures were shown", life.seen)

    held, searched = sum(net.stores.values()), len(net.patterns)
    with capsys.disabled():
        print(
            f"\n{len(PERSON)} canaries in {searched} shapes ({len(shapes(PERSON['phone']))} encodings),"
            f" {len(net.stores)} stores, {held / 1e6:.0f} MB: {len(net.leaks)} leaks"
        )
    assert net.leaks == []
    assert min(net.stores.values()) > 100 and net.stores["WAL"] > 1_000_000


def addressed(*addresses: str) -> list[bytes]:
    return [f"To: {address}\n".encode() for address in addresses]


def test_the_net_would_catch_one_in_every_shape() -> None:
    """A store that holds one shape of one word is found by that shape."""
    for name, text in PERSON.items():
        for encoding, shape in shapes(text).items():
            net = Net({name: text})
            net.hold("x", [("x", b"\0before" + shape + b"after")])
            assert net.leaks, (name, encoding)
