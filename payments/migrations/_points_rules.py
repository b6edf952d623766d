"""The database's own guard over bonus points, as SQL: kept apart so that the migration stays readable."""

# Whatever is there lies in lots that haven't ended: points without an end, or of nobody, can't be made.
IN_LOTS = """
CREATE FUNCTION payments_check_points(checked_account uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_pointsaccount WHERE id = checked_account)
       OR EXISTS (SELECT 1 FROM payments_posting
            WHERE account = 'points:' || checked_account AND currency <> 'CNY')
       OR payments_balance_locked('points:' || checked_account, 'CNY')
            > (SELECT coalesce(sum(amount_minor - taken_minor), 0) FROM payments_pointslot
                WHERE account_id = checked_account AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'points:% holds more than its lots', checked_account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points lie in lots that end';
    END IF;
END $$;
CREATE FUNCTION payments_points_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_points(substr(NEW.account, 8)::uuid);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_in_lots AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.amount_minor > 0 AND NEW.account LIKE 'points:%')
    EXECUTE FUNCTION payments_points_posted();
CREATE FUNCTION payments_lot_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_points(NEW.account_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_in_lots AFTER UPDATE ON payments_pointslot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_lot_changed();
"""

# A lot says what the books say of it: granted, taken back and ended by entries of its own.
BOOKED = """
CREATE FUNCTION payments_check_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held record;
BEGIN
    SELECT * INTO held FROM payments_pointslot WHERE id = NEW.id;
    IF (SELECT coalesce(sum(p.amount_minor), 0) FROM payments_ledgerentry e
            JOIN payments_posting p ON p.entry_id = e.id
            WHERE e.reference = held.id AND p.account = 'points:' || held.account_id)
        <> (CASE WHEN held.kind = 'earned' THEN held.amount_minor ELSE 0 END)
            - held.taken_minor - held.expired_minor THEN
        RAISE EXCEPTION 'lot % differs from the books', held.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a lot of points says what the books say';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lot_booked AFTER INSERT OR UPDATE ON payments_pointslot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_lot();
"""

# Only its owner's orders, and only with what had not ended when the order was placed.
PAYS = """
CREATE FUNCTION payments_points_may_pay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_pointsaccount a JOIN payments_payment y ON y.id = NEW.payment_id
            WHERE a.id = substr(NEW.account, 8)::uuid AND a.subject_id = y.payer_subject_id
            AND NEW.currency = 'CNY') THEN
        RAISE EXCEPTION '% can pay nothing here', NEW.account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points pay only for their owner';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tender_of_points AFTER INSERT ON payments_tender
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account LIKE 'points:%')
    EXECUTE FUNCTION payments_points_may_pay();
CREATE FUNCTION payments_points_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(t.amount_minor), 0) FROM payments_tender t
            WHERE t.payment_id = NEW.payment_id AND t.account = NEW.account)
        > (SELECT coalesce(sum(l.amount_minor - l.taken_minor), 0) FROM payments_pointslot l
            JOIN payments_payment y ON y.id = NEW.payment_id
            WHERE l.account_id = substr(NEW.account, 8)::uuid AND l.ended_at IS NULL
            AND l.expires_at > y.opened_at) THEN
        RAISE EXCEPTION '% pays with what has ended', NEW.account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points that pay have not ended';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER points_in_time AFTER INSERT ON payments_tender FOR EACH ROW
    WHEN (NEW.account LIKE 'points:%') EXECUTE FUNCTION payments_points_in_time();
"""

FIXED = """
CREATE TRIGGER points_account_fixed BEFORE UPDATE OR DELETE ON payments_pointsaccount
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER lot_fixed BEFORE UPDATE ON payments_pointslot FOR EACH ROW
    WHEN ((OLD.id, OLD.account_id, OLD.kind, OLD.reference, OLD.basis_minor, OLD.permille, OLD.amount_minor,
           OLD.granted_at)
          IS DISTINCT FROM
          (NEW.id, NEW.account_id, NEW.kind, NEW.reference, NEW.basis_minor, NEW.permille, NEW.amount_minor,
           NEW.granted_at)
          -- Taken back never less, lasting never shorter, ended for good.
          OR NEW.taken_minor < OLD.taken_minor OR NEW.expires_at < OLD.expires_at OR OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER lot_kept BEFORE DELETE ON payments_pointslot
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""

ALL = [IN_LOTS, BOOKED, PAYS, FIXED]
