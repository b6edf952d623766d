"""Forms of the incident desk; staff times are by the clock in China."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy import inventory
from privacy.breach_scope import ScopeQuery
from privacy.breaches import LANGUAGES, Decision, Report
from web.forms import Form


class Instant(forms.DateTimeField):
    """A day and a time as the browser's own field gives it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _text(label: Any, hint: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=hint, max_length=4000, widget=area)


class OpenForm(Form):
    """What happened, and when it was noticed."""

    what = _text(_("What happened"), _("Systems and kinds of data. Name nobody."))
    how_noticed = _text(_("How it was noticed"), _("Name nobody."))
    happened_from = Instant(label=_("It began"))
    happened_to = Instant(label=_("It ended, if it has"), required=False)
    noticed_at = Instant(label=_("Noticed"), help_text=_("The clocks of the laws run from here."))
    endangers_public = forms.BooleanField(label=_("A flaw that endangers the public"), required=False)
    drill = forms.BooleanField(label=_("Drill: nobody outside is written to"), required=False)

    def report(self) -> Report:
        return Report(**self.cleaned_data)


class ScopeForm(Form):
    """A question to the inventory."""

    columns = forms.MultipleChoiceField(label=_("Columns"), required=False)
    since = Instant(label=_("Written from"), required=False)
    until = Instant(label=_("Written before"), required=False)
    merchant_id = forms.UUIDField(label=_("Only of this shop (its id)"), required=False)
    seen_by = forms.CharField(
        label=_("Seen by (an actor of the access record)"), required=False, max_length=80
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        found = sorted(entry.column for entry in inventory.fields() if "__" not in entry.subject)
        self.fields["columns"].choices = [(one, one) for one in found]  # type: ignore[attr-defined]

    def query(self) -> ScopeQuery:
        said = self.cleaned_data
        since: datetime | None = said["since"]
        return ScopeQuery(
            tuple(said["columns"]), since, said["until"], said["merchant_id"], said["seen_by"].strip()
        )


class DecisionForm(Form):
    """Whom to tell, and why."""

    tell_authority = forms.BooleanField(label=_("Tell the authorities"), required=False)
    tell_persons = forms.BooleanField(label=_("Tell the people concerned"), required=False)
    reasons = _text(_("Reasons, also for whom we don't tell"))
    measures = _text(_("What was done about it"))
    words_hans = forms.CharField(label="简体中文", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    words_hant = forms.CharField(label="繁體中文", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    words_en = forms.CharField(label="English", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def decision(self) -> Decision:
        said = self.cleaned_data
        words = dict(zip(LANGUAGES, (said["words_hans"], said["words_hant"], said["words_en"]), strict=True))
        return Decision(
            said["tell_authority"], said["tell_persons"], said["reasons"], said["measures"], words
        )
