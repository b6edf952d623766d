"""What this room holds about whom an incident concerns; a part of personal_data.py."""

from __future__ import annotations

from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity

_ACTED = "a pseudonym of who acted; without the subject's key it leads to nobody"
_CODE = "a code of ours"
_WEIGHED = "what a processing does and risks; the page asks to name nobody"


def _kept(column: str, subject: str, why: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        subject=subject,
        why=why,
    )


FIELDS: tuple[PersonalField, ...] = (
    _kept("privacy.BreachPerson.subject", "subject_id", "that the person was told has to stay provable"),
    _kept("privacy.BreachPerson.place", "subject_id", "under whose law the person was told: a country"),
    _kept("privacy.Breach.opened_by", "opened_by__endswith", _ACTED),
    _kept("privacy.Breach.proposed_by", "proposed_by__endswith", _ACTED),
    _kept("privacy.Breach.confirmed_by", "confirmed_by__endswith", _ACTED),
    _kept("privacy.Assessment.made_by", "made_by__endswith", _ACTED),
    _kept("privacy.Assessment.approved_by", "approved_by__endswith", _ACTED),
    _kept("privacy.BreachMove.actor", "actor__endswith", _ACTED),
)
NOT_PERSONAL: dict[str, str] = {
    "privacy.Assessment.processing": _WEIGHED,
    "privacy.Assessment.necessity": _WEIGHED,
    "privacy.Assessment.risks": _WEIGHED,
    "privacy.Assessment.measures": _WEIGHED,
    "privacy.Breach.number": "a public number",
    "privacy.Breach.what": "what happened to which systems; the page asks to name nobody",
    "privacy.Breach.how_noticed": "how it was noticed; the page asks to name nobody",
    "privacy.Breach.columns": "names of columns of the inventory",
    "privacy.Breach.query": "instants, a shop's number, the pseudonym of an actor",
    "privacy.Breach.reasons": "why whom was told; the page asks to name nobody",
    "privacy.Breach.measures": "what was done; the page asks to name nobody",
    "privacy.Breach.words": "one text for everybody concerned",
    "privacy.BreachClock.place": "a place of law",
    "privacy.BreachClock.audience": _CODE,
    "privacy.BreachClock.rule_id": "a rule of the law pack",
    "privacy.BreachMove.name": _CODE,
    "privacy.BreachMove.note": "counts and rule ids",
}
