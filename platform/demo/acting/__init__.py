"""The acts that the script names, each through the use case that a page would call."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from demo.acting import (
    buying,
    complaining,
    finding,
    guarding,
    offering,
    opening,
    promoting,
    returning,
    reviewing,
    sending,
    standing,
    supervising,
)
from demo.script import Step
from demo.stage import Stage

Act = Callable[[Stage, Step], None]

ACTS: Mapping[str, Act] = {
    "hire": opening.hire,
    "join": opening.join,
    "apply": opening.apply,
    "approve": opening.approve,
    "begin_application": standing.begin,
    "hand_in_application": standing.hand_in,
    "refuse_application": standing.refuse,
    "appeal_refusal": standing.appeal,
    "hand_in_certificate": standing.hand_in_certificate,
    "verify_certificate": standing.verify_certificate,
    "punish": standing.punish,
    "list_goods": opening.list_goods,
    "write_freight": offering.write_freight,
    "promote": promoting.promote,
    "claim_coupon": promoting.claim_coupon,
    "promise": offering.promise,
    "withdraw_promise": offering.withdraw_promise,
    "book_place": offering.book_place,
    "refuse_place": offering.refuse_place,
    "count_stock": offering.count_stock,
    "wish": finding.wish,
    "wait_for": finding.wait_for,
    "report": finding.report,
    "answer_report": finding.answer_report,
    "plan_inspection": supervising.plan_inspection,
    "inspect": supervising.inspect,
    "answer_inspection": supervising.answer_inspection,
    "close_inspection": supervising.close_inspection,
    "begin_disruption": supervising.begin_disruption,
    "update_disruption": supervising.update_disruption,
    "declare_child": guarding.declare_child,
    "become_guardian": guarding.become_guardian,
    "hand_in_guardian_proof": guarding.hand_in_guardian_proof,
    "put_together": opening.put_together,
    "buy": buying.buy,
    "pay": buying.pay,
    "cancel": buying.cancel,
    "ship": sending.ship,
    "scan": sending.scan,
    "confirm": sending.confirm,
    "ask_return": returning.ask,
    "accept_return": returning.accept,
    "post_return": returning.post,
    "scan_return": returning.scan,
    "refund_return": returning.refund,
    "refuse_return": returning.refuse,
    "withdraw_return": returning.withdraw,
    "complain": complaining.complain,
    "find_case": complaining.find_case,
    "answer": complaining.answer,
    "reply": complaining.reply,
    "decide": complaining.decide,
    "review": reviewing.review,
}
# After these, money is on its way through the provider.
MOVES_MONEY = frozenset({"cancel", "refund_return", "answer", "reply", "decide"})
