"""What an applicant accepts: keys and versions as they are shown; the texts stand in the rulebook."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.errors import N_


@dataclass(frozen=True, slots=True)
class AcceptedText:
    key: str
    version: str
    words: str


TEXTS = (
    AcceptedText("merchant_contract", "1", N_("I accept the contract with sellers, version %(version)s")),
    AcceptedText("platform_rules", "1", N_("I accept the platform rules, version %(version)s")),
    AcceptedText("data_agreement", "1", N_("I accept the data agreement, version %(version)s")),
)
