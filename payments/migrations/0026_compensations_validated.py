"""Every posting there was names a known kind of account, compensations' own among them."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0025_compensations")]

    operations = [ValidateConstraint("posting", "a posting names a known kind of account")]
