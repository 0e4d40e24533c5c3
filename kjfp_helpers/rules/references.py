"""What the tables of a round say of each other."""

from collections.abc import Iterator
from typing import Any

from kjfp_helpers.errors import RuleError
from kjfp_helpers.rules.tables import Commendation, Member, Table, Target, Unit, nearest


def check_references(
    units: Table[Unit],
    targets: Table[Target],
    commended: Table[Commendation],
    panel: Table[Member],
) -> Iterator[RuleError]:
    """Check that every unit and every place named in a table is in ``units.csv``."""
    codes = [unit.code for unit in units.rows]
    places = [*(unit.region for unit in units.rows), *(unit.short_name for unit in units.rows)]
    if not codes:
        yield RuleError("units.csv", expected="至少一个单位", found="只有表头",
                        advice="从 data/2020 复制单位名册")  # fmt: skip
        return
    named = [(place, "unit", row.unit) for row, place in targets]
    named += [(place, "unit", row.unit) for row, place in commended]
    for row, place in panel:
        named += [(place, "ties", tie) for tie in row.ties]
        if row.region and row.region not in places:
            advice = f"更正地区（不在其中的留空），{nearest(row.region, places)}"
            yield RuleError(f"{place}“region”", expected="units.csv 中的地区",
                            found=f"“{row.region}”", advice=advice)  # fmt: skip
    for place, column, code in named:
        if code not in codes:
            advice = f"更正单位代码，{nearest(code, codes)}"
            yield RuleError(f"{place}“{column}”", expected="units.csv 中的单位代码",
                            found=f"“{code}”", advice=advice)  # fmt: skip


def check_repeats(
    units: Table[Unit], targets: Table[Target], panel: Table[Member]
) -> Iterator[RuleError]:
    """Check that what names a row names one row; case does not tell two file names apart."""
    columns: tuple[tuple[Table[Any], tuple[str, ...]], ...] = (
        (units, ("code", "name")),
        (targets, ("unit",)),
        (panel, ("member", "user")),
    )
    for table, names in columns:
        for name in names:
            seen: dict[str, str] = {}
            for row, place in table:
                value = getattr(row, name)
                first = seen.setdefault(value.casefold(), place)
                if value and first != place:
                    yield RuleError(f"{place}“{name}”", expected="不与别行重复",
                                    found=f"“{value}”（同{first.split()[-1]}）",
                                    advice="删去重复的一行或更正此格")  # fmt: skip
