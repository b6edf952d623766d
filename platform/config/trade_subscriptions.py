"""Who listens to orders and cases, and to what becomes of promises: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from complaints import events as case_events
from complaints import handlers as complaints_handlers
from complaints import promise_watching
from config import aftercare_subscriptions, campaign_subscriptions, cover_subscriptions
from credit import handlers as credit_handlers
from kernel.events import Event
from notifications.kinds import LetterKind
from orders import announcing as orders_announcing
from orders import (
    confirm_events,
    confirm_letters,
    invoice_events,
    message_events,
    promise_clocks,
    promise_deadlines,
    promise_letters,
    promise_rulings,
    promise_watch,
)
from orders import disputes as orders_disputes
from orders import earning as orders_earning
from orders import events as order_events
from orders import exporting as orders_exporting
from orders import handlers as orders_handlers
from orders import rewarding as orders_rewarding
from orders import turnover as orders_turnover
from orders.aftercare import outcomes as aftercare_outcomes
from orders.campaigns import handlers as campaign_handlers
from orders.cover import deciding as cover_deciding
from orders.cover import handlers as cover_handlers
from orders.invoices import asking as invoice_asking
from orders.invoices import clocks as invoice_clocks
from orders.invoices import issuing as invoice_issuing
from orders.invoices import letters as invoice_letters
from orders.labels import following as label_following
from orders.messages import clocks as message_clocks
from orders.messages import report_letters, reporting
from orders.messages import telling as message_telling
from orders.promotions import handlers as promotion_handlers
from orders.vouchers import announcing as voucher_announcing

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    order_events.OrderPaid: (
        orders_announcing.on_order_paid,
        orders_exporting.on_order_paid,
        orders_turnover.on_order_paid,
        invoice_asking.on_order_paid,
        campaign_handlers.on_order_paid,
        cover_handlers.on_order_moved,
    ),
    confirm_events.OrderReserved: (confirm_letters.on_order_reserved,),
    confirm_events.ConfirmationAsked: (confirm_letters.on_confirmation_asked,),
    confirm_events.OrderConfirmed: (confirm_letters.on_order_confirmed,),
    order_events.OrderExpired: (
        orders_announcing.on_order_expired,
        promotion_handlers.on_order_over,
        invoice_asking.on_order_over,
        campaign_handlers.on_order_over,
        cover_handlers.on_order_moved,
    ),
    order_events.OrderCancelled: (
        orders_announcing.on_order_cancelled,
        confirm_letters.on_order_cancelled,
        credit_handlers.on_order_cancelled,
        promotion_handlers.on_order_over,
        invoice_asking.on_order_over,
        campaign_handlers.on_order_over,
        cover_handlers.on_order_moved,
    ),
    order_events.LatePaymentRefunded: (orders_announcing.on_late_payment_refunded,),
    order_events.DispatchLate: (
        orders_announcing.on_dispatch_late,
        promise_watch.on_dispatch_late,
        credit_handlers.on_dispatch_late,
    ),
    order_events.ExpressLate: (orders_announcing.on_express_late,),
    order_events.PickupGivenUp: (orders_announcing.on_pickup_given_up,),
    order_events.VoucherLapsed: (orders_announcing.on_voucher_lapsed,),
    order_events.AppointmentChanged: (voucher_announcing.on_appointment_changed,),
    order_events.OrderShipped: (
        orders_announcing.on_order_shipped,
        promise_watch.on_order_shipped,
        credit_handlers.on_order_shipped,
        cover_handlers.on_order_moved,
    ),
    order_events.PartShipped: (orders_announcing.on_part_shipped, cover_handlers.on_order_moved),
    order_events.PartArrived: (),
    order_events.RestCancelled: (
        orders_announcing.on_rest_cancelled,
        credit_handlers.on_rest_cancelled,
        cover_handlers.on_order_moved,
    ),
    order_events.ParcelLost: (orders_announcing.on_parcel_lost, credit_handlers.on_parcel_lost),
    order_events.ParcelCameBack: (orders_announcing.on_parcel_came_back,),
    order_events.ParcelRefused: (orders_announcing.on_parcel_refused,),
    order_events.ParcelAsked: (orders_announcing.on_parcel_asked,),
    order_events.ParcelDenied: (orders_announcing.on_parcel_denied,),
    order_events.OrderDelivered: (orders_announcing.on_order_delivered,),
    order_events.OrderSettled: (
        credit_handlers.on_order_settled,
        campaign_handlers.on_order_settled,
        orders_earning.on_order_settled,
        orders_rewarding.on_order_settled,
    ),
    order_events.OrderRefunded: (
        orders_handlers.on_order_refunded,
        aftercare_outcomes.on_order_refunded,
        credit_handlers.on_order_refunded,
        promotion_handlers.on_order_over,
        invoice_asking.on_order_over,
        campaign_handlers.on_order_over,
        cover_handlers.on_order_moved,
    ),
    order_events.HoldPlaced: (),
    order_events.HoldLifted: (
        orders_disputes.catch_up,
        aftercare_outcomes.catch_up,
        complaints_handlers.on_hold_lifted,
        cover_deciding.catch_up,
    ),
    order_events.ReturnAsked: (),
    order_events.ReturnAccepted: (
        orders_announcing.on_return_accepted,
        credit_handlers.on_return_accepted,
        promise_clocks.on_return_answered,
    ),
    order_events.ReturnPosted: (label_following.on_return,),
    order_events.ReturnReceived: (orders_announcing.on_return_received, label_following.on_return),
    order_events.ReturnRefunded: (
        orders_announcing.on_return_refunded,
        label_following.on_return,
        credit_handlers.on_return_refunded,
        promise_clocks.on_return_refunded,
        promise_rulings.on_return_refunded,
    ),
    order_events.ReturnRefused: (orders_announcing.on_return_refused, promise_clocks.on_return_answered),
    order_events.ReturnRefusalUnanswered: (complaints_handlers.on_return_refusal_unanswered,),
    order_events.ReturnClosed: (orders_announcing.on_return_closed, label_following.on_return),
    case_events.ComplaintOpened: (
        complaints_handlers.on_complaint_opened,
        promise_watching.on_complaint_opened,
    ),
    case_events.ComplaintAnswered: (
        complaints_handlers.on_complaint_answered,
        credit_handlers.on_complaint_answered,
        promise_watching.on_complaint_answered,
    ),
    case_events.OfferMade: (complaints_handlers.on_complaint_answered,),
    case_events.OfferCountered: (complaints_handlers.on_offer_countered,),
    case_events.RemedyUndertaken: (
        complaints_handlers.on_remedy_undertaken,
        promise_watching.on_complaint_answered,
        credit_handlers.on_complaint_answered,
    ),
    case_events.RemedyPerformed: (complaints_handlers.on_remedy_performed,),
    case_events.RemedyConfirmed: (
        complaints_handlers.on_remedy_confirmed,
        credit_handlers.on_complaint_agreed,
    ),
    case_events.RemedyLapsed: (),
    case_events.AnswerOverdue: (credit_handlers.on_answer_overdue,),
    case_events.ComplaintEscalated: (complaints_handlers.on_complaint_escalated,),
    case_events.ComplaintAgreed: (
        complaints_handlers.on_complaint_agreed,
        promise_watching.on_complaint_answered,
        credit_handlers.on_complaint_agreed,
    ),
    case_events.ComplaintDecided: (
        complaints_handlers.on_complaint_decided,
        complaints_handlers.tell_covers,
        promise_watching.on_complaint_decided,
        credit_handlers.on_complaint_decided,
    ),
    case_events.ComplaintRemedied: (),
    case_events.ComplaintWithdrawn: (
        credit_handlers.on_complaint_withdrawn,
        promise_watching.on_complaint_withdrawn,
    ),
    case_events.DecisionOverdue: (),
    message_events.OrderMessageWritten: (message_telling.on_message_written,),
    message_events.OrderMessageUnanswered: (message_telling.on_unanswered,),
    message_events.MessageReported: (),
    message_events.MessageReportDecided: (report_letters.on_decided,),
    message_events.MessageReportOverdue: (report_letters.on_overdue,),
    invoice_events.InvoiceAsked: (invoice_letters.on_invoice_asked,),
    invoice_events.InvoiceIssued: (invoice_letters.on_invoice_issued,),
    invoice_events.InvoiceRefused: (invoice_letters.on_invoice_refused,),
    invoice_events.InvoiceLate: (invoice_letters.on_invoice_late,),
    invoice_events.InvoiceNudged: (invoice_letters.on_invoice_nudged,),
    invoice_events.CreditNoteDue: (invoice_letters.on_credit_note_due,),
    **aftercare_subscriptions.EVENTS,
    **cover_subscriptions.EVENTS,
    **campaign_subscriptions.EVENTS,
    order_events.PromiseDecided: (promise_letters.on_promise_decided, credit_handlers.on_promise_decided),
}
# What a room's own clocks end in stands with its handlers.
DEADLINES: dict[str, Callable[..., None]] = {
    promise_deadlines.REFUND: promise_clocks.on_refund_due,
    promise_deadlines.ANSWER: promise_watching.on_answer_due,
    invoice_clocks.INVOICE: invoice_issuing.on_due,
    **aftercare_subscriptions.DEADLINES,
    **cover_subscriptions.DEADLINES,
    **campaign_subscriptions.DEADLINES,
    message_clocks.ANSWER: message_telling.on_answer_due,
    message_clocks.REPORT: reporting.on_report_due,
}
LETTERS: tuple[tuple[LetterKind, ...], ...] = (
    confirm_letters.KINDS,
    promise_letters.KINDS,
    invoice_letters.KINDS,
    *aftercare_subscriptions.LETTERS,
    *cover_subscriptions.LETTERS,
    *campaign_subscriptions.LETTERS,
    message_telling.KINDS,
    report_letters.KINDS,
)
