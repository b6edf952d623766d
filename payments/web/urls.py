"""The payer's pages, the providers' door, and the sandbox provider's own addresses."""

from django.urls import path

from payments.web import (
    figures,
    gift_cards,
    payments,
    points,
    sandbox,
    shop_deposit,
    shop_money,
    shop_statement,
    webhooks,
)

app_name = "payments"
urlpatterns = [
    path("pay/<str:number>/", payments.show, name="payment"),
    path("pay/<str:number>/provider", payments.choose_provider, name="provider"),
    path("pay/<str:number>/on", payments.hand_over, name="handover"),
    path("pay/<str:number>/return", payments.come_back, name="return"),
    path("merchant/<slug:slug>/money/", shop_money.money, name="merchant-money"),
    path("merchant/<slug:slug>/money/statement/", shop_statement.statement, name="merchant-statement"),
    path("merchant/<slug:slug>/money/payout/", shop_money.payout, name="merchant-payout"),
    path("merchant/<slug:slug>/money/deposit/", shop_deposit.pay_in, name="merchant-deposit"),
    path("merchant/<slug:slug>/money/account/", shop_money.account, name="merchant-account"),
    path("account/cards/", gift_cards.cards, name="cards"),
    path("account/cards/new/", gift_cards.buy, name="card-buy"),
    path("account/cards/claim/", gift_cards.claim, name="card-claim"),
    path("account/cards/<uuid:card_id>/", gift_cards.card, name="card"),
    path("account/cards/<uuid:card_id>/code/", gift_cards.code, name="card-code"),
    path("account/cards/<uuid:card_id>/wallet/", gift_cards.keep, name="card-keep"),
    path("account/cards/<uuid:card_id>/return/", gift_cards.give_back, name="card-return"),
    path("account/cards/<uuid:card_id>/extension/", gift_cards.extend, name="card-extension"),
    path("account/points/", points.points, name="points"),
    path("figures/money/", figures.books, name="books"),
    path("webhooks/payments/<str:provider>", webhooks.receive, name="webhook"),
    path("sandbox/pay/<str:token>", sandbox.till_page, name="sandbox"),
    path("sandbox/api/refunds", sandbox.refunds, name="sandbox_refunds"),
    path("sandbox/api/payments", sandbox.payment, name="sandbox_payments"),
    path("sandbox/api/payouts", sandbox.payouts, name="sandbox_payouts"),
    path("sandbox/api/disputes", sandbox.disputes, name="sandbox_disputes"),
    path("sandbox/api/holds", sandbox.reserved, name="sandbox_holds"),
    path("sandbox/api/statement", sandbox.statement, name="sandbox_statement"),
]
