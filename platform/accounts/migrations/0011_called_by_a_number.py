"""An account may be called by the pseudonym of a phone number: the wider rule first, then the old one goes."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

NEW = "an_account_is_called_by_a_pseudonym"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0010_sent_messages"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("pseudonym__regex", "^[0-9a-f]{64}@[pt]\\.invalid$")), name=NEW
            ),
        ),
        ValidateConstraint(model_name="user", name=NEW),
        migrations.RemoveConstraint(
            model_name="user", name="an_account_holds_a_pseudonym_and_never_an_address"
        ),
    ]
