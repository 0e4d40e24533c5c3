"""Frames: declared, shaped and checked at every stage of the year; damaged ones are refused."""

import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import FrameError, NotReadyError
from kjfp_helpers.library.column_reference import docstring_of
from kjfp_helpers.library.frames.frame_builders import BUILDERS
from kjfp_helpers.library.frames.frame_check import check_frame
from kjfp_helpers.library.round_library import RoundLibrary
from kjfp_helpers.library.schemas.frame_catalogue import column_names, frame_schemas
from kjfp_helpers.state.access import SCREEN_PERMISSIONS
from support.library_stages import OF_KIND, STAGES, asked, library_at
from support.rounds.report_round import PHONE
from support.thoroughness import times

NAMES = list(frame_schemas())
FULL = "after the list"
DEAR = ("sensitivity",)
ONCE_EACH = [pytest.param(name, marks=pytest.mark.slow) if name in DEAR else name for name in NAMES]
every = pytest.mark.parametrize("name", ONCE_EACH)
NEED_SCORES = {*OF_KIND, "shortlist"}


def frames(name, stage=FULL):
    return [library_at(stage).frame(name, *words) for words in asked(name)]


@pytest.mark.parametrize("stage", STAGES)
@every
def test_a_frame_has_its_declared_columns_and_types_at_every_stage(name, stage):
    if name in NEED_SCORES and stage != FULL:
        with pytest.raises(NotReadyError):
            frames(name, stage)
        return
    for frame in frames(name, stage):
        rules = library_at(stage).rules
        check_frame(name, frame, rules)
        assert list(frame.columns) == column_names(frame_schemas()[name], rules)


def test_every_frame_but_the_units_has_what_makes_it():
    assert {*NAMES} == {*BUILDERS, "units"}


@every
def test_a_frame_is_an_attribute_or_a_method_and_tells_its_columns(name):
    attribute = getattr(RoundLibrary, name)
    if name in OF_KIND:
        assert callable(attribute) and f'describe("{name}")' in attribute.__doc__
        return
    assert attribute.__doc__ == docstring_of(name)
    for column in library_at(FULL).describe(name)["列"]:
        assert f"``{column}``" in attribute.__doc__


@every
def test_every_column_has_a_chinese_heading_and_every_frame_its_screens(name):
    schema = frame_schemas()[name]
    assert all(column.title for column in schema.columns.values())
    assert {*schema.metadata["screens"]} <= {*SCREEN_PERMISSIONS}
    assert {*schema.metadata["shown"]} <= {*schema.columns}


@every
def test_changing_a_frame_never_changes_the_round(name):
    for words in asked(name):
        taken = library_at(FULL).frame(name, *words)
        before = taken.copy()
        for column in list(taken.columns):
            del taken[column]
        pd.testing.assert_frame_equal(library_at(FULL).frame(name, *words), before)


@every
def test_no_frame_holds_a_telephone_or_identity_number(name):
    persons = [case.nominee for case in library_at(FULL).state().screening.cases]
    numbers = {getattr(person, "id_number", None) for person in persons} - {None}
    assert numbers
    for frame in frames(name):
        text = frame.to_csv()
        assert PHONE not in text and not any(number in text for number in numbers)


def test_texts_with_a_telephone_number_are_shown_masked():
    assert library_at(FULL).submissions["subject"].str.contains(r"138\*+78").any()


def _drop_column(frame, pick, name):
    return frame.drop(columns=pick.choice(list(frame.columns)))


def _add_column(frame, pick, name):
    return frame.assign(更多=1)


def _swap_columns(frame, pick, name):
    first, second = pick.sample(range(frame.shape[1]), 2)
    order = list(frame.columns)
    order[first], order[second] = order[second], order[first]
    return frame[order]


def _double_column(frame, pick, name):
    return pd.concat([frame, frame[[pick.choice(list(frame.columns))]]], axis=1)


def _other_type(frame, pick, name):
    column = pick.choice(list(frame.columns))
    is_text = pd.api.types.is_string_dtype(frame[column])
    return frame.assign(**{column: 1 if is_text else "一"})


def _missing_text(frame, pick, name):
    texts = [column for column in frame if pd.api.types.is_string_dtype(frame[column])]
    damaged = frame.copy()
    damaged.loc[pick.choice(list(damaged.index)), pick.choice(texts)] = None
    return damaged


def _out_of_bounds(frame, pick, frame_name):
    """Put a number below its least, or a word of no meaning, into one cell."""
    schema, bounded = frame_schemas()[frame_name], []
    for name in schema.columns:
        about = schema.columns[name].metadata
        if about.get("range", "").startswith("≥"):
            bounded.append((name, -1 - 1e6))
        if about.get("words") or about["look"] == "code":
            bounded.append((name, "不 是"))
    name, value = pick.choice(bounded)
    damaged = frame.copy()
    if isinstance(value, float):
        damaged[name] = damaged[name].astype(float)
    damaged.loc[pick.choice(list(damaged.index)), name] = value
    return damaged


def _repeated_row(frame, pick, name):
    if not frame_schemas()[name].unique:
        return _drop_column(frame, pick, name)
    return pd.concat([frame, frame.loc[[pick.choice(list(frame.index))]]])


DAMAGES = (
    _drop_column,
    _add_column,
    _swap_columns,
    _double_column,
    _other_type,
    _missing_text,
    _out_of_bounds,
    _repeated_row,
)


@pytest.mark.slow
@given(
    name=st.sampled_from([name for name in NAMES if name not in (*DEAR, "versions", "overlaps")]),
    damage=st.sampled_from(DAMAGES),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=times(40, 120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_frame_is_refused_in_four_parts(name, damage, seed):
    frame = frames(name)[0]
    assert len(frame)
    with pytest.raises(FrameError) as refused:
        damaged = damage(pd.DataFrame(frame), random.Random(seed), name)
        check_frame(name, damaged, library_at(FULL).rules)
    error = refused.value
    assert error.where and error.expected and error.found and error.advice
    assert name in error.where and len(str(error)) < 800
