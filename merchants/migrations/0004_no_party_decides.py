"""Nobody at the platform decides about a shop that they act for."""

from django.db import migrations

GUARD = """
CREATE FUNCTION merchants_no_party_decides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM merchants_membership m
        WHERE m.merchant_id = NEW.merchant_id AND m.ended_at IS NULL
            AND 'staff:' || m.subject_id::text = NEW.actor
    ) THEN
        RAISE EXCEPTION 'staff decide about no shop of their own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no party decides about a shop';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_party_decides BEFORE INSERT ON merchants_merchantmove
    FOR EACH ROW WHEN (NEW.actor LIKE 'staff:%') EXECUTE FUNCTION merchants_no_party_decides();
"""
BACK = """
DROP TRIGGER no_party_decides ON merchants_merchantmove;
DROP FUNCTION merchants_no_party_decides();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0003_sealed_under_a_live_key")]

    operations = [migrations.RunSQL(GUARD, BACK)]
