"""The database's own guard of sealed columns: what stands in them was sealed under a key that lives.

Together with the lock that closing and destroying a key take, this is why a slow process can't write a cell
under a key that is gone: its statement is refused, instead of its words being lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger

if TYPE_CHECKING:
    from privacy.fields import EncryptedTextField

NAME = "sealed_under_a_live_key"


def sealed_fields(model: Any) -> list[EncryptedTextField]:
    """The model's sealed columns, in their order."""
    return [each for each in model._meta.local_concrete_fields if getattr(each, "sealed", False)]


def version_fields(model: Any) -> list[Any]:
    """The model's columns that hold the key version of something sealed outside the database."""
    return [each for each in model._meta.local_concrete_fields if getattr(each, "sealed_outside", False)]


class SealedUnderALiveKey(pgtrigger.Trigger):
    """Refuses a sealed cell whose key is unknown, closed or destroyed, or that isn't sealed at all."""

    def __init__(self) -> None:
        super().__init__(
            name=NAME, when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func="-"
        )

    def get_func(self, model: Any) -> str:
        steps = [
            _step(
                each.column,
                f'privacy_check_sealed(NEW."{_column(model, each.subject)}", NEW."{each.column}")',
            )
            for each in sealed_fields(model)
        ] + [
            _step(
                each.column, f'privacy_check_key(NEW."{_column(model, each.subject)}", NEW."{each.column}")'
            )
            for each in version_fields(model)
        ]
        return "\n".join([*steps, "RETURN NEW;"])


def _step(column: str | None, call: str) -> str:
    changed = f"""TG_OP = 'INSERT' OR NEW."{column}" IS DISTINCT FROM OLD."{column}\""""
    return f"IF {changed} THEN PERFORM {call}; END IF;"


def _column(model: Any, attname: str) -> str:
    return next(str(each.column) for each in model._meta.local_concrete_fields if each.attname == attname)


def guard(model: Any) -> None:
    """Give a model that is being made its guard (once, however many sealed columns it has)."""
    options = model._meta
    if model.__module__ == "__fake__" or options.abstract or options.proxy:
        return
    triggers = list(getattr(options, "triggers", []))
    if not any(isinstance(each, SealedUnderALiveKey) for each in triggers):
        options.triggers = options.original_attrs["triggers"] = [*triggers, SealedUnderALiveKey()]


def history(name: str, *columns: str) -> pgtrigger.Trigger:
    """For an append-only table with sealed `columns`: they may be sealed anew under a later key, or emptied.

    Any other change, and removing a row, is refused; so is a cell of another length or of an earlier key.
    """
    kept = " AND ".join(f'privacy_is_resealing(OLD."{each}", NEW."{each}")' for each in columns)
    moved = " OR ".join(f'OLD."{each}" IS DISTINCT FROM NEW."{each}"' for each in columns)
    names = ", ".join(f"'{each}'" for each in columns)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - ARRAY[{names}] = to_jsonb(NEW) - ARRAY[{names}] AND ({moved}) AND {kept} THEN
        RETURN NEW;
    END IF;
END IF;
RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
""",
    )
