"""What comes from outside: a payer who asks their bank for the money, a statement that isn't ours."""

from __future__ import annotations

from demo.script import Step
from demo.stage import Stage
from kernel.money import Money
from payments import statements
from payments.gateways.protocol import StatementLine
from payments.models import PaymentPart, SandboxCharge
from payments.sandbox import bank


def dispute(stage: Stage, step: Step) -> None:
    """The whole charge; the sandbox's bank tells the shop, which has some days to answer."""
    part = PaymentPart.objects.select_related("payment").get(reference=stage.get(f"order:{step.key}"))
    charge = SandboxCharge.objects.get(payment_number=part.payment.number, copy=0)
    bank.dispute(charge, charge.amount_minor, at=stage.at)


def odd_statement(stage: Stage, step: Step) -> None:
    """A charge that the books don't have, for staff to look after; on a day before the first order."""
    held = statements.ask(provider="sandbox", day=step.facts["day"], at=stage.at)
    line = StatementLine("charge", step.key, Money(step.facts["fen"]))
    statements.take_in(statement_id=held.pk, came=b"demonstration", lines=[line], at=stage.at)
