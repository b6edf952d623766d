"""Addresses of the orders' API: a shop's below its name, a person's below `me/`."""

from __future__ import annotations

from django.urls import path

from orders.api import (
    cart,
    checkout,
    orders,
    own_claims,
    own_codes,
    own_labels,
    own_orders,
    own_returns,
    own_services,
    points,
    shop_claims,
    shop_money,
    shop_returns,
)
from web.keyed import keyed

app_name = "orders-api"
_SHOP = "merchant/<slug:slug>"
_ORDER = f"{_SHOP}/orders/<str:number>"
_RETURN = f"{_SHOP}/returns/<str:number>"
_OWN, _OWN_RETURN = "me/orders/<str:number>", "me/returns/<str:number>"
_LINE, _OWN_CLAIM = f"{_OWN}/lines/<uuid:line_id>", "me/fault-claims/<str:claim_number>"
_CLAIM = f"{_SHOP}/fault-claims/<str:claim_number>"

urlpatterns = [
    path(f"{_SHOP}/orders/", orders.ShopOrders.as_view(), name="shop-orders"),
    path(f"{_ORDER}/", orders.ShopOrder.as_view(), name="shop-order"),
    path(f"{_ORDER}/recipient/", orders.Recipient.as_view(), name="recipient"),
    path(f"{_ORDER}/shipment/", keyed(orders.Shipment), name="shipment"),
    path(f"{_ORDER}/readiness/", keyed(points.Readiness), name="shop-ready"),
    path(f"{_SHOP}/points/", points.ShopPoints.as_view(), name="shop-points"),
    path(f"{_SHOP}/points/codes/", keyed(points.CodeShown), name="shop-codes"),
    path(f"{_ORDER}/confirmation/", keyed(orders.Confirmation), name="shop-confirmation"),
    path(f"{_ORDER}/refusal/", keyed(orders.Refusal), name="shop-refusal"),
    path(f"{_ORDER}/cancellation/", keyed(orders.Cancellation), name="shop-cancellation"),
    path(f"{_ORDER}/refunds/", shop_money.ShopOrderMoney.as_view(), name="shop-order-refunds"),
    path(f"{_SHOP}/returns/", shop_returns.ShopReturns.as_view(), name="shop-returns"),
    path(f"{_RETURN}/", shop_returns.ShopReturn.as_view(), name="shop-return"),
    path(f"{_RETURN}/acceptance/", keyed(shop_returns.Acceptance), name="shop-return-acceptance"),
    path(f"{_RETURN}/receipt/", keyed(shop_returns.GoodsBack), name="shop-return-receipt"),
    path(f"{_RETURN}/refund/", keyed(shop_returns.ReturnRefund), name="shop-return-refund"),
    path(f"{_RETURN}/refusal/", keyed(shop_returns.ReturnRefusal), name="shop-return-refusal"),
    path(f"{_SHOP}/refunds/", shop_money.ShopRefunds.as_view(), name="shop-refunds"),
    path(f"{_SHOP}/account/", shop_money.ShopAccount.as_view(), name="shop-account"),
    path("me/cart/", cart.OwnCart.as_view(), name="own-cart"),
    path("me/cart/lines/", cart.OwnCartLines.as_view(), name="own-cart-lines"),
    path("me/cart/lines/<uuid:variant_id>/", cart.OwnCartLine.as_view(), name="own-cart-line"),
    path("me/checkouts/", keyed(checkout.OwnCheckouts), name="own-checkouts"),
    path("me/checkouts/<str:number>/", checkout.OwnCheckout.as_view(), name="own-checkout"),
    path("me/orders/", own_orders.OwnOrders.as_view(), name="own-orders"),
    path(f"{_OWN}/", own_orders.OwnOrder.as_view(), name="own-order"),
    path(f"{_OWN}/refunds/", own_orders.OwnRefunds.as_view(), name="own-order-refunds"),
    path(f"{_OWN}/cancellation/", keyed(own_orders.OwnCancellation), name="own-cancellation"),
    path(f"{_OWN}/delivery/", keyed(own_orders.OwnReceipt), name="own-delivery"),
    path(f"{_OWN}/pick-up/", own_codes.OwnPickUp.as_view(), name="own-pick-up"),
    path(f"{_OWN}/pick-up/codes/", keyed(own_codes.OwnPickUpCode), name="own-pick-up-code"),
    path(f"{_OWN}/services/", own_services.OwnServices.as_view(), name="own-services"),
    path(f"{_OWN}/appointments/", keyed(own_services.OwnBooking), name="own-appointments"),
    path(
        f"{_OWN}/appointments/<uuid:appointment_id>/cancellation/",
        keyed(own_services.OwnAppointmentCancellation),
        name="own-appointment-cancellation",
    ),
    path(f"{_OWN}/return-quotes/", own_returns.ReturnQuotes.as_view(), name="own-return-quotes"),
    path(f"{_OWN}/returns/", keyed(own_returns.OwnReturnAsked), name="own-order-returns"),
    path("me/returns/", own_returns.OwnReturns.as_view(), name="own-returns"),
    path(f"{_OWN_RETURN}/", own_returns.OwnReturn.as_view(), name="own-return"),
    path(f"{_OWN_RETURN}/hand-in/", own_codes.OwnHandIn.as_view(), name="own-hand-in"),
    path(f"{_OWN_RETURN}/hand-in/codes/", keyed(own_codes.OwnHandInCode), name="own-hand-in-code"),
    path(f"{_OWN_RETURN}/parcel/", keyed(own_returns.OwnReturnPosted), name="own-return-parcel"),
    path(f"{_OWN_RETURN}/withdrawal/", keyed(own_returns.OwnReturnWithdrawn), name="own-return-withdrawal"),
    path(f"{_LINE}/remedies/", own_claims.OwnRemedies.as_view(), name="own-claim-remedies"),
    path(f"{_LINE}/claims/", keyed(own_claims.OwnClaimAsked), name="own-line-claims"),
    path("me/fault-claims/", own_claims.OwnClaims.as_view(), name="own-claims"),
    path(f"{_OWN_CLAIM}/", own_claims.OwnClaim.as_view(), name="own-claim"),
    path(f"{_OWN_CLAIM}/parcel/", keyed(own_claims.OwnClaimPosted), name="own-claim-parcel"),
    path(f"{_OWN_CLAIM}/withdrawal/", keyed(own_claims.OwnClaimWithdrawn), name="own-claim-withdrawal"),
    path(f"{_OWN_CLAIM}/receipt/", keyed(own_claims.OwnClaimConfirmed), name="own-claim-receipt"),
    path(f"{_OWN_CLAIM}/exchange/", keyed(own_claims.OwnClaimTurned), name="own-claim-exchange"),
    path(f"{_OWN_RETURN}/way-back/", own_labels.ReturnWayBack.as_view(), name="own-return-way-back"),
    path(f"{_OWN_RETURN}/label/", keyed(own_labels.ReturnLabel), name="own-return-label"),
    path(f"{_OWN_RETURN}/collection/", keyed(own_labels.ReturnVisit), name="own-return-collection"),
    path(
        f"{_OWN_RETURN}/collection/end/", keyed(own_labels.ReturnVisitEnd), name="own-return-collection-end"
    ),
    path(f"{_OWN_CLAIM}/way-back/", own_labels.ClaimWayBack.as_view(), name="own-claim-way-back"),
    path(f"{_OWN_CLAIM}/label/", keyed(own_labels.ClaimLabel), name="own-claim-label"),
    path(f"{_OWN_CLAIM}/collection/", keyed(own_labels.ClaimVisit), name="own-claim-collection"),
    path(f"{_OWN_CLAIM}/collection/end/", keyed(own_labels.ClaimVisitEnd), name="own-claim-collection-end"),
    path(f"{_SHOP}/fault-claims/", shop_claims.ShopClaims.as_view(), name="shop-claims"),
    path(f"{_CLAIM}/", shop_claims.ShopClaim.as_view(), name="shop-claim"),
    path(f"{_CLAIM}/acceptance/", keyed(shop_claims.ClaimAcceptance), name="shop-claim-acceptance"),
    path(f"{_CLAIM}/receipt/", keyed(shop_claims.ClaimReceipt), name="shop-claim-receipt"),
    path(f"{_CLAIM}/taking-on/", keyed(shop_claims.ClaimWork), name="shop-claim-work"),
    path(f"{_CLAIM}/parcel/", keyed(shop_claims.ClaimSent), name="shop-claim-parcel"),
    path(f"{_CLAIM}/refund/", keyed(shop_claims.ClaimRefund), name="shop-claim-refund"),
    path(f"{_CLAIM}/refusal/", keyed(shop_claims.ClaimRefusal), name="shop-claim-refusal"),
]
