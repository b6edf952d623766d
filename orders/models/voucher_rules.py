"""What the database itself keeps true of services that were bought, as its triggers say it."""

from __future__ import annotations

AS_BOUGHT = """
IF NOT EXISTS (
    SELECT FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
     WHERE l.id = NEW.line_id AND o.id = NEW.order_id AND o.delivery = 'voucher'
       AND NEW.uses = l.quantity * NEW.uses_each AND NEW.paid_minor = l.total_minor - l.discount_minor
) THEN
    RAISE EXCEPTION 'a voucher is good for what its line was paid for' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# Within the trigger of a use or an appointment the depth is two.
ONLY_COUNTED = """
IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'only uses and appointments count on a voucher' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# Uses are numbered without a gap; the shares of all of them add up to what was paid, to the last fen.
USE_IN_TURN = """
IF NOT EXISTS (
    SELECT FROM orders_voucher v
     WHERE v.line_id = NEW.voucher_id AND v.order_id = NEW.order_id AND NEW.number = v.used + 1
       AND NEW.share_minor = v.paid_minor * NEW.number / v.uses - v.paid_minor * (NEW.number - 1) / v.uses
) THEN
    RAISE EXCEPTION 'a use comes in its turn and is worth its share' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
COUNT_USE = """
UPDATE orders_voucher SET used = used + 1 WHERE line_id = NEW.voucher_id;
RETURN NEW;
"""
COUNT_RELEASE = """
UPDATE orders_order SET released_minor = released_minor + NEW.released_minor WHERE id = NEW.order_id;
RETURN NEW;
"""
RELEASED_ONCE = """
IF OLD.released_at IS NOT NULL OR NEW.released_minor > NEW.share_minor THEN
    RAISE EXCEPTION 'the share of a use is released once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
ONLY_RELEASED = """
IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'only uses release money of an order' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
OF_ITS_SHOP = """
IF NOT EXISTS (
    SELECT FROM catalog_listing
     WHERE id = NEW.listing_id AND merchant_id = NEW.merchant_id AND category_id = 'services'
) THEN
    RAISE EXCEPTION 'a time is offered for a service of its shop' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
KEPT_FOR_ITS_BUYERS = """
IF EXISTS (SELECT FROM orders_appointment WHERE slot_id = NEW.id AND state = 'booked') THEN
    RAISE EXCEPTION 'a time with appointments isn''t closed' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# The lock on the time keeps it from being closed meanwhile.
A_SEAT_THERE = """
PERFORM FROM orders_slot WHERE id = NEW.slot_id FOR SHARE;
IF NOT EXISTS (
    SELECT FROM orders_slot s
      JOIN orders_voucher v ON v.line_id = NEW.voucher_id AND v.order_id = NEW.order_id
      JOIN orders_orderline l ON l.id = v.line_id AND l.listing_id = s.listing_id
     WHERE s.id = NEW.slot_id AND s.closed_at IS NULL AND NEW.seat BETWEEN 1 AND s.capacity
       AND s.starts_at > NEW.booked_at
) THEN
    RAISE EXCEPTION 'an appointment has a seat at a time of its service' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
COUNT_BOOKED = """
UPDATE orders_voucher SET booked = booked + 1 WHERE line_id = NEW.voucher_id;
RETURN NEW;
"""
COUNT_ENDED = """
UPDATE orders_voucher SET booked = booked - 1 WHERE line_id = NEW.voucher_id;
RETURN NEW;
"""
ENDS_ONCE = """
IF OLD.state <> 'booked' OR NEW.state = 'booked' OR NEW.ended_at IS NULL THEN
    RAISE EXCEPTION 'an appointment ends once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
