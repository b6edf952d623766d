"""What papers there were keep the new rule, too; looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0040_shops_reminded_of_invoices")]

    operations = [ValidateConstraint("invoicepaper", "a_shop_is_reminded_once_it_is_late")]
