"""Kinds of certificates and evaluators, with their words."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class Scheme(StrEnum):
    CCC = "ccc"
    CQC = "cqc"
    CE = "ce"
    ISO9001 = "iso9001"
    ISO22000 = "iso22000"
    ORGANIC = "organic"
    GREEN = "green_food"
    TEST_REPORT = "test_report"
    OTHER = "other"


class CertificateState(StrEnum):
    HANDED_IN = "handed_in"
    VERIFIED = "verified"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class EvaluatorKind(StrEnum):
    ASSOCIATION = "association"
    LABORATORY = "laboratory"
    AUTHORITY = "authority"
    MAGAZINE = "magazine"


S = CertificateState

CERTIFICATE = Lifecycle(
    "certificate",
    CertificateState,
    verify=({S.HANDED_IN}, S.VERIFIED),
    refuse=({S.HANDED_IN}, S.REFUSED),
    revoke=({S.VERIFIED}, S.REFUSED),
    expire=({S.VERIFIED}, S.EXPIRED),
    withdraw=({S.HANDED_IN, S.VERIFIED}, S.WITHDRAWN),
)
SCHEME_WORDS = {
    Scheme.CCC: N_("CCC, compulsory certification"),
    Scheme.CQC: N_("CQC, voluntary certification"),
    Scheme.CE: N_("CE conformity"),
    Scheme.ISO9001: N_("ISO 9001, quality management"),
    Scheme.ISO22000: N_("ISO 22000, food safety"),
    Scheme.ORGANIC: N_("Organic product"),
    Scheme.GREEN: N_("Green food"),
    Scheme.TEST_REPORT: N_("Laboratory test report"),
    Scheme.OTHER: N_("Another certificate"),
}
STATE_WORDS = {
    S.HANDED_IN: N_("waits for the check"),
    S.VERIFIED: N_("checked"),
    S.REFUSED: N_("refused"),
    S.EXPIRED: N_("expired"),
    S.WITHDRAWN: N_("taken back"),
}
EVALUATOR_WORDS = {
    EvaluatorKind.ASSOCIATION: N_("Consumer association"),
    EvaluatorKind.LABORATORY: N_("Testing laboratory"),
    EvaluatorKind.AUTHORITY: N_("Authority"),
    EvaluatorKind.MAGAZINE: N_("Testing magazine"),
}
