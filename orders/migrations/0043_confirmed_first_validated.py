"""What orders there were keep the new rules, too; looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

NAMES = (
    "order_state_is_known",
    "only_what_was_to_be_confirmed_is",
    "a_reserved_order_knows_since_when",
    "a_paid_order_to_be_confirmed_has_its_time",
    "nothing_leaves_unconfirmed",
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0042_confirmed_first")]

    operations = [ValidateConstraint("order", name) for name in NAMES]
