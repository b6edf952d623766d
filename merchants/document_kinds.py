"""Which documents a shop can hold, what their numbers look like, and the words for them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from accounts import verifiers
from kernel.errors import N_
from merchants import numbers


class DocumentKind(StrEnum):
    BUSINESS_LICENCE = "business_licence"
    IDENTITY_CARD = "identity_card"
    FOOD_BUSINESS = "food_business"
    FOOD_PRODUCTION = "food_production"
    HEALTH_FOOD = "health_food"
    COSMETICS_FILING = "cosmetics_filing"
    MEDICAL_DEVICE = "medical_device"
    PUBLICATION = "publication"
    ICP = "icp"
    BRAND_AUTHORISATION = "brand_authorisation"
    TRADEMARK = "trademark"
    CUSTOMS_FILING = "customs_filing"
    SERVICE_LICENCE = "service_licence"
    ACCOUNT_PROOF = "account_proof"
    OTHER = "other"


K = DocumentKind

KIND_WORDS: dict[DocumentKind, str] = {
    K.BUSINESS_LICENCE: N_("Business licence"),
    K.IDENTITY_CARD: N_("Identity card"),
    K.FOOD_BUSINESS: N_("Food business licence or filing"),
    K.FOOD_PRODUCTION: N_("Food production licence"),
    K.HEALTH_FOOD: N_("Registration or filing of health food"),
    K.COSMETICS_FILING: N_("Registration or filing of cosmetics"),
    K.MEDICAL_DEVICE: N_("Medical device licence or filing"),
    K.PUBLICATION: N_("Publication business licence"),
    K.ICP: N_("Internet content licence (ICP)"),
    K.BRAND_AUTHORISATION: N_("Authorisation by the brand"),
    K.TRADEMARK: N_("Registration of a trademark"),
    K.CUSTOMS_FILING: N_("Customs filing"),
    K.SERVICE_LICENCE: N_("Licence for a service"),
    K.ACCOUNT_PROOF: N_("Proof of the bank account"),
    K.OTHER: N_("Another document"),
}

# Of these a shop holds one at a time; of the others as many as it has brands or products.
SINGLE = frozenset({K.BUSINESS_LICENCE, K.IDENTITY_CARD, K.ICP, K.ACCOUNT_PROOF})

# These prove one link of a chain and are handed in there, so that it is known what they prove.
OF_A_BRAND = frozenset({K.TRADEMARK, K.BRAND_AUTHORISATION})

# What the public reads besides the identity: permits to sell a kind of goods (E-Commerce Law 15).
PERMITS = (
    K.FOOD_BUSINESS,
    K.FOOD_PRODUCTION,
    K.HEALTH_FOOD,
    K.COSMETICS_FILING,
    K.MEDICAL_DEVICE,
    K.PUBLICATION,
    K.ICP,
    K.CUSTOMS_FILING,
    K.SERVICE_LICENCE,
)


def number_fits(kind: str, number: str, *, place: str, on: date) -> bool:
    """Whether a number (already in its normal form) can be one of that kind.

    Forms are those of the mainland; elsewhere any number does.
    """
    if not number or place != "CN":
        return bool(number)
    match kind:
        case K.BUSINESS_LICENCE:
            return numbers.is_credit_code(number)
        case K.IDENTITY_CARD:
            return verifiers.is_identity_number(number, on=on)
        case K.FOOD_BUSINESS:
            return numbers.is_food_licence(number, "JY", "YB", "SC")
        case K.FOOD_PRODUCTION:
            return numbers.is_food_licence(number, "SC")
    return True
