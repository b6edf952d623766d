"""Certificates of erasure: canonical JSON signed with Ed25519 (RFC 8032), checkable by anybody, for ever.

The signing keys lie beside the master key, outside the database; certificates name theirs by its digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from evidence.canonical import canonical
from privacy.models import Certificate, Request

FORMAT = "anxin.erasure.1"
# What is signed begins so, so that no signature of ours can pass for another kind of document.
DOMAIN = b"anxin:erasure-certificate:1\n"


class SigningKeyMissing(RuntimeError):
    """The key file is damaged: no certificate can be given, so nothing may be erased."""


def issue(*, request: Request, content: dict[str, Any], at: datetime) -> Certificate:
    """Sign and keep what an erasure did; in its transaction."""
    key_id, key = _signing_key()
    signed = canonical({"format": FORMAT, "key": key_id, **content})
    return Certificate.objects.create(
        request=request, content=signed, signature=key.sign(DOMAIN + signed), key_id=key_id, issued_at=at
    )


def as_json(certificate: Certificate) -> dict[str, Any]:
    """The certificate as it is handed out: the document, its exact bytes, the signature and the key."""
    content = bytes(certificate.content)
    return {
        "certificate": json.loads(content),
        "signed": base64.b64encode(DOMAIN + content).decode(),
        "signature": base64.b64encode(bytes(certificate.signature)).decode(),
        "key": certificate.key_id,
        "public_key": public_keys().get(certificate.key_id, ""),
        "valid": verify(content=content, signature=bytes(certificate.signature), key_id=certificate.key_id),
    }


def verify(*, content: bytes, signature: bytes, key_id: str) -> bool:
    """Whether we signed these very bytes under that key."""
    found = public_keys().get(key_id)
    if found is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(found)).verify(signature, DOMAIN + content)
    except InvalidSignature:
        return False
    return True


def public_keys() -> dict[str, str]:
    """Every key that ever signed, by its name: 32 bytes in base 64."""
    _, keys = _load(str(_path()))
    return {name: base64.b64encode(_public(key)).decode() for name, key in keys.items()}


def _signing_key() -> tuple[str, Ed25519PrivateKey]:
    current, keys = _load(str(_path()))
    return current, keys[current]


def _path() -> Path:
    return Path(settings.MASTER_KEY_FILE).with_name("certificate-keys.json")


def create(path: Path) -> None:
    """Make a key file with 0600 if there is none yet; an existing one is never touched."""
    key = Ed25519PrivateKey.generate()
    name = _name(key)
    content = json.dumps(
        {"current": name, "keys": {name: base64.b64encode(key.private_bytes_raw()).decode()}}
    )
    part = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link appears whole or not at all, and only where nothing stood: the first process wins.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


@lru_cache(maxsize=4)
def _load(path: str) -> tuple[str, dict[str, Ed25519PrivateKey]]:
    if not Path(path).exists():
        create(Path(path))
    try:
        stored = json.loads(Path(path).read_text())
        keys = {
            name: Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret))
            for name, secret in stored["keys"].items()
        }
        current = str(stored["current"])
    except (OSError, ValueError, KeyError) as error:
        raise SigningKeyMissing(f"no signing key at {path}: {type(error).__name__}") from error
    if current not in keys or any(_name(key) != name for name, key in keys.items()):
        raise SigningKeyMissing(f"the signing key file at {path} is damaged")
    return current, keys


def _name(key: Ed25519PrivateKey) -> str:
    return hashlib.sha256(_public(key)).hexdigest()[:32]


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
