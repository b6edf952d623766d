"""Consents: one purpose a row, a yes and a no of the same size, a receipt for each answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, NotFound
from privacy import access, consent, remembering, visitors
from privacy.models import ConsentChoice, ConsentEvent, ConsentPurpose
from rulebook import texts, wording
from web import respond
from web.formats import moment_text
from web.http import Request

PAGE = "privacy/consents.html"
CHOICES = {
    ConsentChoice.GIVEN: N_("You agreed"),
    ConsentChoice.REFUSED: N_("You didn't agree"),
    ConsentChoice.WITHDRAWN: N_("You withdrew your consent"),
}


@never_cache
@require_safe
def all_consents(request: Request) -> HttpResponse:
    at, subject_id = clock.now(), visitors.subject_of(request)
    locale = wording.locale()
    rows = [_row(each, locale) for each in consent.standings(subject_id=subject_id, at=at)]
    answers = consent.receipts(subject_id=subject_id) if subject_id else []
    receipts = [(each, _title(each, locale), gettext(CHOICES[_choice(each)])) for each in answers]
    return respond.page(request, PAGE, {"rows": rows, "receipts": receipts, "now": at})


class Answer(View):
    """The buttons beside a purpose; nobody yet becomes a guest of this browser by answering."""

    def post(self, request: Request, purpose: str) -> HttpResponse:
        if purpose not in ConsentPurpose.values:
            raise NotFound
        at = clock.now()
        subject_id = visitors.subject_of(request) or visitors.subject_for(request, at=at)
        made = consent.answer(
            subject_id=subject_id,
            purpose=ConsentPurpose(purpose),
            agree=request.POST.get("answer") == "agree",
            version=_number(request.POST.get("version", "")),
            language=wording.locale(),
            actor=Actor.buyer(subject_id),
            at=at,
        )
        response = respond.redirect(request, "privacy:receipt", made.number)
        if made.purpose == ConsentPurpose.PERSONALISATION:
            _switch(response, made)
        return response


@require_POST
def forget_seen(request: Request) -> HttpResponse:
    """One press empties what this browser remembers; the consent stays as it is."""
    response = respond.redirect(request, "/")
    if remembering.remembers(request) and (subject_id := visitors.subject_of(request)):
        remembering.start(response, subject_id=subject_id)
    return response


@never_cache
@require_safe
def receipt(request: Request, number: str) -> HttpResponse:
    made = access.receipt_of(visitors.subject_of(request), number)
    return respond.page(request, "privacy/receipt.html", _shown(made))


@never_cache
@require_safe
def receipt_text(request: Request, number: str) -> HttpResponse:
    """The receipt to keep: plain text in the language of the words that were shown."""
    made = access.receipt_of(visitors.subject_of(request), number)
    shown = _shown(made)
    lines = [
        f"{gettext('Receipt')} {made.number}",
        f"{shown['said']} · {moment_text(made.at)} · {made.at.isoformat()}",
        shown["text"].whole(made.language),
        f"{made.slug} v{made.text_version} · {made.language} · SHA-256 {made.sha256}",
    ]
    response = HttpResponse("\n\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="consent-{made.number}.txt"'
    return response


def _switch(response: HttpResponse, made: ConsentEvent) -> None:
    """This browser begins to remember, or forgets."""
    if made.choice == ConsentChoice.GIVEN:
        remembering.start(response, subject_id=made.subject_id)
    else:
        remembering.stop(response)


def _row(standing: consent.Standing, locale: str) -> dict[str, Any]:
    return {
        "standing": standing,
        "title": standing.text.title(locale),
        "sentence": standing.text.sentence(locale),
        "lines": standing.text.lines(locale),
        "said": gettext(CHOICES[_choice(standing.last)]) if standing.last else "",
    }


def _shown(made: ConsentEvent) -> dict[str, Any]:
    text = texts.of_version(made.slug, made.text_version)
    return {
        "made": made,
        "text": text,
        "title": text.title(made.language),
        "sentence": text.sentence(made.language),
        "lines": text.lines(made.language),
        "said": gettext(CHOICES[_choice(made)]),
    }


def _title(made: ConsentEvent, locale: str) -> str:
    return texts.of_version(made.slug, made.text_version).title(locale)


def _choice(made: ConsentEvent) -> ConsentChoice:
    return ConsentChoice(made.choice)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
