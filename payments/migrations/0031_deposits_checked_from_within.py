"""The check of a deposit runs with the rights of the triggers that call it, and lends nobody its own."""

from django.db import migrations

CHECK = "ALTER FUNCTION payments_check_deposit(uuid, text) SECURITY"


class Migration(migrations.Migration):
    dependencies = [("payments", "0030_bodies_of_old_notices_validated")]

    operations = [migrations.RunSQL(f"{CHECK} INVOKER", f"{CHECK} DEFINER")]
