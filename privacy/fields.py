"""A text column that is sealed under its subject's key, in its own row and column."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from privacy import erased, keyring, live_keys, opened, sealing


class Sealed(bytes):
    """Ciphertext as it stands in the column; shows nothing when printed."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class EncryptedAttribute(DeferredAttribute):
    """Opens on reading, keeps the ciphertext until a new text is set."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        name = self.field.attname
        value = None if instance is None else instance.__dict__.get(name)
        if value is None:
            value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        opened: dict[str, str] = instance.__dict__.setdefault("_opened", {})
        if name not in opened:
            try:
                opened[name] = cast(EncryptedTextField, self.field).open(instance, value)
            except keyring.KeyDestroyed:
                gap = erased.gap(name)
                if gap is None:
                    raise
                return gap
        return opened[name]

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__.get("_opened", {}).pop(self.field.attname, None)
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text under the data key of the subject whose id stands in the attribute `subject`.

    Table, column, row and key version are authenticated, so a ciphertext opens only where it was written.
    The model needs a UUID key made in Python. Look-ups and `update()` are refused: use a blind index.
    """

    descriptor_class = EncryptedAttribute
    sealed = True

    def __init__(self, *args: Any, subject: str = "subject_id", **kwargs: Any) -> None:
        self.subject = subject
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Every table with a sealed column guards itself: nobody has to remember the trigger."""
        super().contribute_to_class(cls, name, private_only)
        live_keys.guard(cls)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["subject"] = self.subject
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, erased.Gap):
            raise keyring.KeyDestroyed("a gap is shown, never kept")
        if value is None or isinstance(value, Sealed):
            return value
        sealed = self.seal(model_instance, str(value))
        setattr(model_instance, self.attname, sealed)
        return sealed

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, (Sealed, memoryview)):
            raise TypeError(f"{self.name} is sealed: set it on the instance and save that")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: Any) -> str:
        return "<sealed>"

    def _context(self, instance: Any, subject_id: UUID, version: int) -> bytes:
        """Where a cell lies; that of the row is written out once for all its cells."""
        pk = instance.pk
        known = instance.__dict__.get("_row_as_sealed")
        if known is None or known[0] is not pk or known[1] is not subject_id:
            known = instance.__dict__["_row_as_sealed"] = (pk, subject_id, f"{pk}|{subject_id}")
        return f"{instance._meta.db_table}|{self.column}|{known[2]}|{version}".encode()

    def _subject_of(self, instance: Any) -> UUID:
        subject_id = getattr(instance, self.subject)
        if not isinstance(subject_id, UUID):
            raise TypeError(f"{self.name} needs the subject in {self.subject} before it is sealed or opened")
        return subject_id

    def seal(self, instance: Any, text: str) -> Sealed:
        """Under the subject's current key. :raises KeyDestroyed: after erasure"""
        subject_id = self._subject_of(instance)
        return self.seal_under(instance, text, version=keyring.current(subject_id)[0])

    def seal_under(self, instance: Any, text: str, *, version: int) -> Sealed:
        """Under one version of the subject's keys, a kept one too."""
        subject_id = self._subject_of(instance)
        key = keyring.to_seal(subject_id, version)
        context = self._context(instance, subject_id, version)
        return Sealed(sealing.seal(text.encode(), key=key, key_version=version, context=context))

    def open(self, instance: Any, sealed: Sealed) -> str:
        """:raises SealBroken: if it was changed or moved; KeyDestroyed: after erasure"""
        subject_id = self._subject_of(instance)
        version = sealing.key_version_of(sealed)
        key = keyring.of_version(subject_id, version)
        if opened.somebody_asks():
            opened.note(subject_id, f"{instance._meta.label}.{self.name}")
        return sealing.unseal(sealed, key=key, context=self._context(instance, subject_id, version)).decode()


class KeyVersionField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """Under which of the subject's keys something outside the database lies; guarded like a sealed column."""

    sealed_outside = True

    def __init__(self, *args: Any, subject: str = "subject_id", **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["subject"] = self.subject
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        live_keys.guard(cls)
