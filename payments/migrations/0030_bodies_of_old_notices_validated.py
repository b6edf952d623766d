"""What notices there were keep the new rule, too; looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0029_bodies_of_old_notices_go")]

    operations = [ValidateConstraint("providernotice", "only a notice that is done with loses its body")]
