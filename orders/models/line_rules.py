"""What the database itself keeps true of an order's lines, as its triggers say it."""

from __future__ import annotations

DISCOUNTS_SUM = """
IF NEW.discount_minor <> (
    SELECT coalesce(sum(amount_minor), 0) FROM orders_linediscount WHERE line_id = NEW.id
) THEN
    RAISE EXCEPTION 'a line is discounted by what its discounts sum to' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""
# Within the trigger of a parcel's lines the depth is two.
ONLY_PARCELS = """
IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'only a parcel sends pieces'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'only_parcels_count_as_sent';
END IF;
RETURN NEW;
"""
BY_EXPRESS = """
IF NOT EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id AND delivery = 'express') THEN
    RAISE EXCEPTION 'only an express order costs express' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# So many whole sets' worth of a member, nothing else.
IN_ITS_SET = """
IF NOT EXISTS (
    SELECT FROM catalog_setmember
     WHERE revision_id = NEW.set_revision_id AND variant_id = NEW.variant_id AND NEW.quantity % quantity = 0
) THEN
    RAISE EXCEPTION 'a line of a set is one of its members' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# What was offered as a gift: that thing, at the value that was stated, or at none where none comes off.
AS_GIVEN = """
IF NOT EXISTS (
    SELECT FROM orders_promotion p JOIN orders_order o ON o.id = NEW.order_id
     WHERE p.id = NEW.gift_id AND p.gift_variant_id = NEW.variant_id AND p.merchant_id = o.merchant_id
       AND p.gift_pieces = NEW.quantity AND NEW.gift_minor IN (0, p.gift_minor)
) THEN
    RAISE EXCEPTION 'a gift is given as it was offered'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_gift_is_given_as_offered';
END IF;
RETURN NEW;
"""
