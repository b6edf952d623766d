"""What every installation has before anybody comes: law, calendars, policies, categories."""

from catalog.categories import load_categories
from outbox.models import Message
from tests.builders.rulebook import LOADED_AT, the_rulebook


def lay_the_ground() -> None:
    """Load the bundled data unless it is there."""
    the_rulebook()
    load_categories(at=LOADED_AT)
    # That the law was loaded is news for nobody here; tests count their own messages.
    Message.objects.filter(receipts=None).delete()
