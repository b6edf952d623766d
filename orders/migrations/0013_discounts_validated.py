"""The new sums of orders and lines, looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0012_discounts")]

    operations = [
        ValidateConstraint(model_name="order", name="an_order_total_is_goods_and_freight"),
        ValidateConstraint(model_name="order", name="order_sums_are_not_negative"),
        ValidateConstraint(model_name="orderline", name="a_line_refund_stays_within_the_line"),
        ValidateConstraint(model_name="orderline", name="a_line_is_discounted_to_nothing_at_most"),
    ]
