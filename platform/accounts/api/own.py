"""What every address of a person's own API begins with: a token without a shop, and its scope."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from accounts.api import door
from accounts.token_scopes import Scope
from kernel.actor import Actor
from kernel.errors import NotFound


class OwnAPI(APIView):
    """`scopes` names what each method asks of the token."""

    permission_classes = [AllowAny]
    authentication_classes = [door.ByToken]
    throttle_classes = [door.PerToken]
    scopes: ClassVar[dict[str, Scope]] = {}
    actor: Actor
    subject_id: UUID

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """:raises ScopeMissing: also for a shop's token, which has no scope of a person"""
        super().initial(request, *args, **kwargs)
        scope = self.scopes.get("GET" if request.method == "HEAD" else str(request.method))
        if scope is None:
            return
        token = door.require(request._request, scope)
        self.actor = request._request.actor
        if token.merchant_id is not None or self.actor.subject_id is None:
            raise NotFound
        self.subject_id = self.actor.subject_id
