"""Scores of every assigned reading, recorded at once: random ones, and equal ones."""

import random

from kjfp_helpers.core.events import (
    ScoreGiven,
)


def score(session):
    chance, state = random.Random(3), session.current_state()
    criteria = session.round.rubric.criteria
    session.record(
        *(
            ScoreGiven(
                member=member,
                case=case,
                scores={
                    c.id: float(chance.randint(62, 94))
                    for c in criteria(state.screening.case_by_id[case].kind)
                },
            )
            for member, case in state.scores.readings[["member", "case"]].itertuples(index=False)
        )
    )


def level(session):
    """Give every case the same marks: all are level at the cut."""
    state = session.current_state()
    session.record(
        *(
            ScoreGiven(
                member=member,
                case=case,
                scores={
                    one.id: 80.0
                    for one in session.round.rubric.criteria(state.screening.case_by_id[case].kind)
                },
            )
            for member, case in state.scores.readings[["member", "case"]].itertuples(index=False)
        )
    )
    return session
