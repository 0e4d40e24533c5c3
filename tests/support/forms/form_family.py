"""A family of recommendation forms with known answers: one trick each, made by rule.

``forms(seed)`` yields every variant for both annexes; a variant says what every field must be
read as, which findings it must raise on which fields, and which fields the trick is about.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM, TEAM_FORM
from support.forms.checkbox_forms import TICKS, VALUES
from support.forms.form_layouts import LAYOUTS, official
from support.forms.form_samples import Sample, sample
from support.forms.markup_forms import DATES, EVEN_MORE, MORE
from support.forms.split_forms import SPREAD
from support.forms.word_files import package


@dataclass(frozen=True)
class Variant:
    trick: str
    data: bytes
    sample: Sample


def forms(seed: int) -> Iterator[Variant]:
    """Every trick on both annexes: layouts with plain values, values in the official layout."""
    for form in (TEAM_FORM, INDIVIDUAL_FORM):
        for layout in (*LAYOUTS, *SPREAD):
            one = sample(form, random.Random(f"{seed}{form.kind}{layout.__name__}"))
            one.focus = set(one.truth)
            yield Variant(layout.__name__, package(layout(one)), one)
        for trick in (*TICKS, *VALUES, *DATES, *MORE, *EVEN_MORE):
            rng = random.Random(f"{seed}{form.kind}{trick.__name__}")
            one = sample(form, rng)
            trick(one, rng)
            if one.focus and trick.__name__ != "recommend_date=":
                layout = official if seed % 2 == 0 else rng.choice(LAYOUTS[:6])
                yield Variant(f"{trick.__name__} / {layout.__name__}", package(layout(one)), one)
