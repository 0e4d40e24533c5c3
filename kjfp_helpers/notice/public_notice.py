"""Table of the public notice (公示), without contact details."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.core.privacy import mask_number, mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, LISTED, Case, Individual
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

ORDER_NOTE = "排名不分先后，按推荐单位顺序排列"
"""Note under the table: the order is not that of the ranking."""

PUBLIC_COLUMNS = (
    "类别",
    "序号",
    "名称/姓名",
    "性别",
    "推荐单位",
    "工作单位",
    "职务/职称",
    "备注",
)


def public_table(round: Round, cases: Iterable[Case], shortlist: "pd.DataFrame") -> "pd.DataFrame":
    """Return the table of the public notice: listed and added cases, in the order of the units.

    Returns
    -------
    DataFrame
        ``类别 序号 名称/姓名 性别 推荐单位 工作单位 职务/职称 备注``, masked text. The numbers run
        from 1 in each
        kind. The remark says by which resolution or vote a case is listed, and holds just enough
        to tell apart two people whom name, unit and employer do not: the title, else the masked
        identity number.
    """
    inside = shortlist[shortlist["status"].isin(LISTED)]
    listed = inside.reindex(columns=["case", "basis"], fill_value="")
    basis_by_case = dict(zip(listed["case"], listed["basis"], strict=True))
    unit_order = {unit.code: number for number, unit in enumerate(round.units)}
    chosen = sorted(
        (case for case in cases if case.id in basis_by_case),
        key=lambda case: (case.kind != "team", unit_order[case.unit], case.rank, case.id),
    )
    remarks = _remarks(chosen)
    numbers: Counter[str] = Counter()
    rows = []
    for case, remark in zip(chosen, remarks, strict=True):
        numbers[case.kind] += 1
        unit = round.unit_by_code[case.unit].name
        full_remark = "；".join(filter(None, (basis_by_case[case.id], remark)))
        sex, title = _sex_and_title(case)
        cells = (case.name, sex, unit, _employer(case), title, full_remark)
        texts = (mask_personal_numbers(cell) for cell in cells)
        rows.append((KIND_TITLES[case.kind], numbers[case.kind], *texts))
    import pandas as pd

    return pd.DataFrame(rows, columns=list(PUBLIC_COLUMNS)).astype({"序号": int})


def _employer(case: Case) -> str:
    if isinstance(case.nominee, Individual):
        return case.nominee.employer or "未填"
    return ""


def _sex_and_title(case: Case) -> tuple[str, str]:
    if isinstance(case.nominee, Individual):
        return case.nominee.gender or "未填", case.nominee.title or "未填"
    return "", ""


def _remarks(cases: Sequence[Case]) -> list[str]:
    """Return the details that distinguish cases whose other columns are equal."""
    remarks = [""] * len(cases)
    for detail in (_position, _identity):
        keys = [
            (case.kind, case.name, case.unit, _employer(case), remark)
            for case, remark in zip(cases, remarks, strict=True)
        ]
        count = Counter(keys)
        remarks = [
            detail(case) or remark if count[key] > 1 else remark
            for case, key, remark in zip(cases, keys, remarks, strict=True)
        ]
    return remarks


def _position(case: Case) -> str:
    nominee = case.nominee
    if isinstance(nominee, Individual):
        return nominee.title or ""
    if nominee.leader_name:
        return f"负责人：{nominee.leader_name}"
    return ""


def _identity(case: Case) -> str:
    nominee = case.nominee
    number = nominee.id_number if isinstance(nominee, Individual) else None
    if number:
        return f"证件号：{mask_number(number)}"
    return ""
