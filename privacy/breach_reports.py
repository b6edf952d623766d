"""The report of an incident to an authority: what the laws ask to be said, nothing about anybody."""

from __future__ import annotations

from collections import Counter

from privacy import inventory
from privacy.models import Breach
from privacy.states import Audience

DRILL = "*** DRILL / 演练 — NOT A REAL INCIDENT, NOT TO BE SENT / 不是真实事件，不得发送 ***"


def authority_report(breach: Breach, *, place: str, contact: str) -> str:
    """For the authority of `place`, in English and Chinese; facts not known yet are named as such."""
    rules = breach.clocks.filter(place=place, audience=Audience.AUTHORITY).order_by("due_at")
    lines = [DRILL] if breach.drill else []
    lines += [
        f"Data incident {breach.number} / 个人信息安全事件 {breach.number}",
        *(f"{place}: {one.rule_id}, until / 报告期限 {one.due_at.isoformat()}" for one in rules),
        "",
        "1. What happened / 事件经过",
        breach.what,
        f"From / 起: {breach.happened_from.isoformat()}",
        f"To / 止: {breach.happened_to.isoformat() if breach.happened_to else '—'}",
        f"Noticed / 发现: {breach.noticed_at.isoformat()} · {breach.how_noticed}",
        "",
        "2. Which data / 涉及的信息种类",
        *_classes(breach),
        "",
        "3. Whom it concerns / 涉及的人数",
        *_people(breach, place),
        "",
        "4. Likely consequences and reasons / 可能的危害与判断",
        breach.reasons or "not decided yet / 尚未判断",
        "",
        "5. Measures taken / 已采取的补救措施",
        breach.measures or "under way / 进行中",
        f"People are told / 是否告知个人: {'yes / 是' if breach.tell_persons else 'no / 否'}",
        "",
        f"6. Contact / 联系方式: {contact}",
    ]
    return "\n".join(lines) + "\n"


def _classes(breach: Breach) -> list[str]:
    """Kinds of data by how much they need protecting."""
    found = Counter(str(inventory.of_column(column).sensitivity) for column in breach.columns)
    lines = [f"- {kind}: {number}" for kind, number in sorted(found.items())]
    return [*lines, *(f"  {column}" for column in breach.columns)] or ["- not known yet / 尚不清楚"]


def _people(breach: Breach, place: str) -> list[str]:
    here = breach.concerned.filter(place=place).count()
    return [f"- all / 总数: {breach.persons}", f"- under this law / 适用本法: {here}"]
