"""The database's own guard over the money, as SQL: kept apart so that the migration stays readable.

Every refusal is an integrity error (class 23), so that Django raises IntegrityError.
"""

REFUSE_CHANGE = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Transactional tests empty their database between tests; nowhere else may these tables be emptied.
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%'
       AND coalesce(current_setting('anxin.guard_truncate', true), '') <> 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || ' is append-only';
END $$;
"""

APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
"""
    for table in (
        "payments_ledgerentry",
        "payments_posting",
        "payments_charge",
        "payments_paymentpart",
        "payments_move",
    )
)

BALANCED = """
CREATE FUNCTION payments_check_entry(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_posting WHERE entry_id = checked) THEN
        RAISE EXCEPTION 'entry % has no postings', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an entry has postings';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_posting WHERE entry_id = checked
               GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
        RAISE EXCEPTION 'entry % is not balanced', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an entry sums to nothing in each currency';
    END IF;
END $$;
CREATE FUNCTION payments_entry_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM payments_check_entry(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION payments_posting_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM payments_check_entry(NEW.entry_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT ON payments_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_made();
CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_posting_made();
"""

NEVER_NEGATIVE = """
CREATE FUNCTION payments_balance_locked(wanted_account text, wanted_currency text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE result bigint;
BEGIN
    -- Under a fixed snapshot the sum below could miss what the lock has just let through.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'money is drawn under READ COMMITTED only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(wanted_account || ' ' || wanted_currency, 7170));
    SELECT coalesce(sum(amount_minor), 0) INTO result FROM payments_posting
        WHERE account = wanted_account AND currency = wanted_currency;
    RETURN result;
END $$;
CREATE FUNCTION payments_refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE drawn record;
BEGIN
    FOR drawn IN SELECT account, currency FROM added
        WHERE amount_minor < 0 AND account !~ '^(provider|fees):'
        GROUP BY account, currency ORDER BY account, currency
    LOOP
        IF payments_balance_locked(drawn.account, drawn.currency) < 0 THEN
            RAISE EXCEPTION '% would fall below zero', drawn.account
                USING ERRCODE = 'check_violation', CONSTRAINT = 'held money never falls below zero';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER never_negative AFTER INSERT ON payments_posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_overdraft();
"""

REFUND_BOUND = """
CREATE FUNCTION payments_bound_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE taken record;
BEGIN
    -- One door: parallel refunds of one charge queue here. Locking its row would need the right to change it.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.charge_id::text, 7171));
    SELECT amount_minor, currency INTO taken FROM payments_charge WHERE id = NEW.charge_id;
    IF taken.currency <> NEW.currency THEN
        RAISE EXCEPTION 'refund % is in another currency than its charge', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a refund is in the currency of its charge';
    END IF;
    IF (SELECT sum(amount_minor) FROM payments_refund
            WHERE charge_id = NEW.charge_id AND state <> 'failed') > taken.amount_minor
       OR (SELECT sum(r.amount_minor) FROM payments_refund r
            WHERE r.part_id = NEW.part_id AND r.state <> 'failed')
          > (SELECT p.amount_minor FROM payments_paymentpart p WHERE p.id = NEW.part_id) THEN
        RAISE EXCEPTION 'refund % exceeds what was captured', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunded never exceeds captured';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refund_bound AFTER INSERT ON payments_refund
    FOR EACH ROW WHEN (NEW.state <> 'failed') EXECUTE FUNCTION payments_bound_refund();
CREATE TRIGGER refund_revived AFTER UPDATE OF state ON payments_refund
    FOR EACH ROW WHEN (OLD.state = 'failed' AND NEW.state <> 'failed') EXECUTE FUNCTION payments_bound_refund();
CREATE TRIGGER refund_fixed BEFORE UPDATE ON payments_refund FOR EACH ROW
    WHEN ((OLD.id, OLD.charge_id, OLD.reference, OLD.purpose, OLD.amount_minor, OLD.currency)
          IS DISTINCT FROM (NEW.id, NEW.charge_id, NEW.reference, NEW.purpose, NEW.amount_minor, NEW.currency)
          OR OLD.part_id IS DISTINCT FROM NEW.part_id)
    EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER refund_kept BEFORE DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""

PAYMENT_FIXED = """
CREATE FUNCTION payments_check_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount_minor), 0) FROM payments_paymentpart
            WHERE payment_id = NEW.id AND currency = NEW.currency) <> NEW.amount_minor
       OR EXISTS (SELECT 1 FROM payments_paymentpart WHERE payment_id = NEW.id AND currency <> NEW.currency) THEN
        RAISE EXCEPTION 'the parts of payment % differ from its amount', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parts sum to their payment';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER parts_sum AFTER INSERT ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_parts();
CREATE TRIGGER payment_fixed BEFORE UPDATE ON payments_payment FOR EACH ROW
    WHEN ((OLD.id, OLD.number, OLD.payer_subject_id, OLD.amount_minor, OLD.currency, OLD.opened_at)
          IS DISTINCT FROM (NEW.id, NEW.number, NEW.payer_subject_id, NEW.amount_minor, NEW.currency, NEW.opened_at))
    EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payment_kept BEFORE DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""

ALL = [REFUSE_CHANGE, APPEND_ONLY, BALANCED, NEVER_NEGATIVE, REFUND_BOUND, PAYMENT_FIXED]
