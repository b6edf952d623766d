"""The database's own guard over shops' points, as SQL: kept apart so that the migration stays readable."""

# As in _points_rules; and what a shop owes back goes before it holds any.
IN_LOTS = """
CREATE OR REPLACE FUNCTION payments_check_points(checked_account uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE held bigint;
BEGIN
    held := payments_balance_locked('points:' || checked_account, 'CNY');
    IF NOT EXISTS (SELECT 1 FROM payments_pointsaccount WHERE id = checked_account)
       OR EXISTS (SELECT 1 FROM payments_posting
            WHERE account = 'points:' || checked_account AND currency <> 'CNY')
       OR held > (SELECT coalesce(sum(amount_minor - taken_minor), 0) FROM payments_pointslot
                WHERE account_id = checked_account AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'points:% holds more than its lots', checked_account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points lie in lots that end';
    END IF;
    IF held > 0 AND EXISTS (SELECT 1 FROM payments_pointslot WHERE account_id = checked_account
            AND revoked_at IS NOT NULL AND ended_at IS NULL AND amount_minor > taken_minor) THEN
        RAISE EXCEPTION 'points:% holds points and owes some back', checked_account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points owed back go first';
    END IF;
END $$;
"""

# As in _points_rules; and a shop's lot lies with a shop, a buyer's with a person.
BOOKED = """
CREATE OR REPLACE FUNCTION payments_check_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held record;
BEGIN
    SELECT l.*, a.merchant_id INTO held FROM payments_pointslot l
        JOIN payments_pointsaccount a ON a.id = l.account_id WHERE l.id = NEW.id;
    IF (SELECT coalesce(sum(p.amount_minor), 0) FROM payments_ledgerentry e
            JOIN payments_posting p ON p.entry_id = e.id
            WHERE e.reference = held.id AND p.account = 'points:' || held.account_id)
        <> (CASE WHEN held.kind IN ('earned', 'reward') THEN held.amount_minor ELSE 0 END)
            - held.taken_minor - held.expired_minor THEN
        RAISE EXCEPTION 'lot % differs from the books', held.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a lot of points says what the books say';
    END IF;
    IF (held.kind = 'reward' AND held.merchant_id IS NULL)
       OR (held.kind = 'earned' AND held.merchant_id IS NOT NULL) THEN
        RAISE EXCEPTION 'lot % lies with somebody else', held.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shops earn for shops and buyers for buyers';
    END IF;
    RETURN NULL;
END $$;
"""

FIXED = """
DROP TRIGGER lot_fixed ON payments_pointslot;
CREATE TRIGGER lot_fixed BEFORE UPDATE ON payments_pointslot FOR EACH ROW
    WHEN ((OLD.id, OLD.account_id, OLD.kind, OLD.reference, OLD.basis_minor, OLD.permille, OLD.amount_minor,
           OLD.granted_at, OLD.grounds)
          IS DISTINCT FROM
          (NEW.id, NEW.account_id, NEW.kind, NEW.reference, NEW.basis_minor, NEW.permille, NEW.amount_minor,
           NEW.granted_at, NEW.grounds)
          -- Taken back never less, lasting never shorter, ended and revoked for good.
          OR NEW.taken_minor < OLD.taken_minor OR NEW.expires_at < OLD.expires_at OR OLD.ended_at IS NOT NULL
          OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at))
    EXECUTE FUNCTION payments_refuse_change();
"""

# Relief comes from the same shop's points and goes into one fee each, never more than that fee was.
RELIEF = """
CREATE FUNCTION payments_check_relief() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.currency <> 'CNY' OR (NEW.amount_minor > 0 AND NOT EXISTS (
            SELECT 1 FROM payments_posting p JOIN payments_pointsaccount a ON p.account = 'points:' || a.id
            WHERE p.entry_id = NEW.entry_id AND p.amount_minor = -NEW.amount_minor
            AND NEW.account = 'merchant:' || a.merchant_id || ':relief')) THEN
        RAISE EXCEPTION '% gained what were no points of the shop', NEW.account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'relief is made of the shop''s points';
    END IF;
    IF NEW.amount_minor < 0 AND NOT EXISTS (
            SELECT 1 FROM payments_ledgerentry e
            JOIN payments_ledgerentry s ON s.reference = e.reference AND s.purpose = 'settlement'
            JOIN payments_posting f ON f.entry_id = s.id AND f.account = 'fees:platform'
                AND f.currency = NEW.currency AND f.amount_minor >= -NEW.amount_minor
            JOIN payments_posting m ON m.entry_id = s.id
                AND m.account = regexp_replace(NEW.account, ':relief$', ':available')
            WHERE e.id = NEW.entry_id AND e.purpose = 'fee_relief') THEN
        RAISE EXCEPTION '% pays what is no fee of the shop', NEW.account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'relief pays at most the fee of its order';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER relief_of_fees AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account LIKE '%:relief')
    EXECUTE FUNCTION payments_check_relief();
"""

ALL = [IN_LOTS, BOOKED, FIXED, RELIEF]
