"""The services of a person's order for their program: what is left of them, times and appointments."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from kernel.errors import NotFound
from orders import access
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.serializers import NothingSerializer
from orders.models import Order
from orders.vouchers import access as services
from orders.vouchers import appointments
from orders.web import voucher_view
from web.api_input import Id, Strict, read
from web.keyed import KeyedStep


class SumStepSerializer(serializers.Serializer[Any]):
    words = serializers.CharField()
    amount_minor = serializers.IntegerField()


class AppointmentSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    state = serializers.CharField(help_text="booked, kept, missed, moved, cancelled or lapsed")
    free_until = serializers.DateTimeField(help_text="until then it is moved or cancelled for nothing")


class TimeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    seats = serializers.IntegerField(help_text="left now")


class ServiceSerializer(serializers.Serializer[Any]):
    line = serializers.UUIDField()
    uses = serializers.IntegerField()
    used = serializers.IntegerField()
    booked = serializers.IntegerField()
    left = serializers.IntegerField(help_text="neither used nor paid back")
    good_until = serializers.DateTimeField(allow_null=True, help_text="then the unused is paid back")
    code = serializers.CharField(allow_blank=True, help_text="whoever knows it can use the service")
    unused_minor = serializers.IntegerField(help_text="goes back if the rest is cancelled now")
    steps = SumStepSerializer(many=True)
    appointments = AppointmentSerializer(many=True)
    times = TimeSerializer(many=True)


class ServicesSerializer(serializers.Serializer[Any]):
    results = ServiceSerializer(many=True)


class BookingSerializer(Strict):
    line = Id()
    time = Id()


def _services(view: OwnAPI, number: str) -> Order:
    """:raises NotFound: also for an order of goods"""
    order = access.order_for_buyer(view.actor, number)
    if not order.is_voucher:
        raise NotFound()
    return order


def _told(order: Order) -> Any:
    return ServicesSerializer({"results": voucher_view.told(order, at=clock.now())}).data


class OwnServices(OwnAPI):
    """What is left of an order of services, with its codes, times and appointments."""

    scopes = {"GET": Scope.OWN_BUY}

    @extend_schema(responses={200: ServicesSerializer, **REFUSALS}, operation_id="own_services")
    def get(self, request: Request, number: str) -> Response:
        return Response(_told(_services(self, number)))


class _ServiceStep(OwnAPI, KeyedStep):
    scopes = {"POST": Scope.OWN_BUY}

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return _told(_services(self, where["number"]))


class OwnBooking(_ServiceStep):
    """Book one of the shop's times for one use; answered with the services as they stand."""

    @extend_schema(
        parameters=[KEY],
        request=BookingSerializer,
        responses={200: ServicesSerializer, **STEP_REFUSALS},
        operation_id="own_appointment_book",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        order, sent = _services(self, where["number"]), read(BookingSerializer, request)
        facts = {"order_id": order.pk, "line_id": sent["line"], "slot_id": sent["time"]}
        appointments.book(**facts, actor=self.actor, at=clock.now())
        return reverse("orders-api:own-services", args=[order.number])


class OwnAppointmentCancellation(_ServiceStep):
    """Cancel an appointment; after `free_until` it may count as a use, as the listing said."""

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: ServicesSerializer, **STEP_REFUSALS},
        operation_id="own_appointment_cancel",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        order = _services(self, where["number"])
        read(NothingSerializer, request)
        found = services.appointment_of(order, where["appointment_id"])
        appointments.cancel(appointment_id=found.pk, actor=self.actor, at=clock.now())
        return reverse("orders-api:own-services", args=[order.number])
