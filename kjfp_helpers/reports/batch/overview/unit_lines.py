"""Lines of the index, one a unit: how it stands, what it has to do, what changed, where to read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kjfp_helpers.core.state_labels import FAULTY, LATE, NOT_DUE, NOT_SENT, UNDATED
from kjfp_helpers.reports.report_types import AUDIENCES, OFFICE, UNIT, UNIT_TYPE

Data = Mapping[str, Any]
IsThere = Callable[[str], bool]
"""Tells whether a document of the outputs exists, by its path in them."""


def always_there(path: str) -> bool:
    """Take a document of the outputs as written."""
    return True


def list_unit_lines(
    units: Iterable[Data], failed: Iterable[str], is_there: IsThere = always_there
) -> list[dict[str, Any]]:
    """Return the lines of units, from the data of the office's edition.

    ``due_key`` sorts by the first day, ``change_key`` the newest version first; ``links`` are
    titles and paths from the outputs, of documents that are there.
    """
    failures = set(failed)
    return [_unit_line(unit, failures, is_there) for unit in units]


def _unit_line(unit: Data, failed: set[str], is_there: IsThere) -> dict[str, Any]:
    code, duties, version = unit["unit"]["code"], unit["duties"], unit["version"]
    names = {audience: UNIT_TYPE.report_name(code, audience) for audience in (UNIT, OFFICE)}
    return {
        "code": code,
        "name": unit["unit"]["short_name"],
        "class": unit["unit"]["class"],
        "state": unit["state"],
        "materials": list_material_faults(unit),
        "nominees": len(unit["nominees"]),
        "eligible": sum(nominee["eligible"] for nominee in unit["nominees"]),
        "failed": bool(failed & set(names.values())),
        "verdict": unit["verdict"]["sentence"],
        "duties": len(duties),
        "first": duties[0]["title"] if duties else "",
        "due": _due_text(duties),
        "due_key": min((duty["due"] or "0" for duty in duties), default="9"),
        "version": f"第{version['number']}版" if version else "",
        "change": _change_text(version),
        "change_key": -version["seq"] if version else 0,
        "reports": [(AUDIENCES[audience], f"{name}.html") for audience, name in names.items()],
        "links": [[title, path] for title, path in unit["links"] if is_there(path)],
    }


def list_material_faults(unit: Data) -> list[str]:
    """Return how many kinds of material are late, missing or faulty; 齐全 when none is."""
    cells = unit["completeness"].values()
    states = Counter(cell["state"] for cell in cells)
    states.update(cell["order"] for cell in cells if cell["order"] == FAULTY)
    counts = [(state, states[state]) for state in (NOT_SENT, LATE, UNDATED, FAULTY, NOT_DUE)]
    return [f"{state}{count}类" for state, count in counts if count] or ["齐全"]


def _due_text(duties: Sequence[Data]) -> str:
    if not duties:
        return ""
    days = [duty["due"] for duty in duties if duty["due"]]
    return min(days) if len(days) == len(duties) else "即办"


def _change_text(version: Data | None) -> str:
    if version is None:
        return ""
    return "；".join(version["changes"]) if version["earlier"] else "首版"
