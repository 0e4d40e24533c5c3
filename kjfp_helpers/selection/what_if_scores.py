"""Questions on a list that ask for the values of other scores; those of all are found together."""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TypeVar

from kjfp_helpers.core.errors import UnprovedError
from kjfp_helpers.selection.ranking.case_values import RankedValues
from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix

Key = TypeVar("Key", bound=str)
Answer = TypeVar("Answer")
Question = Generator[ScoreMatrix, RankedValues, Answer]
"""Yields scores, is sent what they are worth, and returns the answer."""

MOST_TOGETHER = 20
"""Questions whose scores are in memory at once: enough to share the work, few in a large panel."""


def answer_together(
    questions: Mapping[Key, Question[Answer]],
    rank: Callable[[Sequence[ScoreMatrix]], Sequence[RankedValues]],
) -> tuple[dict[Key, Answer | None], frozenset[Key]]:
    """Return the answers in the order of the questions, and which could not be proved.

    Each turn asks ``rank`` once for the scores of some questions that are still open.

    >>> def double(number):
    ...     worth = yield number
    ...     return 2 * worth
    >>> answer_together({"甲": double(1), "乙": double(2)}, rank=lambda asked: asked)
    ({'甲': 2, '乙': 4}, frozenset())
    """
    answers: dict[Key, Answer | None] = dict.fromkeys(questions)
    unproved: set[Key] = set()
    asked: dict[Key, ScoreMatrix] = {}

    def go_on(key: Key, worth: RankedValues | None) -> None:
        question = questions[key]
        try:
            asked[key] = next(question) if worth is None else question.send(worth)
        except StopIteration as end:
            answers[key] = end.value
        except UnprovedError:
            unproved.add(key)

    keys = list(questions)
    for first in range(0, len(keys), MOST_TOGETHER):
        for key in keys[first : first + MOST_TOGETHER]:
            go_on(key, None)
        while asked:
            turn = dict(asked)
            asked.clear()
            for key, worth in zip(turn, rank(list(turn.values())), strict=True):
                go_on(key, worth)
    return answers, frozenset(unproved)
