"""What the restore test does inside an installation, each through use cases: people and orders."""

import json
import sys
from datetime import timedelta
from typing import Any

NAME, PHRASE = "甄不忘", "canary-8841-do-not-come-back"


def _say(**facts: Any) -> None:
    print(json.dumps(facts))


def people() -> None:
    """Two accounts with an order each; their ids."""
    from accounts.signing_in import create_account
    from catalog.models import Listing
    from kernel import clock
    from tests.builders.orders import an_order

    listing, made = Listing.objects.live()[0], {}
    for who in ("leaves", "stays"):
        at = clock.now() - timedelta(days=1)
        email = f"{who}@example.com"
        account = create_account(email=email, display_name=NAME, password=PHRASE, locale="zh-hans", at=at)
        # Delivered so long ago that it settles at once: nothing stands in the way of an erasure.
        ordered = at - timedelta(days=24)
        an_order(
            listing=listing,
            subject_id=account.subject_id,
            at=ordered,
            delivered_at=ordered + timedelta(days=2),
        )
        made[who] = str(account.subject_id)
    # Nobody will pay this one, and its half hour ends after the backup.
    unpaid = an_order(paid=False, listing=listing, at=clock.now() - timedelta(minutes=27))
    _say(**made, unpaid=str(unpaid.pk))


def shop(count: int) -> None:
    """Orders, one after the other, as long as a backup takes."""
    from catalog.models import Listing
    from kernel import clock
    from tests.builders.orders import an_order

    listing = Listing.objects.live()[1]
    for _ in range(count):
        an_order(listing=listing, at=clock.now())
    _say(made=count)


def look(subject_id: str) -> None:
    """Whether the person's address opens, and what of their keys is there."""
    from notifications.models import Addressee
    from orders.models import Order
    from privacy.keys import KeyDestroyed
    from privacy.models import Subject, SubjectKey

    found = Addressee.objects.filter(subject_id=subject_id).first()
    try:
        email = found.email if found else ""
    except KeyDestroyed:
        email = "shredded"
    _say(
        email=email,
        keys=sorted(
            SubjectKey.objects.filter(subject_id=subject_id, wrapped__isnull=False).values_list(
                "use", flat=True
            )
        ),
        erased=Subject.objects.filter(pk=subject_id, erased_at__isnull=False).exists(),
        orders=Order.objects.count(),
    )


def expiry(order_id: str) -> None:
    """How often the clock of an unpaid order fired, and what became of the order."""
    from orders.models import Order
    from outbox.models import Message

    purchase = Order.objects.get(pk=order_id).purchase_id
    fired = Message.objects.filter(name="deadlines.DeadlineFired", payload__reference=str(purchase))
    _say(fired=fired.count(), state=str(Order.objects.get(pk=order_id).state))


def wrapped(subject_id: str) -> None:
    from privacy.models import SubjectKey

    found = SubjectKey.objects.filter(subject_id=subject_id, wrapped__isnull=False)
    _say(wrapped=[bytes(key.wrapped).hex() for key in found])


if __name__ == "__main__":
    sys.exit("Call its functions through `dev manage shell`.")
