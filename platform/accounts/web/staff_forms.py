"""Forms of the staff's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.staff_roles import WORDS, Role
from accounts.web.staff_finding import account_field
from web.forms import Form


class StartForm(Form):
    """Role, reason, and the code of the app unless a second factor was shown a moment ago."""

    role = forms.ChoiceField(label=_("What you are working on"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why you open a session now"),
        help_text=_("A queue, a case number, a request. It stands in the record beside everything you do."),
        max_length=500,
        error_messages={"required": _("Say in a few words what you are going to work on.")},
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Type the six digits that your app shows now.")},
    )

    def __init__(self, *args: Any, roles: list[Role], needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, gettext(WORDS[role])) for role in roles]
        field.initial = roles[0].value if roles else None
        if not needs_code:
            del self.fields["code"]


class GlassForm(Form):
    """Whose powers, and what happened."""

    role = forms.ChoiceField(label=_("Whose powers you need"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What happened, and why it can't wait"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, gettext(WORDS[role])) for role in roles]


class ReviewForm(Form):
    """Was it right to open this?"""

    justified = forms.ChoiceField(
        label=_("Was it justified?"),
        choices=[("yes", _("Yes, and the least was opened")), ("no", _("No: it must have consequences"))],
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(
        label=_("What you found"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AppointForm(Form):
    """Who, which role, and whether it begins or ends."""

    step = forms.ChoiceField(
        label=_("What is to be done"),
        choices=[("appoint", _("Appoint")), ("dismiss", _("End the role"))],
        widget=forms.RadioSelect,
    )
    email = account_field()
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, _(words)) for role, words in WORDS.items()]
    )
