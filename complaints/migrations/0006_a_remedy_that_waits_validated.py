"""None waited before: looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0005_a_remedy_that_waits")]

    operations = [
        ValidateConstraint(model_name="complaint", name="complaints_only_what_was_granted_waits"),
    ]
