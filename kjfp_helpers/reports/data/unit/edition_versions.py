"""Versions of the units' reports: numbered in the ledger, each with what it changed.

A version holds short facts, label to text. What a report says of its peers is no part of them, so
that a unit's version does not move with the figures of others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.state_labels import NOT_NOMINATED, NOT_SENT
from kjfp_helpers.reports import formatting

if TYPE_CHECKING:
    from kjfp_helpers.core.events import Event, UnitReportsVersioned

Facts = Mapping[str, Any]
DUTY, NOMINEE = "要办：", "推荐："
MAX_CHANGES = 6
"""Changes that a report names before it only counts."""


@dataclass(frozen=True, kw_only=True)
class EditionVersion:
    """A version of a unit's report.

    ``number`` counts from 1, ``seq`` is its entry in the ledger and ``earlier`` that of the
    version before (0 for none); ``changes`` are Chinese texts.
    """

    number: int
    seq: int
    earlier: int
    changes: tuple[str, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """Return it as the head of a report takes it."""
        more = len(self.changes) - MAX_CHANGES
        shown = self.changes[:MAX_CHANGES] + ((f"等{len(self.changes)}处",) if more > 0 else ())
        return {
            "number": self.number,
            "seq": self.seq,
            "earlier": self.earlier,
            "changes": list(shown),
        }


def list_versions(events: "Iterable[Event]") -> dict[str, EditionVersion]:
    """Return the version that stands of each unit's report, by unit."""
    from kjfp_helpers.core.events import EventLog, UnitReportsVersioned

    versions: dict[str, EditionVersion] = {}
    texts: dict[str, Mapping[str, str]] = {}
    for event in EventLog(events).of(UnitReportsVersioned):
        for unit, facts in event.body.facts.items():
            last = versions.get(unit)
            versions[unit] = EditionVersion(
                number=last.number + 1 if last else 1,
                seq=event.seq,
                earlier=last.seq if last else 0,
                changes=describe_changes(texts[unit], facts) if last else (),
            )
            texts[unit] = facts
    return versions


def new_versions(
    events: "Sequence[Event]", facts: Mapping[str, Mapping[str, str]], state: int
) -> "UnitReportsVersioned | None":
    """Return the event that numbers the units whose facts are not those of their last version."""
    from kjfp_helpers.core.events import EventLog, UnitReportsVersioned

    last: dict[str, Mapping[str, str]] = {}
    for body in EventLog(events).bodies(UnitReportsVersioned):
        last |= body.facts
    changed = {unit: own for unit, own in facts.items() if last.get(unit) != own}
    return UnitReportsVersioned(facts=changed, state=state) if changed else None


def summarize_edition(edition: Facts) -> dict[str, str]:
    """Return the facts of a unit's edition, label to text."""
    facts = {
        row["label"]: formatting.format_number(row["done"])
        + (row["measure"] if row["done"] is not None else "")
        for row in edition["figures"]
    }
    facts |= {
        formatting.MATERIAL_TITLES[kind]: "、".join(filter(None, (cell["state"], cell["order"])))
        for kind, cell in edition["completeness"].items()
        if cell["state"] not in (NOT_SENT, NOT_NOMINATED)
    }
    if edition["summary"]["level"]:
        facts["考核等次"] = edition["summary"]["level"]
    shows = edition["exhibition"]
    if shows["pictures"]:
        facts["展览图片"] = f"{shows['pictures']}幅，合格{shows['pictures_ok']}幅"
    for row in edition["nominees"]:
        state = row["status"] or formatting.describe_nominee_state(row)
        facts[_free_label(facts, f"{NOMINEE}{row['name']}")] = state
    for duty in edition["duties"]:
        label = _free_label(facts, f"{DUTY}{duty['title']}（{duty['about']}）")
        facts[label] = duty["state"]
    return facts


def _free_label(facts: Facts, label: str) -> str:
    """Return the label, numbered where namesakes or duties of one title on one paper have it."""
    numbered = (f"{label}（{number}）" for number in range(2, len(facts) + 3))
    return next(one for one in (label, *numbered) if one not in facts)


def describe_changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Return what differs between two versions, in the order of the report.

    Examples
    --------
    >>> describe_changes({"带动脱贫": "52人"}, {"带动脱贫": "62人", "要办：缺章（甲）": "待办"})
    ('带动脱贫52人→62人', '新增要办：缺章（甲）')
    >>> describe_changes({"要办：缺章（甲）": "待办"}, {})
    ('办结：缺章（甲）',)
    """
    changes = []
    for label in dict.fromkeys((*new, *old)):
        before, now = old.get(label), new.get(label)
        if before == now:
            continue
        if label.startswith(DUTY):
            changes.append(_duty_change(label.removeprefix(DUTY), before, now))
        elif before is None:
            changes.append(f"新收{label.removeprefix(NOMINEE)}：{now}")
        else:
            changes.append(f"{label.removeprefix(NOMINEE)}{before}→{now or '没有'}")
    return tuple(changes)


def _duty_change(matter: str, before: str | None, now: str | None) -> str:
    if before is None:
        return f"新增要办：{matter}"
    return f"办结：{matter}" if now is None else f"{matter}：{before}→{now}"
