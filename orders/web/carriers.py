"""Carriers' signed events, and the page on which one can play the sandbox carrier."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import NotFound
from orders import access, receiving
from orders.carriers.protocol import NOT_COLLECTED
from orders.models import ReturnLabel, Shipment
from orders.parcels import KINDS
from orders.web import timeline
from web.http import Request
from web.respond import page, redirect

LARGEST_EVENT = 4096


@csrf_exempt
@require_POST
def webhook(request: Request, carrier: str) -> HttpResponse:
    """200 also for an event that was taken in before, so that the carrier stops sending it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.body[:LARGEST_EVENT]
    scan = receiving.receive(carrier=carrier, headers=headers, body=body, at=clock.now())
    return JsonResponse({"taken": scan.event_id})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def play(request: Request, tracking_number: str) -> HttpResponse:
    if not settings.SANDBOX:
        raise NotFound()
    parcel = access.parcel(tracking_number)
    if request.method == "POST":
        receiving.play_sandbox(
            tracking_number=parcel.tracking_number, kind=request.POST.get("kind", ""), at=clock.now()
        )
        return redirect(request, "orders:sandbox-carrier", parcel.tracking_number)
    seen = parcel.scans.order_by("happened_at", "id") if isinstance(parcel, Shipment) else ()
    scans = [(scan, _(timeline.SCANS[scan.kind])) for scan in seen]
    kinds = [(kind, _(timeline.SCANS[kind])) for kind in KINDS]
    if isinstance(parcel, ReturnLabel):
        kinds.append((NOT_COLLECTED, _("Nobody came to fetch it")))
    context = {"parcel": parcel, "kinds": kinds, "scans": scans}
    return page(request, "orders/sandbox_carrier.html", context)
