"""The lines of orders, looked through without keeping anybody out: none of them is a gift yet."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0022_gifts")]

    operations = [ValidateConstraint(model_name="orderline", name="a_gift_costs_nothing")]
