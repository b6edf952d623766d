"""One worked example for every clock of every pack. All start on Wed 10 June 2026, 10:00 on the spot.

CN rests on 19-21 June (Dragon Boat), the US on 19 June. Each line's comment is its arithmetic.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from law.counting import Unit
from law.facts import Facts, due
from law.windows import lookback
from tests.law.packs import calendar, pack

PLACES = {"cn": "CN", "eu": "DE", "uk": "UK", "us": "US", "jp": "JP", "kr": "KR", "tw": "TW", "hk": "HK"}

WEEK, TWO_WEEKS, FIFTEEN, THIRTY = date(2026, 6, 17), date(2026, 6, 24), date(2026, 6, 25), date(2026, 7, 10)
HALF_YEAR = date(2026, 12, 10)
NOT_COUNTED_YEARS = {1: date(2027, 6, 10), 2: date(2028, 6, 10), 3: date(2029, 6, 10), 5: date(2031, 6, 10)}

EXAMPLES = {
    # 10 + 7 = Wed 17
    **dict.fromkeys(
        (
            *("cn.return.window", "cn.return.refund", "cn.quality.return", "cn.prepaid.refund"),
            "cn.private.conformity",
            *("cn.rule.notice", "cn.courier.answer", "kr.withdrawal.window", "tw.return.window"),
            # the day of receipt counts: 10, 11 … 17 are eight
            "jp.return.window",
        ),
        WEEK,
    ),
    # 10 + 14 = Wed 24
    **dict.fromkeys(
        (
            *("eu.withdrawal.window", "eu.withdrawal.refund", "eu.withdrawal.send_back"),
            *("uk.cancellation.window", "uk.cancellation.refund", "uk.cancellation.send_back"),
        ),
        TWO_WEEKS,
    ),
    # 10 + 15 = Thu 25
    **dict.fromkeys(
        (
            *(
                "cn.three_guarantees.exchange",
                "cn.return.breach_line",
                "cn.ip.window",
                "cn.quality.breach_line",
                "cn.prepaid.breach_line",
            ),
            *("p2b.terms.notice", "tw.return.collect", "tw.return.refund"),
        ),
        FIFTEEN,
    ),
    # 10 June + 30 days, or + 1 month = Fri 10 July
    **dict.fromkeys(
        (
            *("cn.merchant.exit_notice", "cn.minor.ratification", "cn.incident.final", "cn.tax.report"),
            *("cn.cbec.return_ask", "eu.delivery.limit", "gdpr.request.answer", "p2b.termination.notice"),
            *("kr.withdrawal.known", "uk.quality.reject", "uk.request.answer", "us.order.ship"),
        ),
        THIRTY,
    ),
    # + 6 months = Thu 10 December
    **dict.fromkeys(
        (
            *("cn.durables.burden", "cn.kyc.recheck", "cn.food.records", "cn.logs.retention"),
            *("dsa.complaint.open", "dsa.trader.retention", "kr.records.ads", "uk.quality.burden"),
        ),
        HALF_YEAR,
    ),
    # years on the very day, rest day or not: keeping longer is no harm
    **dict.fromkeys(("cn.cosmetics.records", "cn.minors.audit", "eu.guarantee.burden"), NOT_COUNTED_YEARS[1]),
    **dict.fromkeys(("cn.promotion.records", "cn.privacy.audit"), NOT_COUNTED_YEARS[2]),
    **dict.fromkeys(
        (
            *("cn.trade.retention", "cn.identity.retention", "cn.rule.versions", "cn.rule.comments"),
            *("cn.privacy.assessment_retention", "cn.ads.files", "cn.data.sharing_records"),
            *("cn.privacy.export_assessment", "cn.prepaid.card_validity"),
            *("cn.live.retention", "kr.records.complaints"),
        ),
        NOT_COUNTED_YEARS[3],
    ),
    **dict.fromkeys(
        ("cn.payment.retention", "kr.records.contract", "kr.records.payment"), NOT_COUNTED_YEARS[5]
    ),
    # Sat 10 June 2028 rolls to Mon 12; Sun 10 June 2029 to Mon 11; Tue 10 June 2036 stands
    **dict.fromkeys(("cn.hidden_defect.longstop", "eu.guarantee"), date(2028, 6, 12)),
    **dict.fromkeys(("cn.claim.limitation", "cn.complaint.age"), date(2029, 6, 11)),
    "cn.private.fraud": date(2027, 6, 10),
    "cn.product.claim": date(2036, 6, 10),
    "uk.claim.limitation": date(2032, 6, 10),
    # 10 June + 3 months = Thu 10 September
    "kr.withdrawal.mismatch": date(2026, 9, 10),
    # working days from the 11th: 11 12 15 16 17 18 22 23 24 25 26 29 30 1 2 (the 19th rests)
    "cn.penalty.publish": date(2026, 6, 11),
    **dict.fromkeys(("cn.merchant.change_report", "cn.live.change_report"), date(2026, 6, 15)),
    "cn.live.unreachable": date(2026, 6, 17),
    **dict.fromkeys(
        ("cn.complaint.acceptance", "cn.merchant.change_shown", "cn.live.change_verified"), date(2026, 6, 22)
    ),
    "cn.licence.change_shown": date(2026, 6, 25),
    **dict.fromkeys(("cn.report.filing", "cn.privacy.request"), date(2026, 7, 2)),
    "gpsr.order.act": date(2026, 6, 12),
    **dict.fromkeys(("gpsr.notice.act", "kr.withdrawal.refund"), date(2026, 6, 15)),
    # 11 12 15 16 17 18 22, and seven more: 23 24 25 26 29 30 1
    "us.order.refund": date(2026, 6, 22),
    "us.dmca.counter": date(2026, 7, 1),
    # 10 + 10 = Sat 20, which stands
    **dict.fromkeys(("us.inform.collect", "us.inform.verify"), date(2026, 6, 20)),
    # 20 days left of June + 20 of July = Mon 20 July
    "hk.request.answer": date(2026, 7, 20),
    # 20 + 25 = Sat 25 July, so Mon 27
    "cn.cbec.return_back": date(2026, 7, 27),
    # 20 + 31 + 9 = Sun 9 August, so Mon 10
    "cn.complaint.mediation": date(2026, 8, 10),
    # 20 + 31 + 31 + 8 = Tue 8 September
    **dict.fromkeys(("dsa.dispute.decision", "cn.three_guarantees.repair_time"), date(2026, 9, 8)),
    # hours run from the instant: 10:00 + 4 h, + 24 h, + 72 h
    "cn.incident.report": date(2026, 6, 10),
    "cn.data.flaw_report": date(2026, 6, 11),
    **dict.fromkeys(("gdpr.breach.notify", "uk.breach.notify"), date(2026, 6, 13)),
}
LATER = {"eu.guarantee.after_repair"}


def clocks(backward=False):
    for name in PLACES:
        for rule in pack(name).rules:
            if rule.length is not None and rule.backward is backward:
                yield name, rule.id


def found(name, rule_id, start):
    place = PLACES[name]
    law = pack(name).at_place(place)
    instant = start.replace(tzinfo=ZoneInfo(law.zone))
    facts = Facts(instant)
    return instant, due(pack=law, calendar=calendar(place.lower()), rule_id=rule_id, facts=facts)


def test_no_clock_is_without_an_example():
    assert {rule for _, rule in clocks()} == set(EXAMPLES) | LATER


@pytest.mark.parametrize(("name", "rule_id"), sorted(set(clocks()) - {("eu", rule) for rule in LATER}))
def test_the_last_day_and_the_first_instant_too_late(name, rule_id):
    start, window = found(name, rule_id, datetime(2026, 6, 10, 10))  # noqa: DTZ001
    assert window.last_day == EXAMPLES[rule_id]
    length = pack(name).at_place(PLACES[name]).rule(rule_id, start).length
    if length.unit is Unit.HOURS:
        assert window.due_at - start == timedelta(hours=length.n)
    else:
        local = window.due_at.astimezone(start.tzinfo)
        assert (local.date(), local.hour, local.minute) == (window.last_day + timedelta(days=1), 0, 0)


def test_the_guarantee_after_a_repair_counts_from_when_that_law_came():
    """Wed 9 September 2026 + 12 months = Thu 9 September 2027."""
    _, window = found("eu", "eu.guarantee.after_repair", datetime(2026, 9, 9, 10))  # noqa: DTZ001
    assert window.last_day == date(2027, 9, 9)


def test_mediation_begun_under_the_older_wording_keeps_its_article():
    """Mon 2 March + 60 = Fri 1 May 2026; 1-5 May are off, so Wed 6."""
    _, window = found("cn", "cn.complaint.mediation", datetime(2026, 3, 2, 10))  # noqa: DTZ001
    assert window.last_day == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("name", "rule_id", "days"),
    [
        ("cn", "cn.price.reference", 7),
        ("cn", "cn.price.raise_then_cut", 7),
        ("cn", "cn.autorenew.notice", 5),
        ("eu", "eu.price.reference", 30),
    ],
)
def test_a_backward_rule_looks_so_many_days_back(name, rule_id, days):
    law = pack(name).at_place(PLACES[name])
    at = datetime(2026, 6, 10, 10, tzinfo=ZoneInfo(law.zone))
    first, end = lookback(pack=law, rule_id=rule_id, at=at)
    assert (end - first, end) == (timedelta(days=days), at)


def test_every_backward_rule_is_named_above():
    assert {rule for _, rule in clocks(backward=True)} == {
        *("cn.price.reference", "cn.price.raise_then_cut", "cn.autorenew.notice", "eu.price.reference"),
    }
