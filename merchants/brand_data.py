"""Columns about brands that are no personal data, with the reason."""

from __future__ import annotations

NOT_PERSONAL: dict[str, str] = {
    "merchants.Brand.names": "a mark as the public register says it",
    "merchants.Brand.folded": "the same, to compare by",
    "merchants.Brand.owner": "the company that owns a mark; of a person nothing is kept",
    "merchants.Brand.registration_number": "the number of a mark in the public register",
    "merchants.Brand.classes": "classes of goods",
    "merchants.Brand.place": "a place of law",
    "merchants.BrandLink.grantee": "a company that may sell a brand; of a person nothing is kept",
    "merchants.BrandLink.territory": "places of law",
    "merchants.BrandLink.categories": "categories of ours",
}
