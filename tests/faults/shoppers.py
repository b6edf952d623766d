"""People who buy, pay, return and complain while the site is hurt, and write down what it acknowledged."""

import html
import json
import os
import random
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.faults.browser import Answer, Browser, Unanswered

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Journal:
    """Acknowledged facts, each on disk before the next step."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a")
        self.length = 0

    def note(self, what: str, **facts: Any) -> None:
        with self._lock:
            self._file.write(json.dumps({"what": what, **facts}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.length += 1


class Refused(Exception):
    """A step that should have worked was answered with something else."""


class Shopper(threading.Thread):
    """One purchase after the other, each as a new guest; the shop's own steps as its keeper."""

    def __init__(self, number: int, address: str, planted: dict[str, Any], journal: Journal) -> None:
        super().__init__(name=f"shopper-{number}", daemon=True)
        self.address, self.planted, self.journal = address, planted, journal
        self.chance = random.Random(number)
        self.keeper = Browser(address)
        self.stop = threading.Event()
        self.offences: list[str] = []

    def run(self) -> None:
        try:
            self._sign_in()
            while not self.stop.is_set():
                self._journey()
        except (Unanswered, Refused, AssertionError) as problem:
            self.offences.append(f"{self.name}: {problem}")

    def _sign_in(self) -> None:
        from tests.faults.seed import EMAIL, PASSWORD

        self.keeper.get("/accounts/login/")
        self._acknowledged(self.keeper.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD}))

    def _journey(self) -> None:
        browser = Browser(self.address)
        payment = self._buy(browser)
        if self.chance.random() < 0.15:
            return
        self._pay(browser, payment)
        number = self._order_of(browser, payment)
        if number is None or not self._deliver(number):
            return
        if self.chance.random() < 0.6:
            self._return(browser, number)
        else:
            self._complain(browser, number)

    def _buy(self, browser: Browser) -> str:
        listing = self.chance.choice(self.planted["listings"])
        assert browser.get(f"/p/{listing}/").status == 200
        wanted = {"listing": listing, "quantity": self.chance.randint(1, 3)}
        self._acknowledged(browser.post("/cart/lines/", wanted))
        page = browser.get("/checkout/")
        told: dict[str, object] = {
            "name": "林未", "phone": "138 0013 8000", "address": "上海市徐汇区漕溪北路 88 号 6 幢 1204 室",
            "note": "", "email": "lin@example.com",
            "seen_total": page.hidden("seen_total"), "idempotency_key": page.hidden("idempotency_key"),
        }  # fmt: skip
        times = 2 if self.chance.random() < 0.5 else 1
        with ThreadPoolExecutor(times) as hands:
            answers = list(hands.map(lambda _: browser.post("/checkout/", told), range(times)))
        places = {self._acknowledged(answer) for answer in answers}
        assert len(places) == 1, f"one form made {places}"
        payment = places.pop().rstrip("/").rpartition("/")[2]
        self.journal.note("order", payment=payment, sent=times)
        return payment

    def _pay(self, browser: Browser, payment: str) -> None:
        page = browser.get(f"/pay/{payment}/")
        told = {"provider": "sandbox", "idempotency_key": page.hidden("idempotency_key")}
        till = self._acknowledged(browser.post(f"/pay/{payment}/provider", told))
        browser.get(till)
        done = browser.post(till, {"choice": "pay"})
        assert done.status == 200, f"the till answered {done.status}"
        self.journal.note("charge", payment=payment)
        notice = dict(HIDDEN.findall(done.text))
        # A payer may close the window here, or the till's answer got lost: then the provider alone tells us.
        if "notice" in notice and self.chance.random() < 0.7:
            carried = {name: html.unescape(value) for name, value in notice.items()}
            self._acknowledged(browser.post(f"/pay/{payment}/return", carried))
            self.journal.note("payment", payment=payment)

    def _order_of(self, browser: Browser, payment: str) -> str | None:
        found = re.search(r"/orders/(A\w+)/", browser.get(f"/receipts/{payment}/").text)
        return found.group(1) if found else None

    def _deliver(self, number: str) -> bool:
        """Ship as soon as the order is paid; False when the end of the test comes first."""
        tracking = f"SF{self.chance.randrange(10**12):012d}"
        path = f"/merchant/{self.planted['slug']}/orders/{number}/"
        self.keeper.get(path)
        for _ in range(40):
            told = {"tracking_number": tracking, "idempotency_key": tracking.lower()}
            answer = self.keeper.post(f"{path}shipment/", told)
            if answer.status == 303:
                self.journal.note("shipment", order=number)
            if answer.status == 303 or tracking in self.keeper.get(path).text:
                break
            if self.stop.is_set():
                return False
            time.sleep(1.0)
        else:
            raise Refused(f"order {number} never became fit for sending ({answer.status})")
        return self._arrives(number, tracking)

    def _arrives(self, number: str, tracking: str) -> bool:
        self.keeper.get(f"/sandbox/carrier/{tracking}/")
        self._acknowledged(self.keeper.post(f"/sandbox/carrier/{tracking}/", {"kind": "delivered"}))
        self.journal.note("delivery", order=number)
        return True

    def _return(self, browser: Browser, number: str) -> None:
        page = browser.get(f"/orders/{number}/return/")
        line = re.search(r'name="(line_[0-9a-f]{32})"', page.text)
        assert line, f"no line to return on the page of {number} ({page.status})"
        told: dict[str, object] = {"kind": "no_reason", "note": "", line.group(1): 1}
        told["idempotency_key"] = browser.post(f"/orders/{number}/return/check/", told).hidden(
            "idempotency_key"
        )
        place = self._acknowledged(browser.post(f"/orders/{number}/returns/", told))
        self.journal.note("return", number=place.rstrip("/").rpartition("/")[2])

    def _complain(self, browser: Browser, number: str) -> None:
        path = f"/complaints/new/{number}/"
        page = browser.get(path)
        line = re.search(r'name="line_id" value="([0-9a-f-]{36})"', page.text)
        told = {"category": "damaged", "wish": "refund", "text": "壶身有一条裂纹，装水会渗。", "field": "",
                "asked": "", "line_id": line.group(1) if line else ""}  # fmt: skip
        self._acknowledged(browser.post(path, told))
        key = browser.get(f"{path}check/").hidden("idempotency_key")
        place = self._acknowledged(browser.post(f"{path}check/", {"idempotency_key": key}))
        found = re.search(r"/complaints/(\w+)/", place)
        assert found, f"filing led to {place}"
        self.journal.note("complaint", number=found.group(1))

    def _acknowledged(self, answer: Answer) -> str:
        if answer.status not in (302, 303):
            words = " ".join(re.sub(r"<[^>]+>", " ", answer.text[answer.text.find("<main") :]).split())
            raise Refused(f"answered {answer.status} after {answer.tries} tries: {words[:300]}")
        return answer.location
