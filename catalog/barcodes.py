"""GS1 barcodes: eight, twelve, thirteen or fourteen figures, the last of which checks the others."""

from __future__ import annotations

from kernel.errors import N_, Invalid


class BarcodeRefused(Invalid):
    code = "barcode_refused"
    message = N_("The barcode %(value)s isn't right: its last figure doesn't fit the others.")


def check_digit_right(barcode: str) -> bool:
    """Whether `barcode` is a GTIN with the right check digit."""
    if not (barcode.isascii() and barcode.isdigit() and len(barcode) in (8, 12, 13, 14)):
        return False
    figures = [int(each) for each in reversed(barcode)]
    weighted = sum(figure * (3 if place % 2 else 1) for place, figure in enumerate(figures))
    return weighted % 10 == 0
