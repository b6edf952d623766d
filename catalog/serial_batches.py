"""A shop that sells a brand for its owner gives its goods serial codes: made here, or the brand's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from catalog import brand_direct, serial_alarms, serial_codes
from catalog.models import Listing, SerialAlarm, SerialBatch, SerialCheck, SerialCode
from catalog.serial_codes import LONGEST, SHORTEST
from catalog.serial_kinds import AlarmKind, Source
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import new_id
from web import tenancy

# A file or an order of labels; more comes in a second one.
MOST = 10_000


class NotBrandDirect(DomainError):
    code = "serials_not_brand_direct"
    message = N_(
        "Serial codes belong to goods that are brand direct. Prove the brand first, then give them codes."
    )


class NumberOfCodes(Invalid):
    code = "serials_number"
    message = N_("Between 1 and %(most)s codes at once.")


class CodesUnfit(Invalid):
    code = "serials_unfit"
    message = N_(
        "Line %(line)s can't be a serial code: it needs %(shortest)s to %(longest)s letters and digits,"
        " and may stand once. Nothing was taken."
    )


class CodesCountUp(Invalid):
    code = "serials_count_up"
    message = N_(
        "These codes follow one another, so who has one can guess the next. Have random ones made here."
    )


class CodesThereAlready(DomainError):
    code = "serials_there_already"
    message = N_("%(number)s of these codes are in your shop already. Nothing was taken.")


@transaction.atomic
def generate(
    *, merchant_id: UUID, listing_id: UUID, number: int, actor: Actor, at: datetime
) -> tuple[SerialBatch, list[str]]:
    """Make codes; they are given back this once, because only their digests are kept.

    :raises NotFound: another shop's listing :raises NotBrandDirect: :raises NumberOfCodes:
    """
    if not 1 <= number <= MOST:
        raise NumberOfCodes(field="number", most=MOST)
    codes = sorted({serial_codes.fresh() for _ in range(number)})
    batch = _keep(merchant_id, listing_id, codes, Source.GENERATED, actor=actor, at=at)
    return batch, codes


@transaction.atomic
def take_in(
    *, merchant_id: UUID, listing_id: UUID, lines: Sequence[str], actor: Actor, at: datetime
) -> SerialBatch:
    """Take the brand's own codes, one a line; all or none.

    :raises NotFound: :raises NotBrandDirect: :raises NumberOfCodes: :raises CodesUnfit: names the line
    :raises CodesCountUp: :raises CodesThereAlready: in this shop; of others nothing is said
    """
    codes: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        code = serial_codes.normal(line)
        if not SHORTEST <= len(code) <= LONGEST or code in codes[-1:]:
            raise CodesUnfit(field="file", line=number, shortest=SHORTEST, longest=LONGEST)
        codes.append(code)
    if not 1 <= len(codes) <= MOST:
        raise NumberOfCodes(field="file", most=MOST)
    if len(set(codes)) < len(codes):
        twice = next(at_ for at_, code in enumerate(codes, start=1) if code in codes[: at_ - 1])
        raise CodesUnfit(field="file", line=twice, shortest=SHORTEST, longest=LONGEST)
    if _count_up(codes):
        raise CodesCountUp(field="file")
    return _keep(merchant_id, listing_id, codes, Source.IMPORTED, actor=actor, at=at)


def _count_up(codes: Sequence[str]) -> bool:
    """Most neighbours differ by a little in their last six signs and by nothing before."""
    pairs = list(zip(sorted(codes), sorted(codes)[1:], strict=False))
    near = sum(one[:-6] == other[:-6] and _near(one[-6:], other[-6:]) for one, other in pairs)
    return len(pairs) >= 2 and near * 2 > len(pairs)


def _near(one: str, other: str) -> bool:
    try:
        return 0 < abs(int(other, 36) - int(one, 36)) <= 36
    except ValueError:
        return False


def _keep(
    merchant_id: UUID, listing_id: UUID, codes: Sequence[str], source: Source, *, actor: Actor, at: datetime
) -> SerialBatch:
    listing = _brand_direct(merchant_id, listing_id, at)
    digests = [serial_codes.digest(each) for each in codes]
    there = SerialCode.objects.filter(merchant_id=merchant_id, digest__in=digests).count()
    if there:
        raise CodesThereAlready(number=there)
    batch = SerialBatch.objects.create(
        merchant_id=merchant_id,
        listing=listing,
        source=str(source),
        number=len(codes),
        made_at=at,
        made_by=str(actor),
    )
    rows = [
        SerialCode(id=new_id(), batch=batch, merchant_id=merchant_id, listing=listing, digest=each)
        for each in digests
    ]
    SerialCode.objects.bulk_create(rows, batch_size=1_000)
    _compare(rows, merchant_id, at)
    return batch


def _brand_direct(merchant_id: UUID, listing_id: UUID, at: datetime) -> Listing:
    listing = Listing.objects.of_merchant(merchant_id).filter(pk=listing_id).first()
    if listing is None:
        raise NotFound
    if not Listing.objects.filter(brand_direct.is_direct(at), pk=listing_id).exists():
        raise NotBrandDirect
    return listing


def _compare(rows: Sequence[SerialCode], merchant_id: UUID, at: datetime) -> None:
    """Another shop has one of them: staff hear of it, the shop doesn't."""
    with tenancy.widened():
        digests = [bytes(each.digest) for each in rows]
        others = SerialCode.objects.filter(digest__in=digests).exclude(merchant_id=merchant_id)
        for other in others[:MOST]:
            serial_alarms.sound(other, AlarmKind.IN_TWO_SHOPS, at=at)


def of_shop(merchant_id: UUID) -> Sequence[SerialBatch]:
    """Every batch with its figures, the newest first; four statements for all of them."""
    asked = SerialCheck.objects.filter(merchant_id=merchant_id).values("code__batch").order_by()
    checks = dict(asked.annotate(n=Count("pk")).values_list("code__batch", "n"))
    once = dict(asked.annotate(n=Count("code", distinct=True)).values_list("code__batch", "n"))
    rows = SerialBatch.objects.filter(merchant_id=merchant_id).select_related("listing")
    rows = rows.annotate(out=Count("codes", filter=Q(codes__line__isnull=False)))
    found = list(rows.order_by("-made_at", "-id")[:200])
    with tenancy.widened():
        open_ = SerialAlarm.objects.filter(merchant_id=merchant_id, closed_at__isnull=True)
        alarms = dict(
            open_.values("code__batch").order_by().annotate(n=Count("pk")).values_list("code__batch", "n")
        )
    for each in found:
        each.checks, each.asked = checks.get(each.pk, 0), once.get(each.pk, 0)  # type: ignore[attr-defined]
        each.alarmed = alarms.get(each.pk, 0)  # type: ignore[attr-defined]
    return found
