"""A shop's service points in its portal: what there is, one opened, changed, closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.models import PointOffer, ServicePoint
from orders.pickup import access, points
from orders.web.point_form import PointForm
from orders.web.presenting import View
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """Everybody who belongs may read; who keeps the orders opens one."""
    membership = membership_for(request.actor, slug)
    if request.method != "POST":
        return _page(request, membership, PointForm(None))
    membership.require(Capability.ORDERS)
    form = PointForm(None, data=request.POST)
    if form.is_valid() and _saved(membership, form, None, clock.now()):
        messages.success(request, _("The service point is open. Buyers can choose it at checkout."))
        return redirect(request, "orders:merchant-points", slug)
    return _page(request, membership, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: Request, slug: str, point_id: UUID) -> HttpResponse:
    """Change one; orders keep what they were told."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    there = access.point_for_merchant(membership, point_id)
    form = PointForm(there, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _saved(membership, form, there, clock.now()):
        messages.success(request, _("The service point is changed."))
        return redirect(request, "orders:merchant-points", slug)
    context = {"merchant": membership.merchant, "form": form, "point": there}
    return page(request, "orders/portal_point.html", context, status=422 if form.errors else 200)


@require_POST
def closing(request: Request, slug: str, point_id: UUID) -> HttpResponse:
    """Refused while orders wait there."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    there = access.point_for_merchant(membership, point_id)
    try:
        points.close(
            point_id=there.pk, merchant_id=membership.merchant_id, actor=membership.actor, at=clock.now()
        )
        messages.success(request, _("“%(name)s” is closed.") % {"name": there.name})
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:merchant-points", slug)


def _saved(membership: Membership, form: PointForm, there: ServicePoint | None, at: datetime) -> bool:
    shop, actor = membership.merchant_id, membership.actor
    try:
        if there is None:
            points.open_point(merchant_id=shop, written=form.written, actor=actor, at=at)
        else:
            points.change(point_id=there.pk, merchant_id=shop, written=form.written, actor=actor, at=at)
    except DomainError as refused:
        form.refuse(refused)
        return False
    return True


def _page(request: Request, membership: Membership, form: PointForm) -> HttpResponse:
    context = {
        "merchant": membership.merchant,
        "rows": [_row(each) for each in access.points_of_merchant(membership)],
        "form": form,
        "may_edit": membership.can(Capability.ORDERS),
    }
    return page(request, "orders/portal_points.html", context, status=422 if form.errors else 200)


def _row(point: ServicePoint) -> View:
    return {"point": point, "offers": [PointOffer(each).label for each in point.offers]}
