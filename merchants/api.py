"""What every address of a shop's API begins with: the token's scope, then the member's door."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from accounts.api import door
from accounts.token_scopes import Scope
from kernel.errors import NotFound
from merchants import access
from merchants.models import Membership
from merchants.tokens import NEEDS


class ShopAPI(APIView):
    """`scopes` names what each method asks of the token; the membership is loaded before the method runs."""

    permission_classes = [AllowAny]
    authentication_classes = [door.ByToken]
    throttle_classes = [door.PerToken]
    scopes: ClassVar[dict[str, Scope]] = {}
    membership: Membership

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        scope = self.scopes.get("GET" if request.method == "HEAD" else str(request.method))
        if scope is not None:
            self.membership = membership_for(request._request, str(kwargs["slug"]), scope)


def membership_for(request: HttpRequest, slug: str, scope: Scope) -> Membership:
    """Whose token it is, as a member of the shop that the token is for.

    :raises ScopeMissing: the token may not do that
    :raises NotFound: another shop's token, or a person who may not do that there (any more)
    """
    token = door.token_of(request)
    membership = access.membership_for(request.actor, slug)  # type: ignore[attr-defined]
    if token.merchant_id != membership.merchant_id:
        raise NotFound
    door.require(request, scope)
    membership.require(NEEDS[scope])
    return membership
