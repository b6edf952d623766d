"""The database's own guard over disputes and debts, as SQL: kept apart so that the migration stays readable."""

# As before, with two more kinds: a debt lies below zero, and never above.
NEVER_NEGATIVE = """
CREATE OR REPLACE FUNCTION payments_refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE drawn record;
BEGIN
    FOR drawn IN SELECT account, currency FROM added
        WHERE (amount_minor < 0 AND account !~ '^(provider|fees):|:debt$')
           OR (amount_minor > 0 AND account ~ ':debt$')
        GROUP BY account, currency ORDER BY account, currency
    LOOP
        IF drawn.account ~ ':debt$' THEN
            IF payments_balance_locked(drawn.account, drawn.currency) > 0 THEN
                RAISE EXCEPTION '% would rise above zero', drawn.account
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'a debt never rises above zero';
            END IF;
        ELSIF payments_balance_locked(drawn.account, drawn.currency) < 0 THEN
            RAISE EXCEPTION '% would fall below zero', drawn.account
                USING ERRCODE = 'check_violation', CONSTRAINT = 'held money never falls below zero';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""

# What went back of a charge or an order: refunds that stand, and disputes that weren't won.
BOUND = """
CREATE FUNCTION payments_gone_of(checked_charge uuid, checked_part uuid) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce((SELECT sum(amount_minor) FROM payments_refund
                WHERE state <> 'failed' AND charge_id = checked_charge
                AND (checked_part IS NULL OR part_id = checked_part)), 0)::bigint
         + coalesce((SELECT sum(s.amount_minor) FROM payments_disputeshare s
                JOIN payments_dispute d ON d.id = s.dispute_id
                WHERE d.state <> 'won' AND d.charge_id = checked_charge
                AND (checked_part IS NULL OR s.part_id = checked_part)), 0)::bigint
$$;
CREATE OR REPLACE FUNCTION payments_check_gone(checked_charge uuid, checked_part uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF payments_gone_of(checked_charge, NULL)
            > (SELECT amount_minor FROM payments_charge WHERE id = checked_charge)
       OR (checked_part IS NOT NULL AND payments_gone_of(checked_charge, checked_part)
            > (SELECT amount_minor FROM payments_paymentpart WHERE id = checked_part)) THEN
        RAISE EXCEPTION 'more would go back of charge % than was captured', checked_charge
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunded never exceeds captured';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION payments_bound_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One door: refunds and disputes of one charge queue here.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.charge_id::text, 7171));
    IF (SELECT currency FROM payments_charge WHERE id = NEW.charge_id) <> NEW.currency THEN
        RAISE EXCEPTION 'refund % is in another currency than its charge', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a refund is in the currency of its charge';
    END IF;
    PERFORM payments_check_gone(NEW.charge_id, NEW.part_id);
    RETURN NULL;
END $$;
CREATE FUNCTION payments_bound_share() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE disputed record;
BEGIN
    SELECT d.charge_id, d.state, d.currency, d.amount_minor INTO disputed
        FROM payments_dispute d WHERE d.id = NEW.dispute_id;
    PERFORM pg_advisory_xact_lock(hashtextextended(disputed.charge_id::text, 7171));
    IF disputed.currency <> NEW.currency OR disputed.state <> 'opened'
       OR NOT EXISTS (SELECT 1 FROM payments_paymentpart p JOIN payments_charge c ON c.payment_id = p.payment_id
            WHERE p.id = NEW.part_id AND c.id = disputed.charge_id
            AND p.reference = NEW.reference AND p.merchant_id = NEW.merchant_id)
       OR (SELECT sum(amount_minor) FROM payments_disputeshare WHERE dispute_id = NEW.dispute_id)
            > disputed.amount_minor THEN
        RAISE EXCEPTION 'share % is not of its dispute', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a share is of an order of its dispute';
    END IF;
    PERFORM payments_check_gone(disputed.charge_id, NEW.part_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER share_bound AFTER INSERT ON payments_disputeshare
    FOR EACH ROW EXECUTE FUNCTION payments_bound_share();
CREATE TRIGGER dispute_fixed BEFORE UPDATE ON payments_dispute FOR EACH ROW
    WHEN ((OLD.id, OLD.provider, OLD.provider_dispute_id, OLD.charge_id, OLD.amount_minor, OLD.currency)
          IS DISTINCT FROM
          (NEW.id, NEW.provider, NEW.provider_dispute_id, NEW.charge_id, NEW.amount_minor, NEW.currency)
          OR (OLD.state IN ('won', 'lost') AND NEW.state <> OLD.state))
    EXECUTE FUNCTION payments_refuse_change();
"""

ALL = [NEVER_NEGATIVE, BOUND]
