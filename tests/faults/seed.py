"""The start of the fault test, through use cases: one shop, goods, clocks that run out while things break."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from embedded import preparation
from embedded.places import ROOT, Places
from embedded.servers import Servers

PASSWORD = "correct horse 47 battery"
EMAIL = "keeper@example.com"
LISTINGS, STOCK = 6, 400
UNPAID, UNSENT = 40, 6
FIRST, GAP = timedelta(seconds=20), timedelta(seconds=1)


def plant() -> None:
    """Runs inside Django, on the prepared and still unserved database."""
    from accounts.signing_in import create_account
    from kernel import clock
    from tests.builders.orders import an_order
    from tests.builders.shops import a_listing, a_merchant

    now = clock.now()
    opened = now - timedelta(days=40)
    keeper = create_account(email=EMAIL, display_name="店主", password=PASSWORD, locale="zh-hans", at=opened)
    merchant = a_merchant(applicant_id=keeper.subject_id, at=opened)
    listings = [a_listing(merchant=merchant, stock=STOCK, at=opened) for _ in range(LISTINGS)]
    for number in range(UNSENT):
        # Paid five minutes after it was ordered, to be sent within 48 hours of that: due soon.
        due = now + timedelta(minutes=1, seconds=10 * number)
        an_order(listing=listings[number], at=due - timedelta(hours=48, minutes=5))
    facts: dict[str, Any] = {"slug": merchant.slug, "listings": [str(one.pk) for one in listings]}
    (Path(os.environ["ANXIN_DATA"]) / "seed.json").write_text(json.dumps(facts))


def wind_clocks() -> None:
    """While the site runs: orders that nobody will pay, whose half hour is over one after the other."""
    from catalog.models import Listing
    from kernel import clock
    from tests.builders.orders import an_order

    began = clock.now()
    for number, listing in zip(range(UNPAID), cycle(Listing.objects.live()), strict=False):
        due = max(began + FIRST + GAP * number, clock.now() + timedelta(seconds=1))
        an_order(paid=False, listing=listing, at=due - timedelta(minutes=30))


def main(data: Path) -> int:
    """Start the servers, prepare, plant and leave them to the launcher that comes next."""
    places = Places(data=data, venv=Path(sys.prefix))
    places.make()
    servers = Servers(places)
    servers.open()
    try:
        preparation.prepare(servers, demo=False)
        statement = "from tests.faults import seed; seed.plant()"
        command = preparation.site_command(places, "shell", "--no-imports", "-v", "0", "-c", statement)
        return subprocess.run(command, cwd=ROOT, env=servers.environment(), check=False).returncode
    finally:
        servers.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
