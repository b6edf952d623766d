"""What one person or one link has, made for one buyer: no page is asked without its object."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts import mandates, second_factors
from accounts.mandates import Terms
from catalog import stock_alerts, wish_list
from kernel.actor import Actor
from orders.invoices import titles
from privacy import consent, copying, erasure, guardians, minors, spending
from privacy.models import AgeBand, ConsentPurpose
from privacy.states import RequestKind
from tests.builders.addresses import an_address
from tests.builders.campaigns import a_campaign, a_goods_campaign
from tests.builders.gift_cards import a_card
from tests.builders.invoices import PERSON
from tests.builders.listing_reports import a_report
from tests.builders.people import a_buyer
from tests.builders.requests import a_request
from tests.builders.shops import a_listing
from tests.builders.two_shops import NOW


def made_for(owner, proxies):
    """{(namespace or name, parameter): value} for tests/tenancy/addresses.py."""
    child = a_buyer("小安")
    minors.declare(subject_id=child.subject_id, band=AgeBand.FROM_8_TO_13, actor=child.actor, at=NOW)
    _, code = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=NOW)
    link = guardians.accept(
        code=code, guardian_id=owner.subject_id, version=1, language="en", actor=owner.actor, at=NOW
    )
    question = spending.ask(minor_id=child.subject_id, amount_minor=5000, actor=child.actor, at=NOW)
    receipt = consent.answer(
        subject_id=owner.subject_id, purpose=ConsentPurpose.MARKETING, agree=False, version=1,
        language="en", actor=owner.actor, at=NOW,
    )  # fmt: skip
    copy = a_request(owner.subject_id, RequestKind.COPY, at=NOW)
    copying.build_next(at=NOW)
    return {
        ("privacy", "link_id"): link.pk,
        ("privacy", "spending_id"): question.pk,
        ("privacy:receipt", "number"): receipt.number,
        ("privacy:receipt-text", "number"): receipt.number,
        ("privacy", "number"): copy.number,
        ("privacy", "token"): _erased().token,
        ("accounts", "pk"): _a_passkey(owner.user).pk,
        **_mandates(owner, proxies),
        **_wishes(owner),
        ("payments", "card_id"): a_card(buyer=owner.subject_id, at=NOW).pk,
        ("orders", "address_id"): an_address(owner.actor, at=NOW).pk,
        ("orders", "campaign_id"): a_campaign(at=NOW).pk,
        ("orders:merchant-campaign", "campaign_id"): a_goods_campaign(at=NOW).pk,
        ("orders", "title_id"): titles.keep(title=PERSON, actor=owner.actor, at=NOW).pk,
        ("catalog:report-status", "number"): a_report(a_listing()).number,
    }


def _wishes(owner):
    sold_out = a_listing(stock=0)
    line = wish_list.put(listing_id=sold_out.pk, variant_id=None, actor=owner.actor, at=NOW)
    alert = stock_alerts.ask(variant_id=sold_out.pk, language="en", actor=owner.actor, at=NOW)
    return {("catalog:wish", "line_id"): line.pk, ("catalog:alert", "alert_id"): alert.pk}


def _erased():
    gone = a_request(a_buyer("走了").subject_id, RequestKind.CLOSE, at=NOW)
    erasure.erase(request_id=gone.pk, actor=Actor.system(), at=NOW)
    return gone


def _mandates(owner, proxies):
    """One that runs, for "proxy: orders", and the renewal of another, which waits for "proxy: buy"."""
    runs, old = (
        mandates.of_person(proxies[f"proxy: {scope}"].subject_id).get() for scope in ("orders", "buy")
    )
    terms = Terms(old.scopes, old.kinship, NOW + timedelta(days=60), NOW)
    waits, _ = mandates.grant(
        principal_id=owner.subject_id, terms=terms, actor=owner.actor, at=NOW, renews=old
    )
    return {("mandates", "mandate_id"): runs.pk, ("mandates:accept-known", "mandate_id"): waits.pk}


def _a_passkey(user):
    """As a browser hands one in, made without a browser."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(bytes(16), b"passkey of a test", key)
    seen = AuthenticatorData.create(bytes(32), 0x45, 0, credential)
    handed_in = {
        "type": "public-key",
        "id": websafe_encode(credential.credential_id),
        "rawId": websafe_encode(credential.credential_id),
        "response": {
            "clientDataJSON": websafe_encode(
                b'{"type":"webauthn.create","challenge":"eA","origin":"https://x"}'
            ),
            "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
        },
    }
    with second_factors.sealing_for(user.subject_id):
        name = second_factors.keep("手机")
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": handed_in}
    )
