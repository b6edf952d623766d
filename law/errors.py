"""Named refusals of the law floor: what is wrong with an instant, a count, a rule or a pack file."""

from __future__ import annotations

from kernel.errors import N_, DomainError


class NaiveInstant(DomainError):
    code = "naive_instant"
    message = N_(
        "%(instant)s has no time zone. Give a date, a time and a zone, such as 2026-09-23T14:00+08:00."
    )
    status = 422


class NotAnInstant(DomainError):
    code = "not_an_instant"
    message = N_(
        "“%(instant)s” is no point in time. Give a date, a time and a zone, such as 2026-09-23T14:00+08:00."
    )
    status = 422


class TimeDoesNotExist(DomainError):
    code = "time_does_not_exist"
    message = N_(
        "%(local)s doesn't exist in %(zone)s: the clocks jump over it. Give the time with its offset."
    )
    status = 422


class AmbiguousTime(DomainError):
    code = "ambiguous_time"
    message = N_("%(local)s comes twice in %(zone)s: the clocks go back. Give the time with its offset.")
    status = 422


class InstantOutOfRange(DomainError):
    code = "instant_out_of_range"
    message = N_("The year %(year)s is outside %(first)s to %(last)s, for which periods can be counted.")
    status = 422


class NegativeCount(DomainError):
    code = "negative_count"
    message = N_("%(n)s is not a length of time. Give a whole number from 0 up.")
    status = 422


class CountTooLong(DomainError):
    code = "count_too_long"
    message = N_("%(n)s is longer than any period in law. Give at most %(limit)s.")
    status = 422


class UnknownUnit(DomainError):
    code = "unknown_unit"
    message = N_("“%(unit)s” is not a unit of time. Use one of %(known)s.")
    status = 422


class UnknownZone(DomainError):
    code = "unknown_zone"
    message = N_("“%(zone)s” is not a time zone in the time zone database.")
    status = 422


class UnknownRule(DomainError):
    code = "unknown_rule"
    message = N_("There is no rule %(rule)s in the law pack of %(place)s.")
    status = 404


class RuleNotInForce(DomainError):
    code = "rule_not_in_force"
    message = N_("The rule %(rule)s was not in force on %(day)s.")
    status = 422


class RuleWithoutClock(DomainError):
    code = "rule_without_clock"
    message = N_("The rule %(rule)s sets no period of time.")
    status = 422


class RuleWithoutRemedy(DomainError):
    code = "rule_without_remedy"
    message = N_("The rule %(rule)s gives no sum of money.")
    status = 422


class RoleUnfilled(DomainError):
    """The pack names no rule for a role that the code asks for, such as `return_window`."""

    code = "role_unfilled"
    message = N_("The law pack of %(place)s has no rule for %(role)s.")
    status = 422


class ContradictoryFacts(DomainError):
    code = "contradictory_facts"
    message = N_("These facts can't both be true: %(first)s, and %(second)s.")
    status = 422


class PlaceMismatch(DomainError):
    code = "place_mismatch"
    message = N_("The calendar of %(calendar)s can't be used with the law of %(place)s.")
    status = 422


class BadPack(DomainError):
    """A pack or calendar file that can't be used: where, and why.

    `where` names the rule, row or key; `field` the key in it. Whoever has the text adds the line.
    """

    code = "bad_pack"
    message = N_("%(where)s, %(field)s: %(reason)s")
    status = 422

    def __init__(self, *, where: str, field: str, reason: str, index: int | None = None) -> None:
        self.where, self.field, self.reason, self.index = where, field, reason, index
        super().__init__(where=where, field=field, reason=reason)
