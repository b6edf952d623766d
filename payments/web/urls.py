"""The payer's pages, the providers' door, and the sandbox provider's own addresses."""

from django.urls import path

from payments.web import figures, payments, sandbox, shop_money, shop_statement, webhooks

app_name = "payments"
urlpatterns = [
    path("pay/<str:number>/", payments.show, name="payment"),
    path("pay/<str:number>/provider", payments.choose_provider, name="provider"),
    path("pay/<str:number>/on", payments.hand_over, name="handover"),
    path("pay/<str:number>/return", payments.come_back, name="return"),
    path("merchant/<slug:slug>/money/", shop_money.money, name="merchant-money"),
    path("merchant/<slug:slug>/money/statement/", shop_statement.statement, name="merchant-statement"),
    path("merchant/<slug:slug>/money/payout/", shop_money.payout, name="merchant-payout"),
    path("merchant/<slug:slug>/money/account/", shop_money.account, name="merchant-account"),
    path("figures/money/", figures.books, name="books"),
    path("webhooks/payments/<str:provider>", webhooks.receive, name="webhook"),
    path("sandbox/pay/<str:token>", sandbox.till_page, name="sandbox"),
    path("sandbox/api/refunds", sandbox.refunds, name="sandbox_refunds"),
    path("sandbox/api/payments", sandbox.payment, name="sandbox_payments"),
    path("sandbox/api/payouts", sandbox.payouts, name="sandbox_payouts"),
    path("sandbox/api/disputes", sandbox.disputes, name="sandbox_disputes"),
    path("sandbox/api/statement", sandbox.statement, name="sandbox_statement"),
]
