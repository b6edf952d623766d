"""Our keys at the providers, read once from files that the settings name; a provider without keys is off."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from payments.gateways.alipay_certificates import Certificates
from payments.gateways.rsa import BadKey, Signer, Verifier

ALIPAY = ("url", "bills_url", "app_id", "seller_id", "private_key_file", "their_key_file")
# All three or none: with them Alipay signs and is asked under certificates, which payouts need.
CERTIFICATES = ("our_certificate_file", "their_certificate_file", "root_certificate_file")
WECHATPAY = (
    "url",
    "app_id",
    "merchant_id",
    "serial",
    "private_key_file",
    "their_key_id",
    "their_key_file",
    "secret",
)
STRIPE = ("url", "secret_key", "webhook_secrets")


@dataclass(frozen=True, slots=True)
class AlipayKeys:
    """`bills_url`: the only origin that statements come from. `theirs`: of their certificate, if any."""

    url: str
    bills_url: str
    app_id: str
    seller_id: str
    ours: Signer
    theirs: Verifier
    certificates: Certificates | None = None


@dataclass(frozen=True, slots=True)
class WeChatPayKeys:
    """`serial` names our certificate, `their_keys` the platform's public keys by id; `secret`: APIv3 key."""

    url: str
    app_id: str
    merchant_id: str
    serial: str
    ours: Signer
    their_keys: dict[str, Verifier]
    secret: bytes


@dataclass(frozen=True, slots=True)
class StripeKeys:
    """`webhook_secrets`: the new and the old one while they change."""

    url: str
    secret_key: str
    webhook_secrets: tuple[str, ...]
    live: bool


def alipay() -> AlipayKeys | None:
    """:raises BadKey: when a key is named and can't be used"""
    given = settings.PROVIDERS.get("alipay")
    if not given:
        return None
    return _alipay(*(given[name] for name in ALIPAY), *(given.get(name, "") for name in CERTIFICATES))


def wechatpay() -> WeChatPayKeys | None:
    """:raises BadKey:"""
    given = settings.PROVIDERS.get("wechatpay")
    return _wechatpay(*(given[name] for name in WECHATPAY)) if given else None


def stripe() -> StripeKeys | None:
    given = settings.PROVIDERS.get("stripe")
    if not given:
        return None
    secrets = tuple(one for one in given["webhook_secrets"].split(",") if one)
    return StripeKeys(given["url"], given["secret_key"], secrets, "_live_" in given["secret_key"])


@lru_cache(maxsize=4)
def _alipay(
    url: str, bills_url: str, app_id: str, seller_id: str, ours: str, theirs: str, *certificates: str
) -> AlipayKeys:
    signer, verifier, found = Signer.of(_read(ours)), Verifier.of(_read(theirs)), None
    if all(certificates):
        app, alipay, roots = map(_read, certificates)
        found = Certificates.of(app, alipay, roots, signer=signer)
        verifier = found.theirs
    return AlipayKeys(url, bills_url, app_id, seller_id, signer, verifier, found)


@lru_cache(maxsize=4)
def _wechatpay(
    url: str, app_id: str, merchant_id: str, serial: str, ours: str, key_id: str, theirs: str, secret: str
) -> WeChatPayKeys:
    if len(secret.encode()) != 32:
        raise BadKey("the APIv3 key of WeChat Pay has 32 bytes")
    their_keys = {key_id: Verifier.of(_read(theirs))}
    return WeChatPayKeys(
        url, app_id, merchant_id, serial, Signer.of(_read(ours)), their_keys, secret.encode()
    )


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise BadKey("a key file can't be read") from problem
