"""Screening kept in a file for the next command, beside what was received.

It holds personal data and lies in the same private folder as the intake result. It is read as
plain JSON and used only where its key, the digest of all that a screening depends on and of the
code version, is the one wanted and its content has the digest written with it. Verification of a
round reads none but what it derived itself, into a folder of its own.
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
from pydantic_core import from_json

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
_PARTS = (
    "findings",
    "overlaps",
    "summary_overlaps",
    "rule_vetoes",
    "rule_notes",
    *_FRAMES,
    "prior_awards",
    "cases",
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
            data = from_json(content)  # equal short texts are one text in memory
            del content
            if data["key"] != _with_code(key):
                return None
            codec = _PartCodec(submissions, register)
            parts, values = data["screening"], dict[str, Any]()
            for name in _PARTS:
                values[name] = codec.restore(name, parts.pop(name))
            screening = Screening(
                public_traces=PublicTraces(submissions.records, values["stocktake"]), **values
            )
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
        codec, texts = _PartCodec(submissions, register), list[bytes]()
        with suppress(OutputError, *_DAMAGED):
            for name in _PARTS:  # one by one: all of them together take ten times the file
                text = _dump(codec.to_plain(name, getattr(screening, name)))
                if _dump(codec.to_plain(name, codec.restore(name, from_json(text)))) != text:
                    return
                texts.append(f'"{name}": {text}'.encode())
            content = f'{{"key": "{_with_code(key)}", "screening": {{'.encode()
            content += b", ".join(texts) + b"}}"
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


def _dump(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False)


class _PartCodec:
    """Turns what of a screening does not follow at once from the submissions into plain values.

    Commendations are told by their place in the register, cases by their number.
    """

    def __init__(self, submissions: Submissions, register: Sequence[Commendation]) -> None:
        self._nominations, self._register = submissions.nominations, register

    def to_plain(self, name: str, value: Any) -> Any:
        """Return the plain values of a part."""
        if name == "cases":
            return {case.id: [case.eligible, case.reasons] for case in value}
        if name == "prior_awards":
            places = {row: place for place, row in enumerate(self._register)}
            return {case: [places[row] for row in rows] for case, rows in value.items()}
        if name in _FRAMES:
            return _frame_to_plain(value)
        return _adapters()[name].dump_python(value, mode="json")

    def restore(self, name: str, plain: Any) -> Any:
        """Return the part that has these plain values."""
        if name == "cases":
            return tuple(
                replace(case, eligible=plain[case.id][0], reasons=tuple(plain[case.id][1]))
                for case in self._nominations
            )
        if name == "prior_awards":
            return {
                case: tuple(self._register[place] for place in rows) for case, rows in plain.items()
            }
        if name in _FRAMES:
            return _frame_from_plain(plain)
        return _adapters()[name].validate_python(plain)


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
