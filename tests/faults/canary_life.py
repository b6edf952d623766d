"""One person's life on a real site, typed into its pages: everything that plants a canary."""

import io
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from PIL import Image

from tests.faults.browser import Answer, Browser
from tests.faults.canaries import PERSON
from tests.ground.conftest import eventually

CODE = re.compile(r"\b\d{3}-\d{3}-\d{3}\b")


def a_photo() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = PERSON["file_content"]
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def a_paper() -> bytes:
    return f"%PDF-1.4\n% {PERSON['pdf_content']}\n%%EOF".encode()


@dataclass
class Life:
    """The person's browser, where mail lands, and what the site answered to others and when it failed."""

    address: str
    mail: Path
    planted: dict[str, object]
    seen: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.browser = Browser(self.address)

    def sends(self, path: str, fields: dict[str, object], *, browser: Browser | None = None) -> Answer:
        answer = (browser or self.browser).post(path, fields)
        assert answer.status in (200, 302, 303), f"{path} answered {answer.status}: {words(answer.text)}"
        return answer

    def newest_code(self) -> str:
        letters = sorted(self.mail.glob("*.eml"))
        found = CODE.search(letters[-1].read_text(encoding="utf-8", errors="replace")) if letters else None
        return found.group() if found else ""

    def joins(self) -> None:
        self.browser.get("/accounts/signup/")
        mails = len(list(self.mail.glob("*.eml")))
        self.sends(
            "/accounts/signup/",
            {
                "email": PERSON["email"],
                "display_name": PERSON["display_name"],
                "password1": PERSON["password"],
                "age": "adult",
            },
        )
        assert eventually(lambda: len(list(self.mail.glob("*.eml"))) > mails)
        self.browser.get("/accounts/confirm-email/")
        self.sends("/accounts/confirm-email/", {"code": self.newest_code(), "action": "verify"})

    def fails_to_sign_in(self) -> None:
        other = Browser(self.address)
        other.get("/accounts/login/")
        for email, password in (
            (PERSON["email"], PERSON["wrong_password"]),
            (PERSON["stranger"], PERSON["wrong_password"]),
        ):
            other.post("/accounts/login/", {"login": email, "password": password})
        other.get("/accounts/password/reset/")
        other.post("/accounts/password/reset/", {"email": PERSON["stranger"]})

    def searches(self) -> None:
        for word in ("search", "search_ascii"):
            self.browser.get("/search?" + urllib.parse.urlencode({"q": PERSON[word]}))
        missing = self.browser.get("/p/" + urllib.parse.quote(PERSON["search"]) + "/")
        assert missing.status == 404

    def buys(self, suffix: str) -> str:
        """An order with the CJK or the ASCII words; gives its payment's number."""
        listing = self.planted["listings"][0]  # type: ignore[index]
        self.sends("/cart/lines/", {"listing": listing, "quantity": 1})
        page = self.browser.get("/checkout/")
        told: dict[str, object] = {
            "name": PERSON[f"recipient{suffix}"],
            "phone": PERSON[f"phone{suffix}"],
            "address": PERSON[f"address{suffix}"],
            "note": PERSON[f"note{suffix}"],
            "email": PERSON["email"],
            "seen_total": page.hidden("seen_total"),
            "idempotency_key": page.hidden("idempotency_key"),
        }
        place = self.sends("/checkout/", told).location
        return place.rstrip("/").rpartition("/")[2]

    def pays(self, payment: str) -> str:
        page = self.browser.get(f"/pay/{payment}/")
        told = {"provider": "sandbox", "idempotency_key": page.hidden("idempotency_key")}
        till = self.sends(f"/pay/{payment}/provider", told).location
        self.browser.get(till)
        self.sends(till, {"choice": "pay"})
        assert eventually(lambda: bool(self._order(payment)))
        return self._order(payment)

    def _order(self, payment: str) -> str:
        found = re.search(r"/orders/(A\w+)/", self.browser.get(f"/receipts/{payment}/").text)
        return found.group(1) if found else ""

    def complains(self, order: str) -> str:
        path = f"/complaints/new/{order}/"
        page = self.browser.get(path)
        line = re.search(r'name="line_id" value="([0-9a-f-]{36})"', page.text)
        assert line, words(page.text)
        text = f"{PERSON['story']} {PERSON['story_ascii']}"
        told = {"category": "damaged", "wish": "refund", "text": text, "field": "", "asked": ""}
        self.sends(path, {**told, "line_id": line.group(1)})
        self.browser.get(f"{path}evidence/")
        status = self.uploads(
            f"{path}evidence/", {PERSON["file_name"]: a_photo(), PERSON["pdf_name"]: a_paper()}
        )
        assert status in (200, 302, 303), status
        key = self.browser.get(f"{path}check/").hidden("idempotency_key")
        place = self.sends(f"{path}check/", {"idempotency_key": key}).location
        found = re.search(r"/complaints/(\w+)/", place)
        assert found, place
        return found.group(1)

    def uploads(self, path: str, files: dict[str, bytes]) -> int:
        border = uuid4().hex
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'.encode()
            + self.browser.token.encode()
            + b"\r\n"
        ]
        for name, content in files.items():
            head = f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            parts.append(
                head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n"
            )
        body = b"".join(parts) + f"--{border}--\r\n".encode()
        return self.raw(path, body, f"multipart/form-data; boundary={border}")[0]

    def raw(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """One sending, whatever the answer: failures are wanted here."""
        request = urllib.request.Request(
            urllib.parse.urljoin(self.address, path), body, {"Content-Type": kind, "Referer": self.address}
        )
        try:
            with self.browser._opener.open(request, timeout=30) as page:
                return page.status, page.read()
        except urllib.error.HTTPError as other:
            with other:
                return other.code, other.read()

    def breaks(self) -> None:
        """A form with the person's words meets a site that fails: its answer is kept."""
        listing = self.planted["listings"][1]  # type: ignore[index]
        told = {
            "csrfmiddlewaretoken": self.browser.token,
            "listing": listing,
            "quantity": PERSON["broken_name"],
            "name": PERSON["broken_name"],
            "address": PERSON["address"],
            "idempotency_key": uuid4().hex,
        }
        for path in ("/cart/lines/", "/checkout/"):
            status, body = self.raw(
                path, urllib.parse.urlencode(told).encode(), "application/x-www-form-urlencoded"
            )
            assert status == 500, (path, status)
            self.seen.append((f"error page of {path}", body))

    def applies(self) -> None:
        """The person opens a shop: its contact person is nobody's business."""
        page = self.browser.get("/merchant/apply")
        told: dict[str, object] = {
            "kind": "sole_trader",
            "display_name": "乙未陶坊",
            "legal_name": "乙未陶坊商行",
            "licence_number": "91310000MA1K7X2Q0B",
            "address_public": "上海市静安区某路 1 号",
            "contact_public": "021 5555 0000",
            "contact_name": PERSON["contact_name"],
            "contact_phone": PERSON["contact_phone"],
        }
        boxes = dict.fromkeys(re.findall(r'type="checkbox" name="([^"]+)"', page.text), "on")
        if 'name="idempotency_key"' in page.text:
            told["idempotency_key"] = page.hidden("idempotency_key")
        self.sends("/merchant/apply", {**told, **boxes})


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.find("<main") :]).split())[:400]
