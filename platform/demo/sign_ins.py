"""The sign-ins that `dev run` prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from demo.content import Content

PASSWORD = "anxin-demo"
SHOPPERS = {"zhixia": "shopper", "yifan": "shopper with an open case"}
OWNERS = {"qingchuan-tea": "owner of a shop of grade A", "lingdang-digital": "owner of a shop of grade D"}
ROLES = ("most desks (staff pages)", "reviewer (staff pages)")
FILE = "sign-ins.txt"


def lines(content: Content) -> Iterator[str]:
    """Role, e-mail and password, one person a line."""
    people = [(role, content.shoppers[key]["email"]) for key, role in SHOPPERS.items()]
    people += [(role, content.shops[slug].facts["email"]) for slug, role in OWNERS.items()]
    people += [(role, person["email"]) for role, person in zip(ROLES, content.staff, strict=True)]
    for role, email in people:
        yield f"{role:28} {email:32} {PASSWORD}"
    yield "staff also type the code that `python3 dev manage staff_code EMAIL` prints"


def write(content: Content, folder: Path) -> Path:
    path = folder / FILE
    path.write_text("\n".join(lines(content)) + "\n", encoding="utf-8")
    return path
