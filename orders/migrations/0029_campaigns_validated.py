"""What came off lines until now, looked through without keeping anybody out: all at the shops' own cost."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0028_campaigns")]

    operations = [
        ValidateConstraint(model_name="linediscount", name="line_discount_kind_is_known"),
        ValidateConstraint(model_name="linediscount", name="the_platform_pays_for_campaigns"),
    ]
