"""Which style sheets a page loads, and in which order: layers first, then one file per part."""

LAYERS = ("layers", "tokens", "reset", "base", "layout")
PARTS = (
    "header",
    "breadcrumbs",
    "button",
    "stamp",
    "chip",
    "price-block",
    "right-slip",
    "credit-gauge",
    "disclosure-table",
    "card",
    "mat",
    "product-card",
    "field",
    "options",
    "feedback",
    "page-head",
    "section",
    "empty",
    "data-table",
    "pagination",
    "portal",
    "tabbar",
    "dock",
    "footer",
    "case-turn",
    "phases",
    "case-timeline",
    "order-timeline",
    "evidence",
    "money-flow",
    "law",
    "law-popover",
    "case-aside",
    "compare",
    "checkout-head",
    "merchant-ledger",
    "confirm-good",
    "recipients",
    "total",
    "review",
    "work-list",
    "cash",
    "chart-card",
    "credit-change",
    "completeness",
    "switch",
    "destination",
    "toast",
    "auth",
)
LAST = ("util", "print", "elder")
BUNDLE = "css/anxin.css"


def sheets() -> tuple[str, ...]:
    """Static names of the sheets on every page of the shop and the portal, in load order."""
    parts = tuple(f"parts/{name}" for name in PARTS)
    return tuple(f"css/{name}.css" for name in (*LAYERS, *parts, *LAST))
