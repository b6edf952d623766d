"""How WeChat Pay proves what it says and seals what it tells us."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from payments.gateways import documents
from payments.gateways.protocol import ForgedNotice
from payments.gateways.rsa import Verifier
from payments.gateways.signing import WINDOW_SECONDS

TIMESTAMP, NONCE = "wechatpay-timestamp", "wechatpay-nonce"
SIGNATURE, SERIAL = "wechatpay-signature", "wechatpay-serial"
TYPE, KIND = "wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"
# WeChat sends such signatures now and then to see whether they are refused.
PROBE = "WECHATPAY/SIGNTEST/"
SEALED = "AEAD_AES_256_GCM"

_INSTANT = re.compile(r"[0-9]{10}", re.ASCII)


def signed_bytes(instant: str, nonce: str, body: bytes) -> bytes:
    return f"{instant}\n{nonce}\n".encode() + body + b"\n"


def verify(
    headers: Mapping[str, str], body: bytes, *, their_keys: Mapping[str, Verifier], at: datetime
) -> None:
    """Check an answer or notice against the platform's key that it names. :raises ForgedNotice:"""
    instant, nonce = headers.get(TIMESTAMP, ""), headers.get(NONCE, "")
    signature, key = headers.get(SIGNATURE, ""), their_keys.get(headers.get(SERIAL, ""))
    if key is None or headers.get(TYPE, KIND) != KIND or signature.startswith(PROBE):
        raise ForgedNotice()
    if not _INSTANT.fullmatch(instant) or abs(int(at.timestamp()) - int(instant)) > WINDOW_SECONDS:
        raise ForgedNotice()
    if not key.fits(signature, signed_bytes(instant, nonce, body)):
        raise ForgedNotice()


def open_resource(resource: Any, *, secret: bytes) -> dict[str, Any]:
    """The document inside a notice. :raises ForgedNotice: when it isn't sealed with our APIv3 key"""
    if not isinstance(resource, dict) or resource.get("algorithm") != SEALED:
        raise ForgedNotice()
    nonce = documents.text(resource, "nonce", limit=16).encode()
    bound = documents.text(resource, "associated_data").encode()
    try:
        sealed = base64.b64decode(str(resource.get("ciphertext", "")), validate=True)
        plain = AESGCM(secret).decrypt(nonce, sealed, bound)
    except (binascii.Error, ValueError, InvalidTag):
        raise ForgedNotice() from None
    return documents.read(plain)


def seal_resource(plain: bytes, *, secret: bytes, nonce: str, bound: str) -> str:
    """The ciphertext that `open_resource` opens, in base64; for the simulator."""
    return base64.b64encode(AESGCM(secret).encrypt(nonce.encode(), plain, bound.encode())).decode()
