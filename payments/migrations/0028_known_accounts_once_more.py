"""All postings name known kinds of accounts; looked through without keeping anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0027_carriers_accounts")]

    operations = [ValidateConstraint("posting", "a posting names a known kind of account")]
