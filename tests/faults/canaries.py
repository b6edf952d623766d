"""Made-up words of one person, and every shape in which a leak would carry them."""

import base64
import binascii
import html
import json
import quopri
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# What is typed, planted and said; none of it stands anywhere else in the project.
PERSON = {
    "email": "canary.finch-8841@example.com",
    "display_name": "云雀甄小满",
    "password": "right-Swift-8841-pw",
    "wrong_password": "wrong-Heron-8842-pw",
    "recipient": "金丝雀甄安栖",
    "recipient_ascii": "Canaria Wrenfield-Oriole",
    "phone": "139 7788 4411",
    "phone_ascii": "+44 20 7946 8841",
    "address": "鹭岛市翠羽路栖云阁 8841 号",
    "address_ascii": "8841 Plumage Lane, Aviary-under-Lyme",
    "note": "请放在鹦哥门厅的柜子里",
    "note_ascii": "leave it with the macaw keeper",
    "search": "朱鹮羽绒喂食器",
    "search_ascii": "ibis-down feeder 8841",
    "story": "杯底刻着白鹡鸰三个字，倒水就裂",
    "story_ascii": "the nuthatch engraving split my cup",
    "answer": "我们给鸬鹚先生换一个",
    "file_name": "鸲鹟划痕照片.jpg",
    "file_content": "WAGTAIL-8841-GPS-MARK",
    "pdf_content": "bullfinch diagnosis 8841",
    "pdf_name": "waxwing-clinic-8841.pdf",
    "contact_name": "戴胜联系人丰",
    "contact_phone": "136 5551 2277",
    "stranger": "canary.stranger-8843@example.com",
    "broken_name": "苍鹭断线甄",
}
BIG_ENOUGH = 6


def shapes(text: str) -> dict[str, bytes]:
    """The word as bytes in every encoding that a store or a log may use, by the encoding's name."""
    utf8 = text.encode()
    found = {
        "utf-8": utf8,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "gb18030": text.encode("gb18030"),
        "hex": binascii.hexlify(utf8),
        "HEX": binascii.hexlify(utf8).upper(),
        "url": urllib.parse.quote(text).encode(),
        "url form": urllib.parse.quote_plus(text).encode(),
        "url lower": re.sub(r"%..", lambda two: two[0].lower(), urllib.parse.quote(text)).encode(),
        "json": json.dumps(text)[1:-1].encode(),
        "JSON": re.sub(r"\\u....", lambda four: "\\u" + four[0][2:].upper(), json.dumps(text)[1:-1]).encode(),
        "python": ascii(text)[1:-1].encode(),
        "python bytes": repr(utf8)[2:-1].encode(),
        "html": html.escape(text).encode(),
        "html numbers": "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in text).encode(),
        "quoted-printable": quopri.encodestring(utf8).replace(b"=\n", b""),
        "reversed": text[::-1].encode(),
        "upper": text.upper().encode(),
        "lower": text.lower().encode(),
        "punycode": text.encode("punycode") if not text.isascii() else utf8,
    }
    try:
        found["big5"] = text.encode("big5")
    except UnicodeEncodeError:
        found["big5"] = utf8
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 10:
        found |= {"digits": digits.encode(), "digits hex": binascii.hexlify(digits.encode())}
        found["digits utf-16"] = digits.encode("utf-16-le")
    for offset in range(3):
        # The middle of the encoding is the same wherever the word begins in its three-byte group.
        whole = base64.b64encode(b"\0" * offset + utf8)
        found[f"base64 {offset}"] = whole[4 if offset else 0 : (len(utf8) // 3) * 4 - 4]
    return {name: shape for name, shape in found.items() if len(shape) >= BIG_ENOUGH}


@dataclass(frozen=True)
class Leak:
    store: str
    place: str
    canary: str
    encoding: str


class Net:
    """All canaries in all shapes, held against one store after the other."""

    def __init__(self, words: dict[str, str]) -> None:
        self.patterns: dict[bytes, tuple[str, str]] = {}
        for name, text in words.items():
            for encoding, shape in shapes(text).items():
                self.patterns.setdefault(shape, (name, encoding))
        self.stores: dict[str, int] = {}
        self.leaks: list[Leak] = []

    def hold(self, store: str, things: Iterable[tuple[str, bytes]], *, allowed: Iterable[bytes] = ()) -> None:
        """Look through (place, content); `allowed` is cut out of the content first."""
        for place, content in things:
            self.stores[store] = self.stores.get(store, 0) + len(content)
            for each in allowed:
                content = content.replace(each, b"")
            for shape, (name, encoding) in self.patterns.items():
                if shape in content:
                    self.leaks.append(Leak(store, place, name, encoding))


def files_below(folder: Path, *, but: Iterable[Path] = ()) -> Iterator[tuple[str, bytes]]:
    """Every file as it lies there, servers' data included."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(other in path.parents for other in but):
            yield str(path.relative_to(folder)), path.read_bytes()
