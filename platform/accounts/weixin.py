"""WeChat as one more way in: configured by the environment, absent without it.

Of what WeChat tells us only a keyed digest of its id for the person stays, as one more pseudonym.
"""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts import changing, contact_cells
from accounts.finding import account_locked
from accounts.models import User
from accounts.pseudonyms import WEIXIN_DOMAIN
from kernel.errors import N_, DomainError
from privacy import blind_index
from web import outgoing
from web.outgoing import Origin

AUTHORISE = "https://open.weixin.qq.com/connect/qrconnect"
ORIGIN = Origin.of("https://api.weixin.qq.com")


class WeixinAway(DomainError):
    code = "weixin_away"
    message = N_("WeChat doesn't answer, or it refused. Try again, or sign in another way.")
    status = 503


class WeixinTaken(DomainError):
    code = "weixin_taken"
    message = N_("This WeChat account opens another account here already.")


def is_set_up() -> bool:
    """Whether this site has keys; without them nothing of WeChat appears anywhere."""
    return bool(settings.WEIXIN_CLIENT and settings.WEIXIN_SECRET)


def address(*, state: str, back: str) -> str:
    """Where the browser goes to be asked by WeChat; `state` comes back with the answer."""
    query = {
        "appid": settings.WEIXIN_CLIENT,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_login",
        "state": state,
    }
    return f"{AUTHORISE}?{urlencode(query)}#wechat_redirect"


def pseudonym_of(code: str) -> str:
    """Ask WeChat whom its code stands for. :raises WeixinAway: no answer, or a refusal"""
    query = urlencode(
        {
            "appid": settings.WEIXIN_CLIENT,
            "secret": settings.WEIXIN_SECRET,
            "code": code,
            "grant_type": "authorization_code",
        }
    )
    answer = outgoing.post(ORIGIN, f"/sns/oauth2/access_token?{query}", body=b"", headers={})
    try:
        openid = json.loads(answer.body)["openid"] if answer.status == 200 else ""
    except (ValueError, KeyError, TypeError):
        openid = ""
    if not isinstance(openid, str) or not openid:
        raise WeixinAway
    return f"{blind_index.of('accounts.sign_in.weixin', openid)}@{WEIXIN_DOMAIN}"


def account_of(pseudonym: str) -> User | None:
    found = EmailAddress.objects.filter(email=pseudonym, verified=True).first()
    return User.objects.get(pk=found.user_id) if found else None


def connected(user: User) -> bool:
    return bool(EmailAddress.objects.filter(user_id=user.pk, email__endswith=f"@{WEIXIN_DOMAIN}").exists())


@transaction.atomic
def connect(*, user_id: UUID, pseudonym: str, at: datetime) -> None:
    """Let this WeChat account open the account. :raises WeixinTaken: it opens another one"""
    user = account_locked(user_id)
    other = account_of(pseudonym)
    if other is not None and other.pk != user_id:
        raise WeixinTaken
    contact_cells.drop_weixin(user)
    EmailAddress.objects.create(user_id=user_id, email=pseudonym, primary=False, verified=True)
    changing.weixin_connected(user=user, at=at)


@transaction.atomic
def disconnect(*, user_id: UUID) -> None:
    contact_cells.drop_weixin(account_locked(user_id))
