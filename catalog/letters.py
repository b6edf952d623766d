"""Letters that this app sends; texts in templates/letters/catalog/."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kernel.errors import N_
from notifications.kinds import LetterKind

_PATH = "/merchant/shan-zhi/listings/"

KINDS = (
    LetterKind(
        "catalog.schema_changed",
        sample={
            "shop": "山止工坊",
            "listings": 3,
            "until": datetime(2026, 12, 22, 16, 0, tzinfo=UTC),
            "reason": "新国标要求标明过敏原",
            "path": f"{_PATH}shortfalls/",
        },
    ),
    LetterKind(
        "catalog.papers_missing",
        sample={
            "shop": "山止工坊",
            "listings": 3,
            "until": datetime(2026, 12, 22, 16, 0, tzinfo=UTC),
            "path": f"{_PATH}shortfalls/",
        },
    ),
    LetterKind(
        "catalog.taken_down",
        sample={
            "goods": "月白釉手作横手急须 480 ml",
            "reason": "3C 证书已过期",
            "rule": "cn.disclosure.ccc",
            "path": f"{_PATH}01890f2e/",
        },
    ),
    LetterKind(
        "catalog.reduction_ended",
        sample={"goods": "月白釉手作横手急须 480 ml", "path": f"{_PATH}01890f2e/"},
    ),
    LetterKind(
        "catalog.back_in_stock",
        sample={
            "goods": "月白釉手作横手急须 480 ml（颜色：月白）",
            "asked": datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
            "path": "/p/01890f2e/?variant=01890f2e",
        },
        duty=False,
        about=N_("Goods that you wait for are back in stock"),
    ),
    LetterKind(
        "catalog.report_decided",
        sample={
            "number": "J7KQ2M9XTA4",
            "goods": "月白釉手作横手急须 480 ml",
            "reason": "商品没有 3C 证书",
            "path": "/reports/J7KQ2M9XTA4/",
        },
    ),
    LetterKind(
        "catalog.brand_direct_lost",
        sample={"brand": "清川", "listings": 3, "path": "/merchant/shan-zhi/brands/"},
    ),
    LetterKind("catalog.serial_alarm", sample={"path": "/admin/catalog/serialalarm/01890f2e/change/"}),
    LetterKind(
        "catalog.certificate_ending",
        sample={
            "number": "2026010907000001",
            "until": date(2027, 1, 20),
            "path": "/merchant/shan-zhi/certificates/",
        },
    ),
)
