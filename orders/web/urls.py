"""Addresses of carts, checkout, orders and returns; nouns, with POST for what changes them."""

from __future__ import annotations

from django.urls import path

from orders.web import (
    addresses,
    carriers,
    cart_sets,
    carts,
    checkouts,
    claims,
    contracts,
    invoices,
    kept_promises,
    messages,
    order_steps,
    orders,
    portal_claims,
    portal_invoices,
    portal_messages,
    portal_orders,
    portal_promises,
    portal_promotions,
    portal_returns,
    portal_serials,
    portal_shipping,
    receipts,
    return_steps,
    returns,
    shop_promotions,
)

app_name = "orders"

urlpatterns = [
    path("account/addresses/", addresses.book, name="addresses"),
    path("account/addresses/<uuid:address_id>/", addresses.entry, name="address"),
    path("account/addresses/<uuid:address_id>/first-choice/", addresses.first, name="address-first"),
    path("account/addresses/<uuid:address_id>/removal/", addresses.removal, name="address-removal"),
    path("account/invoices/", invoices.listing, name="invoices"),
    path("account/invoice-titles/", invoices.book, name="invoice-titles"),
    path("account/invoice-titles/<uuid:title_id>/removal/", invoices.removal, name="invoice-title-removal"),
    path("cart/", carts.show, name="cart"),
    path("cart/lines/", carts.add, name="cart-lines"),
    path("cart/lines/<uuid:variant_id>/", carts.change, name="cart-line"),
    path("cart/sets/", cart_sets.add, name="cart-sets"),
    path("cart/sets/<uuid:set_id>/", cart_sets.change, name="cart-set"),
    path("checkout/", checkouts.checkout, name="checkout"),
    path("receipts/<str:payment_number>/", checkouts.receipt, name="receipt"),
    path("orders/", orders.listing, name="list"),
    path("orders/g/<str:token>/", orders.guest, name="guest"),
    path("orders/<str:number>/", orders.show, name="order"),
    path("orders/<str:number>/payment/", orders.payment, name="payment"),
    path("orders/<str:number>/contract/", contracts.show, name="contract"),
    path("orders/<str:number>/receipt/", receipts.show, name="order-receipt"),
    path("orders/<str:number>/invoice/", invoices.order_invoice, name="invoice"),
    path("orders/<str:number>/invoice/withdrawal/", invoices.withdrawal, name="invoice-withdrawal"),
    path("orders/<str:number>/invoice/<uuid:paper_id>/", invoices.paper, name="invoice-paper"),
    path("orders/<str:number>/messages/", messages.thread, name="messages"),
    path("orders/<str:number>/messages/files/<uuid:file_id>/", messages.file, name="message-file"),
    path("orders/<str:number>/delivery/", order_steps.delivery, name="delivery"),
    path(
        "orders/<str:number>/parcels/<uuid:parcel_id>/delivery/",
        order_steps.parcel_delivery,
        name="parcel-delivery",
    ),
    path(
        "orders/<str:number>/parcels/<uuid:parcel_id>/denial/",
        order_steps.parcel_denial,
        name="parcel-denial",
    ),
    path("orders/<str:number>/cancellation/", order_steps.cancellation, name="cancellation"),
    path("orders/<str:number>/return/", returns.wizard, name="return"),
    path("orders/<str:number>/return/check/", returns.check, name="return-check"),
    path("orders/<str:number>/returns/", returns.ask, name="returns"),
    path("returns/<str:number>/", returns.show, name="return-page"),
    path("returns/<str:number>/parcel/", return_steps.parcel, name="return-parcel"),
    path("returns/<str:number>/withdrawal/", return_steps.withdrawal, name="return-withdrawal"),
    path("returns/<str:number>/reopening/", return_steps.reopening, name="return-reopening"),
    path("orders/<str:number>/lines/<uuid:line_id>/claim/", claims.new, name="claim-new"),
    path("orders/<str:number>/lines/<uuid:line_id>/claims/", claims.ask, name="claims"),
    path("fault-claims/<str:claim_number>/", claims.show, name="claim-page"),
    path("fault-claims/<str:claim_number>/photos/<uuid:photo_id>/", claims.photo, name="claim-photo"),
    path("fault-claims/<str:claim_number>/parcel/", claims.parcel, name="claim-parcel"),
    path("fault-claims/<str:claim_number>/withdrawal/", claims.withdrawal, name="claim-withdrawal"),
    path("fault-claims/<str:claim_number>/receipt/", claims.receipt, name="claim-receipt"),
    path("fault-claims/<str:claim_number>/exchange/", claims.exchange, name="claim-exchange"),
    path("merchant/<slug:slug>/orders/", portal_orders.listing, name="merchant-orders"),
    path("merchant/<slug:slug>/orders/shipments/", portal_shipping.bulk, name="merchant-shipments"),
    path("merchant/<slug:slug>/orders/<str:number>/", portal_orders.show, name="merchant-order"),
    path(
        "merchant/<slug:slug>/orders/<str:number>/shipment/", portal_shipping.ship, name="merchant-shipment"
    ),
    path(
        "merchant/<slug:slug>/orders/<str:number>/cancellation/",
        portal_orders.cancellation,
        name="merchant-cancellation",
    ),
    path(
        "merchant/<slug:slug>/orders/<str:number>/serials/", portal_serials.serials, name="merchant-serials"
    ),
    path("merchant/<slug:slug>/messages/", portal_messages.listing, name="merchant-message-list"),
    path(
        "merchant/<slug:slug>/orders/<str:number>/messages/", portal_messages.thread, name="merchant-messages"
    ),
    path(
        "merchant/<slug:slug>/orders/<str:number>/messages/files/<uuid:file_id>/",
        portal_messages.file,
        name="merchant-message-file",
    ),
    path("merchant/<slug:slug>/invoices/", portal_invoices.listing, name="merchant-invoices"),
    path("merchant/<slug:slug>/invoices/<uuid:paper_id>/", portal_invoices.show, name="merchant-invoice"),
    path(
        "merchant/<slug:slug>/invoices/<uuid:paper_id>/refusal/",
        portal_invoices.refusal,
        name="merchant-invoice-refusal",
    ),
    path(
        "merchant/<slug:slug>/invoices/<uuid:paper_id>/file/",
        portal_invoices.file,
        name="merchant-invoice-file",
    ),
    path("merchant/<slug:slug>/promises/", portal_promises.promises, name="merchant-promises"),
    path(
        "merchant/<slug:slug>/promises/<uuid:promise_id>/withdrawal/",
        portal_promises.withdrawal,
        name="merchant-promise-withdrawal",
    ),
    path("merchant/<slug:slug>/returns/", portal_returns.listing, name="merchant-returns"),
    path("merchant/<slug:slug>/returns/<str:number>/", portal_returns.show, name="merchant-return"),
    path(
        "merchant/<slug:slug>/returns/<str:number>/acceptance/",
        portal_returns.acceptance,
        name="merchant-return-acceptance",
    ),
    path(
        "merchant/<slug:slug>/returns/<str:number>/receipt/",
        portal_returns.receipt,
        name="merchant-return-receipt",
    ),
    path(
        "merchant/<slug:slug>/returns/<str:number>/refund/",
        portal_returns.refund,
        name="merchant-return-refund",
    ),
    path(
        "merchant/<slug:slug>/returns/<str:number>/refusal/",
        portal_returns.refusal,
        name="merchant-return-refusal",
    ),
    *(
        path(f"merchant/<slug:slug>/fault-claims/{way}", view, name=f"merchant-claim{name}")
        for way, view, name in (
            ("", portal_claims.listing, "s"),
            ("<str:claim_number>/", portal_claims.show, ""),
            ("<str:claim_number>/photos/<uuid:photo_id>/", portal_claims.photo, "-photo"),
            ("<str:claim_number>/acceptance/", portal_claims.acceptance, "-acceptance"),
            ("<str:claim_number>/receipt/", portal_claims.receipt, "-receipt"),
            ("<str:claim_number>/taking-on/", portal_claims.work, "-work"),
            ("<str:claim_number>/parcel/", portal_claims.parcel, "-parcel"),
            ("<str:claim_number>/refund/", portal_claims.refund, "-refund"),
            ("<str:claim_number>/refusal/", portal_claims.refusal, "-refusal"),
        )
    ),
    path("shop/<slug:slug>/promises/", kept_promises.shop_promises, name="shop-promises"),
    path("webhooks/carriers/sandbox", carriers.webhook, {"carrier": "sandbox"}, name="carrier-webhook"),
    path("shop/<slug:slug>/promotions/", shop_promotions.shop_promotions, name="shop-promotions"),
    path(
        "shop/<slug:slug>/promotions/<uuid:promotion_id>/coupons/",
        shop_promotions.claim,
        name="shop-promotion-coupons",
    ),
    path("merchant/<slug:slug>/promotions/", portal_promotions.promotions, name="merchant-promotions"),
    path(
        "merchant/<slug:slug>/promotions/<uuid:promotion_id>/withdrawal/",
        portal_promotions.withdrawal,
        name="merchant-promotion-withdrawal",
    ),
    path("sandbox/carrier/<str:tracking_number>/", carriers.play, name="sandbox-carrier"),
]
