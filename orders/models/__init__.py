"""What orders writes down: carts, orders and their lines, parcels, returns."""

from orders.models.addresses import Address
from orders.models.appointments import Appointment, AppointmentState, Slot
from orders.models.campaign_entries import CampaignEntry, EntryGoods
from orders.models.campaigns import Campaign, CampaignClaim, CampaignKind, Funding
from orders.models.carrier_calls import CarrierCall
from orders.models.carts import CartLine
from orders.models.claims import ClaimMove, ClaimPhoto, FaultClaim
from orders.models.contract import Order, OrderMove, Purchase
from orders.models.cover import OrderCover
from orders.models.cover_claims import CoverClaim, CoverPhoto, CoverProof
from orders.models.discounts import DiscountKind, Funder, LineDiscount
from orders.models.holds import OrderHold
from orders.models.insurer_calls import InsurerCall
from orders.models.invoices import Invoice, InvoicePaper, InvoiceRow, InvoiceTitle
from orders.models.labels import Collection, ReturnLabel
from orders.models.lines import OrderLine
from orders.models.message_reports import MessageLook, MessageReport
from orders.models.messages import MessageFile, MessageThread, MessageTurn, OrderMessage
from orders.models.parcels import ParcelLine, Scan, Shipment
from orders.models.points import CodeKind, PointCode, PointOffer, ServicePoint
from orders.models.promises import PromiseRecord
from orders.models.promotions import Coupon, Promotion, PromotionKind
from orders.models.returning import Return, ReturnLine, ReturnMove
from orders.models.vouchers import Voucher, VoucherUse

__all__ = [
    "Address",
    "Appointment",
    "AppointmentState",
    "Campaign",
    "CampaignClaim",
    "CampaignEntry",
    "CampaignKind",
    "CarrierCall",
    "CartLine",
    "ClaimMove",
    "ClaimPhoto",
    "CodeKind",
    "Collection",
    "Coupon",
    "CoverClaim",
    "CoverPhoto",
    "CoverProof",
    "DiscountKind",
    "EntryGoods",
    "FaultClaim",
    "Funder",
    "Funding",
    "InsurerCall",
    "Invoice",
    "InvoicePaper",
    "InvoiceRow",
    "InvoiceTitle",
    "LineDiscount",
    "MessageFile",
    "MessageLook",
    "MessageReport",
    "MessageThread",
    "MessageTurn",
    "Order",
    "OrderCover",
    "OrderHold",
    "OrderLine",
    "OrderMessage",
    "OrderMove",
    "ParcelLine",
    "PointCode",
    "PointOffer",
    "PromiseRecord",
    "Promotion",
    "PromotionKind",
    "Purchase",
    "Return",
    "ReturnLabel",
    "ReturnLine",
    "ReturnMove",
    "Scan",
    "ServicePoint",
    "Shipment",
    "Slot",
    "Voucher",
    "VoucherUse",
]
