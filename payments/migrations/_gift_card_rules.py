"""The database's own guard over gift cards, as SQL: kept apart so that the migration stays readable."""

# What is loaded or comes back never makes more of a card than was bought.
FULL = """
CREATE FUNCTION payments_card_not_overfull() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held record;
BEGIN
    SELECT value_minor, currency INTO held FROM payments_giftcard WHERE id = substr(NEW.account, 6)::uuid;
    IF held IS NULL OR held.currency <> NEW.currency
       OR payments_balance_locked(NEW.account, NEW.currency) > held.value_minor THEN
        RAISE EXCEPTION '% would hold more than its value', NEW.account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a gift card holds at most its value';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER card_not_overfull AFTER INSERT ON payments_posting FOR EACH ROW
    WHEN (NEW.amount_minor > 0 AND NEW.account LIKE 'card:%')
    EXECUTE FUNCTION payments_card_not_overfull();
"""

PAYS = """
CREATE FUNCTION payments_card_may_pay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_giftcard c JOIN payments_payment y ON y.id = NEW.payment_id
            WHERE c.id = substr(NEW.account, 6)::uuid AND c.currency = NEW.currency AND c.state = 'issued'
            AND c.holder_id IS NOT NULL AND (c.valid_until IS NULL OR c.valid_until > y.opened_at)) THEN
        RAISE EXCEPTION '% can pay nothing', NEW.account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a gift card that pays is in a wallet and in time';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER card_may_pay AFTER INSERT ON payments_tender FOR EACH ROW
    WHEN (NEW.account LIKE 'card:%') EXECUTE FUNCTION payments_card_may_pay();
"""

FIXED = """
CREATE TRIGGER card_fixed BEFORE UPDATE ON payments_giftcard FOR EACH ROW
    WHEN ((OLD.id, OLD.kind, OLD.value_minor, OLD.limit_minor, OLD.currency, OLD.buyer_id, OLD.payment_id)
          IS DISTINCT FROM
          (NEW.id, NEW.kind, NEW.value_minor, NEW.limit_minor, NEW.currency, NEW.buyer_id, NEW.payment_id)
          -- Claimed once and for good.
          OR (OLD.holder_id IS NOT NULL AND NEW.holder_id IS DISTINCT FROM OLD.holder_id)
          OR (OLD.valid_until IS NOT NULL AND NEW.valid_until < OLD.valid_until))
    EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER card_kept BEFORE DELETE ON payments_giftcard
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""

ALL = [FULL, PAYS, FIXED]
