"""A compensation in words: for what, how it was reckoned, who gave it, where its money is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kernel.errors import N_
from kernel.money import Money
from law.compensation import WHOLE, Compensation
from payments.lifecycle import AwardCause, AwardState
from payments.models import Award
from web.formats import money_text

CAUSES = {
    AwardCause.LATE_DISPATCH: N_("Not sent in the promised time"),
    AwardCause.SHOP_CANCELLED: N_("Paid for, and the shop doesn't send it"),
    AwardCause.RULING: N_("By the platform's ruling"),
}
PLACES = {
    AwardState.OWED: N_("Owed. It is paid when the bank's dispute over the order has ended."),
    AwardState.HELD: N_("Put aside for the buyer. It leaves as soon as there is a way."),
    AwardState.REQUESTED: N_("On its way to the means the order was paid with"),
    AwardState.SENT: N_("On its way to the means the order was paid with"),
    AwardState.PAID: N_("With the buyer"),
}
# Thousandths in one percent.
PERCENT = 10


@dataclass(frozen=True, slots=True)
class Row:
    """`given`: who gave how much, in the order in which they are asked; empty while nobody has."""

    award: Award
    cause: str
    reckoning: str
    place: str
    given: list[tuple[str, Money]]


def rows(awards: Iterable[Award]) -> list[Row]:
    return [
        Row(
            award=each,
            cause=_(CAUSES[AwardCause(each.cause)]),
            reckoning=arithmetic(
                base=each.base,
                permille=each.permille,
                floor=each.floor,
                most=each.most,
                loss=each.loss,
                loss_multiple=each.loss_multiple,
                extra=each.amount,
            ),
            place=_(PLACES[AwardState(each.state)]),
            given=_given(each),
        )
        for each in awards
    ]


def reckoned(found: Compensation) -> str:
    """How a sum is reckoned that isn't owed yet."""
    return arithmetic(
        base=found.base,
        permille=found.permille,
        floor=found.floor,
        most=found.most,
        loss=found.loss,
        loss_multiple=found.loss_multiple,
        extra=found.extra,
    )


def arithmetic(
    *,
    base: Money,
    permille: int,
    floor: Money,
    most: Money | None,
    loss: Money,
    loss_multiple: int,
    extra: Money,
) -> str:
    """As on paper: the share or the multiple, the loss if it counts, the bounds, the sum."""
    parts = [_first(base, permille)]
    if loss and loss_multiple:
        said = {"n": loss_multiple, "loss": money_text(loss), "sum": money_text(loss * loss_multiple)}
        parts.append(_("or %(n)s × the loss of %(loss)s = %(sum)s, whichever is more") % said)
    if floor:
        parts.append(_("at least %(floor)s") % {"floor": money_text(floor)})
    if most is not None:
        parts.append(_("at most %(most)s") % {"most": money_text(most)})
    return f"{' · '.join(parts)} → {money_text(extra)}"


def _first(base: Money, permille: int) -> str:
    multiple, rest = divmod(permille, WHOLE)
    if multiple and not rest:
        said = {"n": multiple, "base": money_text(base), "sum": money_text(base * multiple)}
        return _("%(n)s × the price of %(base)s = %(sum)s") % said
    percent, tenth = divmod(permille, PERCENT)
    share = f"{percent}.{tenth}" if tenth else str(percent)
    return _("%(share)s%% of %(base)s") % {"share": share, "base": money_text(base)}


def _given(award: Award) -> list[tuple[str, Money]]:
    shares = (
        (_("the shop's balance"), award.balance_minor),
        (_("the shop's reserve"), award.reserve_minor),
        (_("the shop's deposit"), award.deposit_minor),
        (_("the protection fund, in the shop's stead"), award.fund_minor),
    )
    return [(who, award.money(minor)) for who, minor in shares if minor]
