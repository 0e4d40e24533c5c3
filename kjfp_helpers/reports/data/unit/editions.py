"""Editions of a unit's report: what each audience may see, taken from the whole by name.

Nothing is left out of the whole: an edition holds only what is listed here, so that a new fact is
seen by nobody but the office until it is put on a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.unit.verdict import compose_verdict
from kjfp_helpers.reports.report_types import OFFICE, PANEL, UNIT

Facts = Mapping[str, Any]
_ROUND = ("name", "title", "document", "office", "rehearsal", "amendments")
_UNIT_PARTS = (
    "title",
    "as_of",
    "version",
    "unit",
    "figures",
    "state",
    "counts",
    "completeness",
    "due",
    "settled",
    "quota",
    "scorecard",
    "reconciliation",
    "spot_check",
    "receipts",
    "timeline",
)
_DUTY = (
    "number letter order code title about where clause found how wanted due due_text consequence "
    "state case kind count"
).split()
_NOMINEE = (
    "case code kind rank name eligible state reasons reason_codes lacks awards people_lifted share "
    "service_days story source status"
).split()
_SUMMARY = ("heads", "level", "result", "source")
_EXHIBITION = (
    "parts",
    "pictures",
    "pictures_ok",
    "pictures_asked",
    "state",
    "faults",
    "gallery",
    "source",
)
_BAND = 0.1
_HIGHEST_BAND = 1.5


def cut_edition(facts: Facts, audience: str, blind_number: str = "") -> dict[str, Any]:
    """Return what an audience may see of a unit.

    Parameters
    ----------
    facts : mapping
        See :func:`kjfp_helpers.reports.data.unit.unit_facts.build_unit_data`.
    audience : str
        One of :data:`kjfp_helpers.reports.report_types.AUDIENCES`.
    blind_number : str
        What the panel knows the unit by.
    """
    if audience == OFFICE:
        return {**facts, "blind_number": blind_number, "verdict": compose_verdict(facts)}
    return _unit_edition(facts) if audience == UNIT else _panel_edition(facts, blind_number)


def _pick(facts: Facts, names: Iterable[str]) -> dict[str, Any]:
    return {name: facts[name] for name in names}


def _unit_edition(facts: Facts) -> dict[str, Any]:
    """Return the unit's own data; a result only once the list is final."""
    final = facts["round"]["revealed"] and not facts["round"]["draft"]
    edition = _pick(facts, _UNIT_PARTS) | {
        "audience": UNIT,
        "round": _pick(facts["round"], (*_ROUND, "citation", "contact", "seal")),
        "duties": [_pick(duty, _DUTY) for duty in facts["duties"]],
        "summary": _pick(facts["summary"], _SUMMARY),
        "exhibition": _pick(facts["exhibition"], _EXHIBITION),
        "nominees": [
            _pick(row, _NOMINEE) | ({} if final else {"status": None}) for row in facts["nominees"]
        ],
    }
    edition["verdict"] = compose_verdict(edition)
    return edition


def _panel_edition(facts: Facts, blind_number: str) -> dict[str, Any]:
    """Return what says nothing of who the unit is: bands for figures, counts for names."""
    known = all(figure["peers"]["range"] for figure in facts["figures"])
    figures = [
        {
            "label": figure["label"],
            "measure": figure["measure"],
            "state": figure["state"],
            "band": band_text(figure["rate"]),
            "peers": figure["peers"] if known else {"n": None, "range": None, "place": None},
        }
        for figure in facts["figures"]
    ]
    edition = {
        "title": f"推荐单位审核情况（盲号{blind_number}）",
        "audience": PANEL,
        "round": _pick(facts["round"], _ROUND),
        "unit": {"code": blind_number, "class": facts["unit"]["class"] if known else "同类单位"},
        "figures": figures,
        "state": facts["state"],
        "completeness": {
            kind: {"state": cell["state"], "order": cell["order"]}
            for kind, cell in facts["completeness"].items()
        },
        "nominees": _nominee_counts(facts["nominees"]),
        "matters": _matter_counts(facts["duties"]),
        "summary": [
            {"title": head["title"], "held": head["held"]} for head in facts["summary"]["heads"]
        ],
        "pictures": _picture_word(facts["exhibition"]),
        "spot_check": "",
    }
    edition["verdict"] = _panel_verdict(edition)
    return edition


def band_text(rate: float | None) -> str:
    """Return in which tenth a completion rate (1.0 is the target) lies.

    Examples
    --------
    >>> band_text(1.187), band_text(2.4), band_text(None)
    ('110%—120%', '150%以上', '—')
    """
    if rate is None:
        return formatting.MISSING
    if rate >= _HIGHEST_BAND:
        return f"{_HIGHEST_BAND:.0%}以上"
    low = int(rate / _BAND + 1e-9) * _BAND
    return f"{low:.0%}—{low + _BAND:.0%}"


def _nominee_counts(rows: Sequence[Facts]) -> list[dict[str, Any]]:
    """Return for each kind how many were nominated, how many take part, and why others do not."""
    counts = []
    for kind in NOMINEE_KINDS:
        own = [row for row in rows if row["code"] == kind]
        reasons = dict.fromkeys(row["reasons"] for row in own if not row["eligible"])
        counts.append(
            {
                "kind": KIND_TITLES[kind],
                "count": len(own),
                "eligible": sum(row["eligible"] for row in own),
                "reasons": "；".join(filter(None, reasons)),
            }
        )
    return counts


def _matter_counts(duties: Sequence[Facts]) -> list[list[Any]]:
    """Return the titles of what is open, with how often each."""
    counts: dict[str, int] = {}
    for duty in duties:
        counts[duty["title"]] = counts.get(duty["title"], 0) + duty["count"]
    return [[title, count] for title, count in sorted(counts.items())]


def _picture_word(exhibition: Facts) -> str:
    if exhibition["pictures"] is None:
        return "未报送"
    if not exhibition["pictures"]:
        return "没有图片"
    return "均合格" if exhibition["pictures"] == exhibition["pictures_ok"] else "有不合格的"


def _panel_verdict(edition: Facts) -> dict[str, Any]:
    nominated = sum(row["count"] for row in edition["nominees"])
    fit = sum(row["eligible"] for row in edition["nominees"])
    places = [figure["peers"]["place"] for figure in edition["figures"]]
    ahead = places.count("前三分之一")
    state = "均可参评" if fit == nominated else f"{fit}件可参评" if fit else "均未能参评"
    parts = [
        f"“两数”{edition['state']}" + (f"，{ahead}项居同类前三分之一" if ahead else ""),
        f"推荐{nominated}件，{state}" if nominated else "没有推荐",
    ]
    if edition["matters"]:
        parts.append(f"未了结{sum(count for _, count in edition['matters'])}处")
    return {"sentence": "；".join(parts) + "。", "steps": [], "tone": "plain"}
