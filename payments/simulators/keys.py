"""Key pairs for practice: made new for each simulator, never those of a real account."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def new_pair() -> tuple[bytes, bytes]:
    """A private and its public RSA key (2048 bits), both in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


def certificate(private: bytes, name: str, *, by: tuple[bytes, bytes] | None = None) -> bytes:
    """A certificate over the public half of `private`, in PEM; `by`: issuer's certificate and private key.

    Without `by` it signs itself, as a root does.
    """
    key = serialization.load_pem_private_key(private, password=None)
    assert isinstance(key, rsa.RSAPrivateKey), "practice keys are RSA"
    own = x509.Name.from_rfc4514_string(f"CN={name},OU=Practice,O=Anxin,C=CN")
    issuer, signer = own, key
    if by is not None:
        issuer = x509.load_pem_x509_certificate(by[0]).subject
        found = serialization.load_pem_private_key(by[1], password=None)
        assert isinstance(found, rsa.RSAPrivateKey), "practice keys are RSA"
        signer = found
    made = x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=own,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2060, 1, 1, tzinfo=UTC),
    )
    return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
