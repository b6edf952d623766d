"""Every posting there was names a known kind of account, too."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_more_accounts")]

    operations = [ValidateConstraint("posting", "a posting names a known kind of account")]
