"""RSA signatures (PKCS #1 v1.5 over SHA-256) as Alipay (RSA2) and WeChat Pay v3 use them, and their keys."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# Below this a key can be broken by those who want our money (NIST SP 800-57 part 1).
LEAST_BITS = 2048
# SHA-1 because WeChat Pay says so; in OAEP nothing rests on its collisions.
_SHA1 = hashes.SHA1()
_OAEP = padding.OAEP(mgf=padding.MGF1(algorithm=_SHA1), algorithm=_SHA1, label=None)


class BadKey(ValueError):
    """A key file that is none, or too weak; names the reason, never the key."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Our own key at one provider."""

    key: rsa.RSAPrivateKey

    @classmethod
    def of(cls, pem: bytes) -> Signer:
        """:raises BadKey:"""
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as problem:
            raise BadKey("not a private key in PEM without a password") from problem
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_BITS:
            raise BadKey("an RSA key of at least 2048 bits is needed")
        return cls(key)

    def sign(self, text: str) -> str:
        """The signature of `text` in UTF-8, in base64."""
        raw = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(raw).decode()

    def unseal(self, text: str) -> str:
        """What was sealed with the public half. :raises ValueError: when it wasn't"""
        return self.key.decrypt(base64.b64decode(text, validate=True), _OAEP).decode()


@dataclass(frozen=True, slots=True)
class Verifier:
    """The provider's public key."""

    key: rsa.RSAPublicKey

    @classmethod
    def of(cls, pem: bytes) -> Verifier:
        """:raises BadKey:"""
        try:
            key = serialization.load_pem_public_key(pem)
        except ValueError as problem:
            raise BadKey("not a public key in PEM") from problem
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size < LEAST_BITS:
            raise BadKey("an RSA key of at least 2048 bits is needed")
        return cls(key)

    def fits(self, signature: str, text: str | bytes) -> bool:
        """Whether `signature` (base64) was made over `text` by who has the private key."""
        raw = text.encode() if isinstance(text, str) else text
        try:
            given = base64.b64decode(signature, validate=True)
            self.key.verify(given, raw, padding.PKCS1v15(), hashes.SHA256())
        except (binascii.Error, ValueError, InvalidSignature):
            return False
        return True

    def seal(self, text: str) -> str:
        """`text` so that only the provider can read it, in base64 (RSAES-OAEP, WeChat Pay's way)."""
        return base64.b64encode(self.key.encrypt(text.encode(), _OAEP)).decode()
