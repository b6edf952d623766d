"""Which function ends each clock of this room."""

from __future__ import annotations

from oversight import deadlines, hearing

OUTCOMES = {
    deadlines.DECISION: hearing.on_decision_due,
    deadlines.SENIOR: hearing.on_senior_due,
    deadlines.ANSWER: hearing.on_answer_due,
}
