"""What payments there were keeps the new rules, too; looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0018_authorised_first")]

    operations = [
        ValidateConstraint("payment", "a payment is in a known state"),
        ValidateConstraint("payment", "only what was reserved first is let go"),
        ValidateConstraint("payment", "gift cards and points aren't reserved first"),
        ValidateConstraint("paymentpart", "a part is let go whole"),
    ]
