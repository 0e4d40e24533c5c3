"""Shaping of a frame to its declaration: order and types of the columns, masked texts."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import kind_of_case
from kjfp_helpers.library.schemas.frame_catalogue import column_names
from kjfp_helpers.reports.formatting import remove_control_chars
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

    from kjfp_helpers.state import RoundState

Rows = pd.DataFrame | Iterable[Mapping[str, Any]]


def shape_frame(schema: "DataFrameSchema", rows: Rows, round: Round) -> pd.DataFrame:
    """Return rows as a new frame with the declared columns, in their order and types.

    Texts are masked and blank where nothing is known; times are those of the round's zone.
    """
    frame = pd.DataFrame(rows if isinstance(rows, pd.DataFrame) else list(rows))
    shaped: dict[str, pd.Series[Any]] = {}
    patterns = [column for column in schema.columns.values() if column.regex]
    for name in column_names(schema, round):
        column = schema.columns[name] if name in schema.columns else patterns[0]
        cells = frame[name] if name in frame else pd.Series([], dtype=object)
        shaped[name] = _cast(cells, column.metadata, round)
    return pd.DataFrame(shaped).reset_index(drop=True)


def _cast(cells: "pd.Series[Any]", metadata: Mapping[str, Any], round: Round) -> "pd.Series[Any]":
    if metadata["look"] == "moment":
        zone = round.notice.round.timezone
        return pd.to_datetime(cells, utc=True).dt.tz_convert(zone).dt.as_unit("us")
    kind: Any = metadata["type"]
    if kind == "str":
        is_plain = metadata["look"] != "text"
        return cells.map(str if is_plain else _masked).where(cells.notna(), "").astype(str)
    typed: pd.Series[Any] = cells.astype(kind)
    return typed


def _masked(value: object) -> str:
    """Return a text without personal numbers and without what turns or hides text."""
    return mask_personal_numbers(remove_control_chars(value))


def with_units(state: "RoundState", frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the short names of its units."""
    names = {code: unit.short_name for code, unit in state.round.unit_by_code.items()}
    return frame.assign(unit_name=frame["unit"].map(names))


def with_cases(state: "RoundState", frame: pd.DataFrame, key: str = "case") -> pd.DataFrame:
    """Return a frame with kind, unit and name of its cases.

    A case that no longer exists has what its id says.
    """
    cases, ids = state.screening.case_by_id, frame[key].astype(str)
    units = [cases[one].unit if one in cases else one[1:].rpartition("-")[0] for one in ids]
    return with_units(
        state,
        frame.assign(
            kind=[kind_of_case(one) or "" for one in ids],
            unit=units,
            name=[cases[one].name if one in cases else "" for one in ids],
        ),
    )
