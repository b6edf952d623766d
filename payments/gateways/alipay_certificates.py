"""Alipay's certificate mode, which it demands for every call that moves money out of our account.

Source: opendocs.alipay.com/common/056zub (signing under certificates), read 2026-11: a request names our
certificate (app_cert_sn) and the roots that we trust (alipay_root_cert_sn), an answer the certificate it was
signed under (alipay_cert_sn). A name is the MD5 of issuer and serial number: a label, nothing rests on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa

from payments.gateways.rsa import BadKey, Signer, Verifier

# Signature algorithms of RSA (PKCS #1); roots of other kinds (SM2) aren't named.
_RSA = "1.2.840.113549.1.1"


@dataclass(frozen=True, slots=True)
class Certificates:
    """Names for the wire, and the key of Alipay's certificate after its chain to a root was checked."""

    app_sn: str
    root_sn: str
    their_sn: str
    theirs: Verifier

    @classmethod
    def of(cls, ours: bytes, theirs: bytes, roots: bytes, *, signer: Signer) -> Certificates:
        """:raises BadKey: a file that holds none, ours for another key, or theirs from no root of these"""
        own, chain, trusted = _read(ours)[0], _read(theirs), _read(roots)
        if own.public_key() != signer.key.public_key():
            raise BadKey("the application's certificate is for another key")
        if not _leads(chain, trusted):
            raise BadKey("Alipay's certificate comes from none of the roots")
        key = chain[0].public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise BadKey("Alipay's certificate holds no RSA key")
        named = [one for one in trusted if one.signature_algorithm_oid.dotted_string.startswith(_RSA)]
        return cls(name_of(own), "_".join(map(name_of, named)), name_of(chain[0]), Verifier(key))


def name_of(certificate: x509.Certificate) -> str:
    """What Alipay calls its "SN": MD5 over the issuer (RFC 4514) and the serial number in decimal."""
    text = f"{certificate.issuer.rfc4514_string()}{certificate.serial_number}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _read(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as problem:
        raise BadKey("not a certificate in PEM") from problem


def _leads(chain: Sequence[x509.Certificate], trusted: Sequence[x509.Certificate]) -> bool:
    """Whether each of `chain` was issued by the next, and the last by one that is trusted."""
    steps = all(_issued(one, by) for one, by in pairwise(chain))
    return steps and any(_issued(chain[-1], by) for by in trusted)


def _issued(one: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
