"""Catalogue of the declarations of the library's frames."""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from kjfp_helpers.core.errors import UnknownFrameError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

BY_KIND = ("ranking", "rater_effects", "sensitivity", "reweighted")
"""Frames of one kind of nominee."""


@cache
def frame_schemas() -> "Mapping[str, DataFrameSchema]":
    """Return the declaration of every frame by name, in the order of the year."""
    from kjfp_helpers.library.schemas import (
        decision_frames,
        score_frames,
        screening_frames,
        submission_frames,
    )

    modules = (submission_frames, screening_frames, score_frames, decision_frames)
    return {str(one.name): one for module in modules for one in module.FRAMES}


def column_names(schema: "DataFrameSchema", round: Round) -> list[str]:
    """Return the columns of a frame in order; those of a pattern follow from the rules."""
    titles = pattern_titles(round)
    names: list[str] = []
    for key, column in schema.columns.items():
        names += [name for name in titles if re.match(key, name)] if column.regex else [key]
    return names


def pattern_titles(round: Round) -> dict[str, str]:
    """Return the columns that follow from the rules, with their Chinese headings."""
    notice = round.notice
    parts = {f"part_{part.id}": part.title for part in notice.exhibition.parts}
    return parts | {f"section_{head.id}": head.title for head in notice.summary.heads}


def frame_schema(name: str) -> "DataFrameSchema":
    """Return the declaration of a frame.

    Raises
    ------
    UnknownFrameError
        When there is no frame of that name.
    """
    schemas = frame_schemas()
    if name not in schemas:
        raise UnknownFrameError(
            "表的名称",
            expected="库里的表",
            found=f"“{name}”",
            advice=f"核对名称（{suggest(name, schemas)}），全部的表见 kjfp_helpers/FRAMES.md",
        )
    return schemas[name]
