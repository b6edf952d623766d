"""What people call what this app holds about them."""

from __future__ import annotations

from kernel.errors import N_

# What the person calls it.
WORDS: dict[str, str] = {
    "orders.Address.label": N_("What you call an address"),
    "orders.Address.recipient": N_("Recipient"),
    "orders.Address.phone": N_("Telephone"),
    "orders.Address.address": N_("Full address"),
    "orders.PointCode.code": N_("Code for a service point"),
    "orders.Order.recipient": N_("Recipient"),
    "orders.Order.phone": N_("Telephone"),
    "orders.Order.address": N_("Full address"),
    "orders.Order.note": N_("Note to the merchant"),
    "orders.InvoiceTitle.title": N_("A title for invoices that you keep"),
    "orders.InvoiceTitle.tax_number": N_("Tax number"),
    "orders.Invoice.title": N_("To whom an invoice is made out"),
    "orders.Invoice.tax_number": N_("Tax number"),
    "orders.InvoicePaper.file": N_("The file of an invoice"),
    "orders.OrderMessage.text": N_("What you wrote to a shop about an order"),
    "orders.MessageFile.file": N_("A file"),
    "orders.MessageReport.words": N_("What you wrote with a report of a message"),
    "orders.Return.note": N_("What you wrote with a return"),
    "orders.Return.refusal": N_("Why the shop refused a return"),
    "orders.FaultClaim.fault": N_("What you said is wrong with goods"),
    "orders.FaultClaim.refusal": N_("Why the shop refused a repair or an exchange"),
    "orders.ClaimPhoto.file": N_("Photos of a fault"),
    "orders.CoverClaim.story": N_("What you told an insurer"),
    "orders.CoverPhoto.file": N_("Photos that you showed an insurer"),
    "orders.Collection.contact": N_("Whom a carrier asks for when it fetches goods"),
    "orders.Collection.phone": N_("Telephone"),
    "orders.Collection.address": N_("Where a carrier fetches goods"),
    "orders.ReturnLabel.tracking_number": N_("Number of a return label"),
    "orders.Shipment.tracking_number": N_("Parcel number"),
}
