"""Nobody at the platform rules on a case of a shop that they act for."""

from django.db import migrations

GUARD = """
CREATE FUNCTION complaints_no_party_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM merchants_membership m JOIN complaints_complaint c ON c.merchant_id = m.merchant_id
        WHERE c.id = NEW.complaint_id AND m.ended_at IS NULL AND m.subject_id = NEW.decided_by
    ) THEN
        RAISE EXCEPTION 'staff rule on no case of their own shop'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no party rules on a case';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_party_rules BEFORE INSERT ON complaints_decision
    FOR EACH ROW EXECUTE FUNCTION complaints_no_party_rules();
"""
BACK = """
DROP TRIGGER no_party_rules ON complaints_decision;
DROP FUNCTION complaints_no_party_rules();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0003_sealed_under_a_live_key"),
        ("merchants", "0003_sealed_under_a_live_key"),
    ]

    operations = [migrations.RunSQL(GUARD, BACK)]
