"""Payouts and advances that staff make need a joint act that two people have confirmed."""

from django.db import migrations

GUARD = """
CREATE FUNCTION payments_by_hand_takes_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.actor LIKE 'staff:%' AND NEW.purpose = 'payout' AND NOT EXISTS (
        SELECT 1 FROM accounts_jointact j
        WHERE j.id = NEW.reference AND j.kind = 'payments.pay_out' AND j.state = 'confirmed'
    ) THEN
        RAISE EXCEPTION 'one person alone pays nobody out'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a payout by hand takes two';
    END IF;
    IF NEW.purpose LIKE 'advance:by_hand:%' AND NOT EXISTS (
        SELECT 1 FROM accounts_jointact j
        WHERE j.id::text = substr(NEW.purpose, 17) AND j.kind = 'payments.advance' AND j.state = 'confirmed'
            AND j.parameters ->> 'order_id' = NEW.reference::text
    ) THEN
        RAISE EXCEPTION 'one person alone advances nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an advance by hand takes two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_hand_takes_two BEFORE INSERT ON payments_ledgerentry
    FOR EACH ROW WHEN (NEW.actor LIKE 'staff:%' OR NEW.purpose LIKE 'advance:by_hand:%')
    EXECUTE FUNCTION payments_by_hand_takes_two();
"""
BACK = """
DROP TRIGGER by_hand_takes_two ON payments_ledgerentry;
DROP FUNCTION payments_by_hand_takes_two();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_rules"), ("accounts", "0004_staff_sessions")]

    operations = [migrations.RunSQL(GUARD, BACK)]
