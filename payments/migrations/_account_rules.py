"""Which accounts may fall below zero, as SQL: kept apart so that the migration stays readable."""

# As in _dispute_rules, with insurers and exchange differences: both are the world outside.
NEVER_NEGATIVE = """
CREATE OR REPLACE FUNCTION payments_refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE drawn record;
BEGIN
    FOR drawn IN SELECT account, currency FROM added
        WHERE (amount_minor < 0 AND account !~ '^(provider|fees|insurer|fx):|:debt$')
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
