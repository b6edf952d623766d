"""The inbox and a letter; opening a letter changes nothing, marking it read is a button."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views import View

from kernel import clock
from notifications import access, preferences, reading
from notifications.kinds import optional
from notifications.rendering import words_of
from web import respond
from web.http import Request
from web.paging import paginate


class InboxView(LoginRequiredMixin, View):
    """Only for the one who is signed in."""


class Inbox(InboxView):
    def get(self, request: Request) -> HttpResponse:
        inbox = access.inbox_of(request.actor)
        page = paginate(request, inbox)
        letters = [(letter, words_of(letter, locale=request.LANGUAGE_CODE)) for letter in page]
        context = {"page": page, "letters": letters, "unread": inbox.unread().count()}
        return respond.page(request, "notifications/inbox.html", context)


class LetterPage(InboxView):
    def get(self, request: Request, letter_id: UUID) -> HttpResponse:
        letter = access.letter_of(request.actor, letter_id)
        words = words_of(letter, locale=request.LANGUAGE_CODE)
        return respond.page(request, "notifications/letter.html", {"letter": letter, "words": words})


class Read(InboxView):
    def post(self, request: Request, letter_id: UUID) -> HttpResponse:
        reading.mark_read(letter_id=letter_id, actor=request.actor, at=clock.now())
        return respond.redirect(request, "notifications:letter", letter_id)


class AllRead(InboxView):
    def post(self, request: Request) -> HttpResponse:
        reading.mark_all_read(actor=request.actor, at=clock.now())
        return respond.redirect(request, "notifications:inbox")


class Settings(InboxView):
    def get(self, request: Request) -> HttpResponse:
        kept = preferences.muted_by(request.actor)
        kinds = [(kind.name, gettext(kind.about), kind.name not in kept) for kind in optional()]
        return respond.page(request, "notifications/settings.html", {"kinds": kinds})

    def post(self, request: Request) -> HttpResponse:
        by_mail = set(request.POST.getlist("by_mail"))
        preferences.choose(by_mail=by_mail, actor=request.actor, at=clock.now())
        return respond.redirect(request, "notifications:settings")
