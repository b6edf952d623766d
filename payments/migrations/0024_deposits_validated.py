"""What parts there were keep the new rule, too; looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0023_deposits")]

    operations = [
        ValidateConstraint("paymentpart", "a part is an order's, a card's, a cover's or a deposit's")
    ]
