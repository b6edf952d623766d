"""Having a name and a number checked: a question, its answer, and what stays of it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, verifying
from accounts.models import VerificationKind, VerificationResult
from accounts.verifiers import Claim
from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from privacy import consent
from privacy.models import ConsentPurpose
from rulebook import texts, wording
from web import errors, respond
from web.forms import Form
from web.step_up import proved_recently

PAGE = "accounts/verification.html"
KINDS = {
    VerificationKind.REAL_NAME: _("Name and identity number"),
    VerificationKind.BANK_ACCOUNT: _("Name and bank account"),
}
RESULTS = {
    VerificationResult.ASKED: N_("Asked; no answer came"),
    VerificationResult.MATCHED: N_("They belong together"),
    VerificationResult.NOT_MATCHED: N_("They don't belong together"),
    VerificationResult.UNAVAILABLE: N_("The verifier couldn't be reached"),
}
SAID = {
    VerificationResult.MATCHED: N_(
        "Checked: name and number belong together. The number itself was not kept."
    ),
    VerificationResult.NOT_MATCHED: N_(
        "The verifier says that name and number don't belong together. Compare both with your card,"
        " then try again."
    ),
    VerificationResult.UNAVAILABLE: N_(
        "The verifier can't be reached at this moment. Nothing was used up; try again later."
    ),
}


class VerificationForm(Form):
    """Name and number are used once and never shown again, not even after an error."""

    kind = forms.ChoiceField(
        label=_("What should be checked?"), choices=[(kind.value, words) for kind, words in KINDS.items()]
    )
    name = forms.CharField(
        label=_("Name as on the card"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write the name as it stands on the card.")},
    )
    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        help_text=_("Spaces don't matter."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        error_messages={"required": _("Write the number as it stands on the card.")},
    )
    agree = forms.BooleanField(
        label=_("I agree that this name and number go to the verifier once, for this check"),
        error_messages={"required": _("Without your consent we can't ask the verifier.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def claim(self) -> Claim:
        told = self.cleaned_data
        return Claim(VerificationKind(told["kind"]), told["name"], told["number"])


@method_decorator([never_cache, proved_recently], name="dispatch")
class Verifications(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, VerificationForm(initial={"version": _text().version}))

    def post(self, request: HttpRequest) -> HttpResponse:
        user, _locale = access.own_account(request.user)
        form = VerificationForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            made = verifying.verify(
                subject_id=user.subject_id,
                claim=form.claim(),
                wording_version=form.cleaned_data["version"],
                language=wording.locale(),
                actor=Actor.buyer(user.subject_id),
                at=clock.now(),
            )
        except Invalid as problem:
            form.add_error("number", errors.sentence(problem))
            return self._page(request, form, status=422)
        messages.info(request, gettext(SAID[VerificationResult(made.result)]))
        return respond.redirect(request, "accounts:verification")

    def _page(self, request: HttpRequest, form: VerificationForm, status: int = 200) -> HttpResponse:
        user, _locale = access.own_account(request.user)
        tried = [
            {
                "kind": KINDS[VerificationKind(one.kind)],
                "result": gettext(RESULTS[VerificationResult(one.result)]),
                "number": one.masked,
                "at": one.at,
                "receipt": one.consent_number,
            }
            for one in verifying.tried(subject_id=user.subject_id)
        ]
        context = {"form": form, "tried": tried, "lines": _text().lines(wording.locale())}
        return respond.page(request, PAGE, context, status=status)


def _text() -> texts.Text:
    return texts.current(consent.slug_of(ConsentPurpose.VERIFICATION), clock.now())
