"""What payments and refunds there were keeps the new rules, too; looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0013_tenders")]

    operations = [
        ValidateConstraint("payment", "tenders stay within their payment"),
        ValidateConstraint("paymentpart", "tenders stay within their part"),
        ValidateConstraint("paymentpart", "a part is an order's or a card's"),
        ValidateConstraint("refund", "a refund goes back by one means"),
    ]
