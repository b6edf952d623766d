"""An account for a shop's money says since when it may be used, and who confirmed that it is the shop's."""

from django.db import migrations, models
from django.db.models import F, Q

# What stands there was checked when the shop applied: an account that was matched counts as confirmed then.
FILL = """
UPDATE merchants_payoutaccount SET usable_from = since WHERE usable_from IS NULL;
UPDATE merchants_payoutaccount a SET verified_at = said.at, verified_by = 'system'
FROM (
    SELECT merchant_id, max(at) AS at FROM merchants_check
    WHERE what = 'account' AND result = 'matched' GROUP BY merchant_id
) said
WHERE said.merchant_id = a.merchant_id AND said.at >= a.since AND a.ended_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0017_digests_of_document_numbers")]

    operations = [
        migrations.AddField(
            "payoutaccount", "channel", models.CharField(db_default="bank", default="bank", max_length=12)
        ),
        migrations.AddField("payoutaccount", "usable_from", models.DateTimeField(null=True)),
        migrations.AddField("payoutaccount", "verified_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "payoutaccount",
            "verified_by",
            models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("payoutaccount", "usable_from", models.DateTimeField()),
        migrations.AddConstraint(
            "payoutaccount",
            models.CheckConstraint(
                condition=Q(channel__in=["bank", "alipay", "wechatpay", "stripe"]),
                name="merchant_payout_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            "payoutaccount",
            models.CheckConstraint(
                condition=Q(usable_from__gte=F("since")),
                name="merchant_payout_account_is_used_after_its_start",
            ),
        ),
        migrations.AddConstraint(
            "payoutaccount",
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by="")
                | (Q(verified_at__isnull=False) & ~Q(verified_by="")),
                name="merchant_payout_account_says_who_confirmed_it",
            ),
        ),
    ]
