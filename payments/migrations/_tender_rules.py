"""The database's own guard over gift cards and points that pay, as SQL: kept apart as the rules before it."""

# As before, and what is tendered of the parts is what is tendered of the payment, row by row.
PARTS = """
CREATE OR REPLACE FUNCTION payments_check_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount_minor), 0) FROM payments_paymentpart
            WHERE payment_id = NEW.id AND currency = NEW.currency) <> NEW.amount_minor
       OR EXISTS (SELECT 1 FROM payments_paymentpart WHERE payment_id = NEW.id AND currency <> NEW.currency) THEN
        RAISE EXCEPTION 'the parts of payment % differ from its amount', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parts sum to their payment';
    END IF;
    IF (SELECT coalesce(sum(tendered_minor), 0) FROM payments_paymentpart WHERE payment_id = NEW.id)
            <> NEW.tendered_minor
       OR EXISTS (SELECT 1 FROM payments_paymentpart p WHERE p.payment_id = NEW.id AND p.tendered_minor > 0
            AND p.tendered_minor <> (SELECT coalesce(sum(t.amount_minor), 0) FROM payments_tender t
                WHERE t.part_id = p.id)) THEN
        RAISE EXCEPTION 'the tenders of payment % differ from what is tendered', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tenders sum to what is tendered';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION payments_check_tender() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_paymentpart p WHERE p.id = NEW.part_id
            AND p.payment_id = NEW.payment_id AND p.currency = NEW.currency
            AND p.tendered_minor = (SELECT sum(t.amount_minor) FROM payments_tender t WHERE t.part_id = p.id)) THEN
        RAISE EXCEPTION 'tender % is not of its part', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tenders sum to what is tendered';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tender_counted AFTER INSERT ON payments_tender
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_tender();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_tender
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON payments_tender
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
DROP TRIGGER payment_fixed ON payments_payment;
CREATE TRIGGER payment_fixed BEFORE UPDATE ON payments_payment FOR EACH ROW
    WHEN ((OLD.id, OLD.number, OLD.payer_subject_id, OLD.amount_minor, OLD.tendered_minor, OLD.currency, OLD.opened_at)
          IS DISTINCT FROM
          (NEW.id, NEW.number, NEW.payer_subject_id, NEW.amount_minor, NEW.tendered_minor, NEW.currency, NEW.opened_at))
    EXECUTE FUNCTION payments_refuse_change();
"""

# The whole was paid: by the provider what was due, the rest by tenders.
CAPTURED = """
CREATE FUNCTION payments_check_captured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce((SELECT sum(amount_minor) FROM payments_charge
            WHERE payment_id = NEW.id AND NOT extra AND currency = NEW.currency), 0)
            <> NEW.amount_minor - NEW.tendered_minor THEN
        RAISE EXCEPTION 'payment % is not paid whole', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'captured is charge and tenders';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER captured_whole AFTER UPDATE OF state ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'captured' AND OLD.state <> 'captured')
    EXECUTE FUNCTION payments_check_captured();
"""

# A charge gives back no more than it brought of a part; a tender no more than it is.
BOUND = """
CREATE OR REPLACE FUNCTION payments_check_gone(checked_charge uuid, checked_part uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF payments_gone_of(checked_charge, NULL)
            > (SELECT amount_minor FROM payments_charge WHERE id = checked_charge)
       OR (checked_part IS NOT NULL AND payments_gone_of(checked_charge, checked_part)
            > (SELECT amount_minor - tendered_minor FROM payments_paymentpart WHERE id = checked_part)) THEN
        RAISE EXCEPTION 'more would go back of charge % than was captured', checked_charge
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunded never exceeds captured';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION payments_bound_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One door: refunds and disputes of one charge (or refunds to one tender) queue here.
    PERFORM pg_advisory_xact_lock(hashtextextended(coalesce(NEW.charge_id, NEW.tender_id)::text, 7171));
    IF NEW.tender_id IS NOT NULL THEN
        IF NOT EXISTS (SELECT 1 FROM payments_tender t JOIN payments_payment y ON y.id = t.payment_id
                WHERE t.id = NEW.tender_id AND t.part_id = NEW.part_id AND t.currency = NEW.currency
                AND y.state = 'captured' AND t.amount_minor >= (SELECT sum(r.amount_minor) FROM payments_refund r
                    WHERE r.tender_id = t.id AND r.state <> 'failed')) THEN
            RAISE EXCEPTION 'more would go back to tender % than it paid', NEW.tender_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refunded never exceeds tendered';
        END IF;
        RETURN NULL;
    END IF;
    IF (SELECT currency FROM payments_charge WHERE id = NEW.charge_id) <> NEW.currency THEN
        RAISE EXCEPTION 'refund % is in another currency than its charge', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a refund is in the currency of its charge';
    END IF;
    PERFORM payments_check_gone(NEW.charge_id, NEW.part_id);
    RETURN NULL;
END $$;
DROP TRIGGER refund_fixed ON payments_refund;
CREATE TRIGGER refund_fixed BEFORE UPDATE ON payments_refund FOR EACH ROW
    WHEN ((OLD.id, OLD.charge_id, OLD.part_id, OLD.tender_id, OLD.reference, OLD.purpose, OLD.amount_minor, OLD.currency)
          IS DISTINCT FROM
          (NEW.id, NEW.charge_id, NEW.part_id, NEW.tender_id, NEW.reference, NEW.purpose, NEW.amount_minor, NEW.currency))
    EXECUTE FUNCTION payments_refuse_change();
"""

ALL = [PARTS, CAPTURED, BOUND]
