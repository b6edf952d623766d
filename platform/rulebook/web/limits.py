"""How often one person, or one network without a sign-in, may comment; the cache holds digests only."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from kernel.errors import N_, DomainError
from web.http import Request

COMMENTS = 5
SECONDS = 10 * 60


class TooManyComments(DomainError):
    code = "rule_comments_too_many"
    message = N_(
        "You can send %(limit)s comments in ten minutes. Yours is still here: send it a little later."
    )
    status = 429


def count_comment(request: Request) -> None:
    """Count one more comment of whoever sends it; without its cache it lets everybody through.

    :raises TooManyComments:
    """
    key = f"rulebook.comments.{_sender(request)}"
    cache.add(key, 0, SECONDS)
    try:
        sent = cache.incr(key)
    except ValueError:
        # The ten minutes have ended between the two calls.
        return
    if sent > COMMENTS:
        raise TooManyComments(limit=COMMENTS)


def _sender(request: Request) -> str:
    """The accounts' adapter gives the network as a keyed digest already; the person becomes one here."""
    person = request.actor.subject_id
    who = f"person:{person}" if person else f"network:{get_adapter().get_client_ip(request)}"
    return salted_hmac("rulebook.comments", who, algorithm="sha256").hexdigest()
