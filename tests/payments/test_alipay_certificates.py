"""Alipay under certificates: both name theirs, a chain leads to a root, and money leaves no other way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import pytest
from cryptography.x509 import load_pem_x509_certificate

from kernel.money import Money
from merchants.payout_channels import PayoutChannel
from payments.gateways import credentials, registry
from payments.gateways.alipay_certificates import Certificates, name_of
from payments.gateways.paying import PaidOut, PayoutOrder
from payments.gateways.protocol import Trade, Unclear
from payments.gateways.rsa import BadKey, Signer
from payments.simulators import keys
from tests.builders.providers import Practice, certificates, pair, practice

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ORDER = PayoutOrder("0" * 32, Money(100), PayoutChannel.ALIPAY, "", "2088102146225135", "清川茶业")


@pytest.fixture
def on(settings: Any, tmp_path: Path) -> Practice:
    return practice("alipay", settings, tmp_path)


def pay_out(on: Practice) -> tuple[PaidOut, str]:
    master = registry.paymaster("alipay")
    told = master.read_order(on.call(master.order(ORDER, at=AT), AT), at=AT)
    return told.state, told.reason


class TestRequests:
    def test_name_our_certificate_and_the_roots(self, on: Practice) -> None:
        sent = parse_qs(on.gateway.ask(Trade("P1", ""), at=AT).body.decode())
        held = [name_of(load_pem_x509_certificate(pem)) for pem in certificates().values()]
        assert (sent["app_cert_sn"], sent["alipay_root_cert_sn"]) == ([held[0]], [held[2]])
        assert all(len(one) == 32 for one in held)

    def test_under_another_certificate_are_turned_down_there(self, on: Practice) -> None:
        on.simulator.certificates = ("0" * 32, *on.simulator.certificates[1:])
        with pytest.raises(Unclear):
            on.gateway.read_asked(on.call(on.gateway.ask(Trade("P1", ""), at=AT), AT), at=AT)

    def test_can_t_have_their_names_changed_on_the_way(self, on: Practice) -> None:
        request = on.gateway.ask(Trade("P1", ""), at=AT)
        fields = dict(parse_qsl(request.body.decode())) | {"app_cert_sn": "0" * 32}
        with pytest.raises(Unclear):
            on.gateway.read_asked(on.call(replace(request, body=urlencode(fields).encode()), AT), at=AT)


class TestAnswers:
    def test_under_a_certificate_that_we_don_t_have_prove_nothing(self, on: Practice) -> None:
        on.simulator.certificates = (*on.simulator.certificates[:2], "f" * 32)
        with pytest.raises(Unclear, match="certificate"):
            on.gateway.read_asked(on.call(on.gateway.ask(Trade("P1", ""), at=AT), AT), at=AT)
        assert pay_out(on)[0] is PaidOut.AGAIN


class TestPayouts:
    def test_leave_under_certificates(self, on: Practice) -> None:
        assert pay_out(on)[0] is PaidOut.PAID
        assert registry.paymaster("alipay").is_able()

    def test_never_under_plain_keys(self, settings: Any, tmp_path: Path) -> None:
        plain = practice("alipay", settings, tmp_path, certified=False)
        assert pay_out(plain) == (PaidOut.FAILED, "isv.insufficient-isv-permissions")
        assert not registry.paymaster("alipay").is_able()
        assert "alipay" not in {one.name for one in registry.paying_out(PayoutChannel.ALIPAY)}
        assert "app_cert_sn" not in plain.gateway.ask(Trade("P1", ""), at=AT).body.decode()


class TestFiles:
    def made(self, **changes: bytes) -> Certificates:
        held = certificates() | changes
        return Certificates.of(
            held["our_certificate_file"],
            held["their_certificate_file"],
            held["root_certificate_file"],
            signer=Signer.of(pair("shop")[0]),
        )

    def test_of_a_chain_with_one_between(self) -> None:
        root = certificates()["root_certificate_file"]
        between = keys.certificate(pair("between")[0], "Class 2 R1", by=(root, pair("root")[0]))
        leaf = keys.certificate(pair("alipay")[0], "alipay", by=(between, pair("between")[0]))
        assert self.made(their_certificate_file=leaf + between).their_sn

    def test_of_a_stranger_s_root_are_refused(self) -> None:
        root = keys.certificate(pair("stranger")[0], "Root R1")
        leaf = keys.certificate(pair("alipay")[0], "alipay", by=(root, pair("stranger")[0]))
        with pytest.raises(BadKey, match="none of the roots"):
            self.made(their_certificate_file=leaf)

    def test_for_another_key_than_ours_are_refused(self) -> None:
        other = keys.certificate(pair("stranger")[0], "shop")
        with pytest.raises(BadKey, match="another key"):
            self.made(our_certificate_file=other)

    def test_that_are_none_are_refused(self) -> None:
        with pytest.raises(BadKey, match="not a certificate"):
            self.made(root_certificate_file=b"nothing")

    def test_of_several_roots_name_all(self) -> None:
        root = certificates()["root_certificate_file"]
        second = keys.certificate(pair("stranger")[0], "Root R2")
        names = self.made(root_certificate_file=root + second).root_sn.split("_")
        assert names == [name_of(load_pem_x509_certificate(one)) for one in (root, second)]


def test_the_keys_are_those_of_the_certificates(on: Practice) -> None:
    found = credentials.alipay()
    assert found is not None and found.certificates is not None
    assert found.theirs == found.certificates.theirs
