"""Addresses of the orders' API."""

from __future__ import annotations

from django.urls import path

from orders.api import orders
from web.idempotency import idempotent

app_name = "orders-api"
_ORDERS = "merchant/<slug:slug>/orders"

urlpatterns = [
    path(f"{_ORDERS}/", orders.ShopOrders.as_view(), name="shop-orders"),
    path(f"{_ORDERS}/<str:number>/", orders.ShopOrder.as_view(), name="shop-order"),
    path(f"{_ORDERS}/<str:number>/recipient/", orders.Recipient.as_view(), name="recipient"),
    path(f"{_ORDERS}/<str:number>/shipment/", idempotent(orders.Shipment.as_view()), name="shipment"),
    path("me/orders/", orders.OwnOrders.as_view(), name="own-orders"),
]
