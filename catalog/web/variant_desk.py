"""What the editor's section of variants shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import access
from catalog.models import Listing
from catalog.stock import NO_PIECES, pieces
from catalog.variant_drafts import label, words
from catalog.web.variant_forms import OptionsForm, VariantsForm
from kernel.money import Money

Part = dict[str, Any]
# Written once or seldom, so a row shows them when it is opened.
FOLDED = ("sku", "barcode", "weight", "images", "crossed", "until")


def part(
    listing: Listing, *, options_form: OptionsForm | None = None, table_form: VariantsForm | None = None
) -> Part:
    """Both forms, as they were typed or as they stand; and what was taken out."""
    locale = get_language() or "zh-hans"
    table = table_form or VariantsForm(listing)
    return {
        "options_form": options_form or OptionsForm(listing),
        "table_form": table,
        "option_names": [label(each, locale) for each in listing.draft.get("options") or []],
        "variant_rows": _rows(listing, table, locale),
        "retired": _retired(listing, locale),
    }


def _rows(listing: Listing, form: VariantsForm, locale: str) -> list[Part]:
    held, draft = pieces(listing), listing.draft
    rows = []
    for row, each in enumerate(form.drafted):
        stock = held.get(UUID(each["id"]), NO_PIECES)
        price = each["price_minor"] if each["price_minor"] is not None else draft.get("price_minor")
        folded = [form[f"v{row}-{name}"] for name in FOLDED]
        rows.append(
            {
                "id": each["id"],
                "choice": words(draft.get("options") or [], each["choice"], locale),
                "price": form[f"v{row}-price"],
                "on_hand": form[f"v{row}-on_hand"],
                "folded": folded,
                "open": any(each.errors for each in folded),
                "said": " · ".join(_folded_words(form, row)),
                "was": form[f"v{row}-was"],
                "all_in": Money(price + (draft.get("freight_minor") or 0)) if price else None,
                "reserved": stock.reserved,
                "on_sale": stock.active,
            }
        )
    return rows


def _folded_words(form: VariantsForm, row: int) -> list[str]:
    """What a folded row holds, as it was typed."""
    grams, crossed = form[f"v{row}-weight"].value(), form[f"v{row}-crossed"].value()
    typed = [form[f"v{row}-sku"].value(), form[f"v{row}-barcode"].value()]
    said = [
        _("%(n)s g") % {"n": grams} if grams else "",
        _("crossed out: %(sum)s") % {"sum": crossed} if crossed else "",
    ]
    return [str(each) for each in (*typed, *said) if each]


def _retired(listing: Listing, locale: str) -> list[Part]:
    """What is out of the draft and could come back; the choice in words where its options still stand."""
    drafted = {each["id"] for each in listing.draft.get("variants") or []}
    held, options = pieces(listing), listing.draft.get("options") or []
    if not options:
        return []
    return [
        {
            "id": row.pk,
            "sku": row.sku,
            "choice": words(options, dict(part.split("=", 1) for part in row.choice_key.split("&")), locale),
            "on_hand": held.get(row.pk, NO_PIECES).on_hand,
        }
        for row in access.variants_of(listing)
        if row.choice_key and str(row.pk) not in drafted
    ]
