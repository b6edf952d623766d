"""What an attacker with the portal's role asks the database, and what is really there."""

from contextlib import contextmanager

from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from config import policies
from config.portal_rights import RIGHTS
from merchants.models import Merchant
from web import tenancy

BY_TABLE = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
NARROW = sorted(policies.conditions())
TENANTS = {name: model for name, model in BY_TABLE.items() if hasattr(model, "tenant")}
BLIND_TRIGGERS = (
    "no real deal carries",
    "a document holds the files of its own shop",
    "a link follows",
    "a link is proved",
    "set_member_is_its_own_shops",
    "set_has_two_members",
    "a paper is of its invoice",
    "a thread is between the buyer",
    "a message is reported by the side",
    "a shop enters its own goods",
    "a code is its order's and its buyer's",
    "services are redeemed and never sent",
    "a time is offered for a service of its shop",
    "a use comes in its turn and is worth its share",
)
READABLE = {table for table, rights in RIGHTS.items() if "SELECT," in f"{rights}," and table in BY_TABLE}


def key(table):
    return BY_TABLE[table]._meta.pk.column


def shop_path(model):
    """The ORM's own way from a row to its shop: "order__merchant"; the judge of the policies."""
    steps = []
    while model is not Merchant:
        field = model._meta.get_field(model.tenant)
        steps.append(field.name)
        if field.related_model is None or field.related_model is Merchant:
            return "__".join(steps)
        model = field.related_model
    return "__".join([*steps, "pk"])


def keys(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{key(table)}" FROM "{table}"')
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def set_to(merchant_id, person=""):
    """The portal's role with any text in the settings, as a bug or an attack might leave them."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', %s, true), set_config('anxin.merchant_id', %s, true),"
                " set_config('anxin.subject_id', %s, true)",
                [tenancy.ROLE, str(merchant_id), str(person)],
            )
        yield
        transaction.set_rollback(True)


def seen_by(shop, table):
    with set_to(shop.merchant.pk, shop.owner.subject_id):
        return keys(table)


def refused(statement, params=()):
    """True when the database says no: by right (42501) or by showing nothing to change."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.rowcount == 0
    except ProgrammingError as error:
        return error.__cause__.pgcode == "42501"
    except InternalError as error:
        # A column that nobody may change, in this shop or another.
        return "pgtrigger: Cannot update rows" in str(error)
    except IntegrityError as error:
        # These triggers have the caller's rights, so they see nothing of another shop and say no first.
        return any(words in str(error) for words in BLIND_TRIGGERS)
