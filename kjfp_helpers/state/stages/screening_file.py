"""Screening kept in a file for the next command, beside what was received.

It holds personal data and lies in the same private folder as the intake result. It is read as
plain JSON and used only where its key, the digest of all that a screening depends on and of the
code version, is the one wanted and its content has the digest written with it. Verification of a
round never reads it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import CaseVetoed
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.eligibility import Overlap, Submissions
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.code_version import build_fingerprint
from kjfp_helpers.rules import Commendation
from kjfp_helpers.state.stages.published_unit_texts import PublicTraces
from kjfp_helpers.state.stages.screening import Screening

SCREENING_FILE = "screening.json"
_FRAMES = (
    "completeness",
    "stocktake",
    "stated_figures",
    "spot_check",
    "summaries",
    "exhibition",
    "evidence",
    "lengths",
)
_DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, ValidationError)


class ScreeningFile:
    """The file of the last screening in the folder of received material."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SCREENING_FILE
        self._held = ""

    def read(
        self, key: str, submissions: Submissions, register: Sequence[Commendation]
    ) -> Screening | None:
        """Return the screening of a key; ``None`` where it is not there, whatever the reason.

        ``register`` are the earlier commendations of the rules.
        """
        try:
            digest, _, content = self._path.read_bytes().partition(b"\n")
            if hashlib.sha256(content).hexdigest().encode() != digest:
                return None
            data = json.loads(content)
            if data["key"] != _with_code(key):
                return None
            screening = _from_plain(data["screening"], submissions, register)
        except _DAMAGED:
            return None
        self._held = key
        return screening

    def write(
        self,
        key: str,
        screening: Screening,
        submissions: Submissions,
        register: Sequence[Commendation],
    ) -> None:
        """Write the screening of a key where the file holds another one.

        One that would not be read back as it is, or cannot be written, is left out: it is derived
        again next time.
        """
        if key == self._held:
            return
        text = json.dumps(_to_plain(screening, register), ensure_ascii=False)
        with suppress(OutputError, *_DAMAGED):
            again = _to_plain(_from_plain(json.loads(text), submissions, register), register)
            if json.dumps(again, ensure_ascii=False) == text:
                content = f'{{"key": "{_with_code(key)}", "screening": {text}}}'.encode()
                digest = hashlib.sha256(content).hexdigest()
                atomic_write(self._path, f"{digest}\n".encode() + content, private=True)
                self._held = key


def _with_code(key: str) -> str:
    return hashlib.sha256(f"{build_fingerprint()} {key}".encode()).hexdigest()


@cache
def _adapters() -> Mapping[str, TypeAdapter[Any]]:
    return {
        "findings": TypeAdapter(tuple[Finding, ...]),
        "overlaps": TypeAdapter(tuple[Overlap, ...]),
        "summary_overlaps": TypeAdapter(tuple[Overlap, ...]),
        "rule_vetoes": TypeAdapter(dict[str, tuple[int, CaseVetoed]]),
        "rule_notes": TypeAdapter(dict[str, str]),
    }


def _to_plain(screening: Screening, register: Sequence[Commendation]) -> dict[str, Any]:
    """Return what of a screening does not follow at once from the submissions."""
    plain: dict[str, Any] = {
        name: adapter.dump_python(getattr(screening, name), mode="json")
        for name, adapter in _adapters().items()
    }
    plain |= {name: _frame_to_plain(getattr(screening, name)) for name in _FRAMES}
    places = {row: place for place, row in enumerate(register)}
    plain["prior_awards"] = {
        case: [places[row] for row in rows] for case, rows in screening.prior_awards.items()
    }
    plain["cases"] = {case.id: [case.eligible, case.reasons] for case in screening.cases}
    return plain


def _from_plain(
    plain: Mapping[str, Any], submissions: Submissions, register: Sequence[Commendation]
) -> Screening:
    values: dict[str, Any] = {
        name: adapter.validate_python(plain[name]) for name, adapter in _adapters().items()
    }
    values |= {name: _frame_from_plain(plain[name]) for name in _FRAMES}
    decided = {case.id: plain["cases"][case.id] for case in submissions.nominations}
    return Screening(
        cases=tuple(
            replace(case, eligible=decided[case.id][0], reasons=tuple(decided[case.id][1]))
            for case in submissions.nominations
        ),
        prior_awards={
            case: tuple(register[place] for place in places)
            for case, places in plain["prior_awards"].items()
        },
        public_traces=PublicTraces(submissions.records, values["stocktake"]),
        **values,
    )


def _frame_to_plain(frame: pd.DataFrame) -> list[list[Any]]:
    return [
        [name, str(frame[name].dtype), [None if value is pd.NA else value for value in values]]
        for name, values in frame.to_dict("list").items()
    ]


def _frame_from_plain(columns: list[list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(values, dtype=dtype).array for name, dtype, values in columns},
        columns=[name for name, _, _ in columns],
    )
