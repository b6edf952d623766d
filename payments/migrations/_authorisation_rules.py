"""The database's own guard over what is reserved first: kept apart as the rules before it."""

# A part is let go once, whole, and only while its payment is reserved; nothing else of it ever changes.
PARTS = """
CREATE FUNCTION payments_let_part_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_minor <> 0 OR (SELECT state FROM payments_payment WHERE id = OLD.payment_id) <> 'authorised' THEN
        RAISE EXCEPTION 'part % is not reserved', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only what is reserved is let go';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER append_only ON payments_paymentpart;
CREATE TRIGGER part_kept BEFORE DELETE ON payments_paymentpart
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER part_fixed BEFORE UPDATE ON payments_paymentpart FOR EACH ROW
    WHEN (OLD.released_minor IS NOT DISTINCT FROM NEW.released_minor OR
          (OLD.id, OLD.payment_id, OLD.position, OLD.reference, OLD.kind, OLD.merchant_id, OLD.amount_minor,
           OLD.tendered_minor, OLD.currency)
          IS DISTINCT FROM
          (NEW.id, NEW.payment_id, NEW.position, NEW.reference, NEW.kind, NEW.merchant_id, NEW.amount_minor,
           NEW.tendered_minor, NEW.currency))
    EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER part_let_go BEFORE UPDATE ON payments_paymentpart FOR EACH ROW
    WHEN (OLD.released_minor IS DISTINCT FROM NEW.released_minor) EXECUTE FUNCTION payments_let_part_go();
"""

PAYMENT = """
CREATE FUNCTION payments_let_payment_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.authorise_first <> NEW.authorise_first
       OR (OLD.released_minor <> NEW.released_minor AND (OLD.state <> 'authorised' OR OLD.released_minor <> 0)) THEN
        RAISE EXCEPTION 'payment % is not reserved', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only what is reserved is let go';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_let_go BEFORE UPDATE ON payments_payment FOR EACH ROW
    WHEN ((OLD.released_minor, OLD.authorise_first) IS DISTINCT FROM (NEW.released_minor, NEW.authorise_first))
    EXECUTE FUNCTION payments_let_payment_go();
CREATE OR REPLACE FUNCTION payments_check_captured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce((SELECT sum(amount_minor) FROM payments_charge
            WHERE payment_id = NEW.id AND NOT extra AND currency = NEW.currency), 0)
            <> NEW.amount_minor - NEW.tendered_minor - NEW.released_minor
       OR NEW.released_minor <> (SELECT coalesce(sum(released_minor), 0) FROM payments_paymentpart
            WHERE payment_id = NEW.id) THEN
        RAISE EXCEPTION 'payment % is not paid whole', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'captured is charge and tenders';
    END IF;
    RETURN NULL;
END $$;
"""

BOUND = """
CREATE OR REPLACE FUNCTION payments_check_gone(checked_charge uuid, checked_part uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF payments_gone_of(checked_charge, NULL)
            > (SELECT amount_minor FROM payments_charge WHERE id = checked_charge)
       OR (checked_part IS NOT NULL AND payments_gone_of(checked_charge, checked_part)
            > (SELECT amount_minor - tendered_minor - released_minor FROM payments_paymentpart
                WHERE id = checked_part)) THEN
        RAISE EXCEPTION 'more would go back of charge % than was captured', checked_charge
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunded never exceeds captured';
    END IF;
END $$;
"""

# What a provider reserved is a fact: who, how much and until when never change, nor does it vanish.
AUTHORISATION = """
CREATE TRIGGER authorisation_fixed BEFORE UPDATE ON payments_authorisation FOR EACH ROW
    WHEN ((OLD.id, OLD.payment_id, OLD.provider, OLD.trade_number, OLD.reference, OLD.amount_minor, OLD.currency,
           OLD.held_at, OLD.ends_at)
          IS DISTINCT FROM
          (NEW.id, NEW.payment_id, NEW.provider, NEW.trade_number, NEW.reference, NEW.amount_minor, NEW.currency,
           NEW.held_at, NEW.ends_at))
    EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER authorisation_kept BEFORE DELETE ON payments_authorisation
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""

ALL = [PARTS, PAYMENT, BOUND, AUTHORISATION]
