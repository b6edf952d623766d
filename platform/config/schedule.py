"""What runs again and again: the supervised loop, and the same functions as Celery beat entries."""

from __future__ import annotations

from collections.abc import Callable

from catalog.tasks import (
    collect_placements,
    fold_marks,
    import_files,
    sweep_reductions,
    tell_who_waits,
)
from credit.tasks import recalculate_waiting
from deadlines.near import tell
from deadlines.sweep import sweep
from merchants.tasks import draw_inspections, send_webhooks
from notifications.tasks import deliver_letters
from orders.tasks import ask_carriers, tell_insurers
from outbox.relay import drain
from payments.tasks import ask_statements, run_payouts, step
from privacy.tasks import build_copies, sweep_retention, watch_access

# Each does a bounded piece of work and says how much; the loop rests a second when all are idle.
LOOP: tuple[Callable[[], int], ...] = (
    sweep,
    tell,
    drain,
    step,
    ask_statements,
    run_payouts,
    deliver_letters,
    recalculate_waiting,
    build_copies,
    import_files,
    sweep_retention,
    watch_access,
    sweep_reductions,
    tell_who_waits,
    fold_marks,
    collect_placements,
    draw_inspections,
    ask_carriers,
    tell_insurers,
    send_webhooks,
)

BEAT = {
    "orders.tell_insurers": {"task": "orders.tell_insurers", "schedule": 10.0},
    "orders.ask_carriers": {"task": "orders.ask_carriers", "schedule": 60.0},
    "merchants.send_webhooks": {"task": "merchants.send_webhooks", "schedule": 5.0},
    "merchants.draw_inspections": {"task": "merchants.draw_inspections", "schedule": 3600.0},
    "outbox.drain": {"task": "outbox.drain", "schedule": 2.0},
    "deadlines.sweep": {"task": "deadlines.sweep", "schedule": 2.0},
    "deadlines.tell_before": {"task": "deadlines.tell_before", "schedule": 30.0},
    "privacy.sweep_retention": {"task": "privacy.sweep_retention", "schedule": 3600.0},
    "privacy.build_copies": {"task": "privacy.build_copies", "schedule": 10.0},
    "catalog.import_files": {"task": "catalog.import_files", "schedule": 5.0},
    "payments.step": {"task": "payments.step", "schedule": 5.0},
    "catalog.collect_placements": {"task": "catalog.collect_placements", "schedule": 60.0},
    "catalog.tell_who_waits": {"task": "catalog.tell_who_waits", "schedule": 10.0},
    "catalog.sweep_reductions": {"task": "catalog.sweep_reductions", "schedule": 30.0},
    "catalog.look_through_papers": {"task": "catalog.look_through_papers", "schedule": 86_400.0},
    "catalog.fold_marks": {"task": "catalog.fold_marks", "schedule": 5.0},
    "catalog.release_orphans": {"task": "catalog.release_orphans", "schedule": 300.0},
    "credit.recalculate_waiting": {"task": "credit.recalculate_waiting", "schedule": 10.0},
    "credit.recalculate_all": {"task": "credit.recalculate_all", "schedule": 86_400.0},
    "privacy.watch_access": {"task": "privacy.watch_access", "schedule": 60.0},
    "config.warn_of_years": {"task": "config.warn_of_years", "schedule": 86_400.0},
    "config.settle_tombstones": {"task": "config.settle_tombstones", "schedule": 60.0},
    "merchants.index_documents": {"task": "merchants.index_documents", "schedule": 3600.0},
    "merchants.book_missing_rechecks": {"task": "merchants.book_missing_rechecks", "schedule": 3600.0},
    "orders.end_campaigns": {"task": "orders.end_campaigns", "schedule": 3600.0},
    "orders.watch_money": {"task": "orders.watch_money", "schedule": 60.0},
    "payments.run_payouts": {"task": "payments.run_payouts", "schedule": 10.0},
    "payments.ask_statements": {"task": "payments.ask_statements", "schedule": 600.0},
    "payments.compare_statements": {"task": "payments.compare_statements", "schedule": 3600.0},
    "merchants.book_missing_training": {"task": "merchants.book_missing_training", "schedule": 3600.0},
    "payments.check_books": {"task": "payments.check_books", "schedule": 86_400.0},
}
