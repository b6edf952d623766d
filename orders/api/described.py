"""What the API's description says of every address: its refusals and the key of its steps."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from orders.api.serializers import ProblemSerializer

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="8 to 80 letters, digits, - or _; sent again within 72 hours the thing is done once and"
    " answered alike; with another body or address it is refused (409)",
)
REFUSALS = dict.fromkeys((400, 401, 403, 404, 429), ProblemSerializer)
STEP_REFUSALS = REFUSALS | dict.fromkeys((409, 422), ProblemSerializer)
