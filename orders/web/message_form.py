"""The form of a message, and the thread as one side sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from orders.messages.reading import Said
from orders.messages.writing import LONGEST, MOST_FILES
from orders.models import Order
from orders.states import MessageSeat
from orders.web.presenting import View
from privacy.models import FileState
from web.forms import Form
from web.http import Request

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,application/pdf,video/mp4"


class SeveralFiles(forms.FileInput):
    """The field looks at one of them; `uploads` gives all, each of which is looked at when it is received."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name)


class MessageForm(Form):
    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST,
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea({"rows": 4}),
    )
    attached = forms.FileField(
        label=_("Pictures or files"),
        required=False,
        help_text=_("At most %(most)s, each at most 50 MB.") % {"most": MOST_FILES},
        widget=SeveralFiles({"accept": ACCEPT, "class": "input"}),
    )
    closing = forms.BooleanField(label=_("It needs no answer"), required=False)

    def __init__(self, *args: Any, asks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["closing"]


def uploads(request: Request) -> Sequence[UploadedFile[bytes]]:
    """Every file that was sent, also where there are several under one name."""
    return request.FILES.getlist("attached")


def rows(said: Sequence[Said], order: Order, seat: MessageSeat | None) -> list[View]:
    """Each message for this reader (None: staff, without files): whose it is, and whether it leads away."""
    return [
        {
            "message": each.message,
            "mine": each.message.seat == seat,
            "who": _who(each, order, seat),
            "text": each.text,
            "files": [{"row": one, "ready": one.file.state == FileState.CLEAN} for one in each.files if seat],
            "warned": bool(each.message.warned),
            "hidden": each.hidden,
            "report": next((one for one in each.reports if one.seat == seat), None),
            "reportable": seat is not None and each.message.seat != seat and not each.hidden,
        }
        for each in said
    ]


def _who(said: Said, order: Order, seat: MessageSeat | None) -> str:
    if said.message.seat == seat:
        return _say("You")
    by_shop = said.message.seat == MessageSeat.MERCHANT
    return order.merchant.display_name if by_shop else _say("The buyer")
