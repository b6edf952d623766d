"""The database's own guard over shops' deposits, as SQL: kept apart so that the migration stays readable."""

# What is missing of a deposit is called for, unless the shop has left. Checked with the owner's rights: a page
# of the portal may draw, and sees no deposits.
CALLED = """
CREATE FUNCTION payments_check_deposit(checked_shop uuid, checked_currency text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE held record;
BEGIN
    SELECT * INTO held FROM payments_deposit
        WHERE merchant_id = checked_shop AND currency = checked_currency;
    IF FOUND AND held.leaving_at IS NULL
       AND payments_balance_locked('merchant:' || checked_shop || ':deposit', checked_currency)
            < held.required_minor
       AND NOT EXISTS (SELECT 1 FROM payments_depositcall WHERE deposit_id = held.id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'the deposit of % is short and not called for', checked_shop
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a short deposit is called for';
    END IF;
END $$;
CREATE FUNCTION payments_deposit_checked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM payments_check_deposit(NEW.merchant_id, NEW.currency);
    RETURN NULL;
END $$;
CREATE FUNCTION payments_deposit_call_checked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM payments_check_deposit(d.merchant_id, d.currency) FROM payments_deposit d WHERE d.id = NEW.deposit_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deposit_called AFTER INSERT OR UPDATE ON payments_deposit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_deposit_checked();
CREATE CONSTRAINT TRIGGER deposit_call_ended AFTER UPDATE ON payments_depositcall
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_deposit_call_checked();
"""

# What leaves a deposit pays a buyer; only what it needn't hold goes back to its shop.
DRAWN = """
CREATE FUNCTION payments_deposit_drawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE shop uuid := substring(NEW.account from '^merchant:(.*):deposit$')::uuid;
BEGIN
    PERFORM payments_check_deposit(shop, NEW.currency);
    IF EXISTS (SELECT 1 FROM payments_posting p WHERE p.entry_id = NEW.entry_id AND p.amount_minor > 0
            AND p.account = 'merchant:' || shop || ':available')
       AND EXISTS (SELECT 1 FROM payments_deposit d WHERE d.merchant_id = shop AND d.currency = NEW.currency
            AND d.required_minor > payments_balance_locked(NEW.account, NEW.currency)) THEN
        RAISE EXCEPTION 'the deposit of % is still required', shop
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a deposit goes back when nothing needs it';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deposit_drawn AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account LIKE 'merchant:%:deposit' AND NEW.amount_minor < 0)
    EXECUTE FUNCTION payments_deposit_drawn();
"""

# The row's shop and currency never change, and it stays.
FIXED = """
CREATE TRIGGER deposit_fixed BEFORE UPDATE ON payments_deposit FOR EACH ROW
    WHEN ((OLD.id, OLD.merchant_id, OLD.currency) IS DISTINCT FROM (NEW.id, NEW.merchant_id, NEW.currency))
    EXECUTE FUNCTION payments_refuse_change();
"""

ALL = [CALLED, DRAWN, FIXED]
