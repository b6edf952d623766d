"""After the faults, inside the installation: what was acknowledged against what the database holds."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

# Each names what it finds; none of them may find anything.
QUERIES = {
    "stock is below zero or not what its history says": """
        SELECT s.variant_id, s.on_hand, s.reserved, s.sold FROM catalog_stock s
        LEFT JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS n FROM catalog_stockchange c
            WHERE c.variant_id = s.variant_id) added ON true
        LEFT JOIN LATERAL (SELECT coalesce(sum(quantity) FILTER (WHERE state = 'held'), 0) AS held,
            coalesce(sum(quantity) FILTER (WHERE state = 'committed'), 0) AS sold
            FROM catalog_reservation r WHERE r.variant_id = s.variant_id) r ON true
        WHERE s.on_hand < 0 OR s.reserved <> r.held OR s.sold <> r.sold OR s.on_hand <> added.n - r.sold""",
    "a guest has more than one purchase": """
        SELECT subject_id, count(*) FROM orders_purchase GROUP BY subject_id HAVING count(*) > 1""",
    "the provider took money for which there is no order and no refund": """
        SELECT c.payment_number FROM sandbox_charge c
        WHERE NOT EXISTS (SELECT 1 FROM payments_payment p JOIN orders_order o ON o.payment_id = p.id
            WHERE p.number = c.payment_number AND p.state = 'captured'
              AND o.state NOT IN ('awaiting_payment', 'expired', 'cancelled'))
          AND NOT EXISTS (SELECT 1 FROM sandbox_refund r WHERE r.charge_id = c.id AND r.paid)""",
    "a deadline is due for more than a minute": """
        SELECT kind, reference, due_at FROM deadlines_deadline
        WHERE state = 'open' AND due_at < platform_now() - interval '60 seconds'""",
    "a deadline fired early": """
        SELECT kind, reference, due_at, ended_at FROM deadlines_deadline
        WHERE state = 'fired' AND ended_at < due_at""",
    "a deadline that fired has not exactly one message": """
        SELECT d.kind, d.reference, count(m.id) FROM deadlines_deadline d
        LEFT JOIN outbox_message m ON m.name = 'deadlines.DeadlineFired'
            AND m.payload->>'deadline_id' = d.id::text
        WHERE d.state = 'fired' GROUP BY d.id HAVING count(m.id) <> 1""",
    "a message has no receipt although it was handled": """
        SELECT m.id FROM outbox_message m WHERE m.name = 'deadlines.DeadlineFired' AND (m.handled_at IS NULL
            OR (SELECT count(*) FROM outbox_receipt r WHERE r.message_id = m.id) <> 1)""",
    "a message was given up": "SELECT name, error FROM outbox_message WHERE parked_at IS NOT NULL",
    "an order expired twice or its lateness was told twice": """
        SELECT order_id, name FROM orders_ordermove WHERE name = 'expire'
            GROUP BY order_id, name HAVING count(*) > 1
        UNION ALL SELECT (payload->>'order_id')::uuid, name FROM outbox_message
            WHERE name = 'orders.DispatchLate' GROUP BY 1, 2 HAVING count(*) > 1""",
}


def report() -> None:
    """Runs inside Django; writes audit.json beside the journal."""
    folder = Path(os.environ["ANXIN_DATA"])
    lines = (folder / "journal").read_text().splitlines()
    facts = [json.loads(line) for line in lines]
    missing = [fact for fact in facts if not _kept(fact)]
    found = {
        "missing": missing,
        "offences": [str(each) for each in _offences()],
        "journal": Counter(fact["what"] for fact in facts),
        "deadlines": _lateness(),
    }
    (folder / "audit.json").write_text(json.dumps(found))


def _kept(fact: dict[str, Any]) -> bool:
    from complaints.models import Complaint
    from orders.models import Order, OrderMove, Return
    from payments.models import Payment
    from payments.sandbox_models import SandboxCharge

    match fact["what"]:
        case "order":
            payment = Payment.objects.filter(number=fact["payment"]).first()
            return payment is not None and Order.objects.filter(payment_id=payment.pk).count() == 1
        case "charge":
            return SandboxCharge.objects.filter(payment_number=fact["payment"]).count() == 1
        case "payment":
            return Payment.objects.filter(number=fact["payment"], state="captured").exists()
        case "shipment":
            return OrderMove.objects.filter(order__number=fact["order"], name="ship").count() == 1
        case "delivery":
            return OrderMove.objects.filter(order__number=fact["order"], name="confirm_delivery").count() == 1
        case "return":
            return Return.objects.filter(number=fact["number"]).exists()
    return Complaint.objects.filter(number=fact["number"]).exists()


def _offences() -> Iterator[object]:
    from django.db import connection

    from orders import invariants as order_rules
    from payments import invariants as money_rules

    yield from money_rules.all_offences()
    yield from order_rules.all_offences()
    with connection.cursor() as cursor:
        for rule, query in QUERIES.items():
            cursor.execute(query)
            yield from ((rule, row) for row in cursor.fetchall())


def _lateness() -> dict[str, Any]:
    """Seconds from the instant to the fired row, counted from when the site was first up."""
    from deadlines.models import Deadline

    up = datetime.fromisoformat((Path(os.environ["ANXIN_DATA"]) / "up").read_text())
    late = [
        (row.ended_at - max(row.due_at, up)).total_seconds()
        for row in Deadline.objects.filter(state="fired")
        if row.ended_at is not None
    ]
    return {"fired": len(late), "latest_s": round(max(late, default=0.0), 1)}
