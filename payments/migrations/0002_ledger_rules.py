"""The ledger's rules, kept by the database itself."""

from django.db import migrations

from payments.migrations._ledger_rules import ALL


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_ledger_and_payments")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL]
