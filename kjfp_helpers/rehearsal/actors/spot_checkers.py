"""The spot check of the simulated year: what the checkers find, what units reply, what is decided.

What it plants in ``answers.json`` under ``acts``:

================== ================================================================
act                what is done
================== ================================================================
figure_differs     the people lifted are found fewer than reported; the unit replies, confirmed
finding_waived     a problem beside the figures is let go for a reason
cell_changed       a checker changes a locked cell; the form is sent again
copies_differ      two checkers fill in one box differently; one copy is taken
checker_conflict   a person at home in the province is named and refused
================== ================================================================
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kjfp_helpers.core.events import LotDrawn, LotFrameFrozen
from kjfp_helpers.core.events.spot_check import Checker
from kjfp_helpers.notice.spot_check.lot_drawing import draw_lot
from kjfp_helpers.notice.spot_check.sampling_frame import build_frame, freeze_frame
from kjfp_helpers.rehearsal.generator.year_model import PlannedAct
from kjfp_helpers.rules import Round

SOURCE = "2020年8月28日上海证券交易所收盘综合指数（演练取用）"
DAY, VALUE = date(2020, 8, 28), "3403.81"
DIFFERS, WAIVED, CHANGED, APART, CONFLICT = (
    "figure_differs",
    "finding_waived",
    "cell_changed",
    "copies_differ",
    "checker_conflict",
)
ACTS = (DIFFERS, WAIVED, CHANGED, APART, CONFLICT)
SAYS = {
    DIFFERS: "脱贫人数核实少于上报一成二，抽核24户不符3户；单位已书面说明，认定属实，名单注明",
    WAIVED: "发现的问题已由地方另行处理，写明理由免予办理",
    CHANGED: "一份检查表改动了锁定的上报数，该行未收，更正后收下",
    APART: "两份检查表一项核实数不同，列为冲突，核对后以一份为准",
    CONFLICT: "拟派人员家在被检查省份，不能安排，已改派",
}
FOUND_SHARE = 0.88
SAMPLED, WRONG = 24, 3
UNREPORTED = 10.0
"""What is found where a unit reported nothing."""
NOTED = "有两个农技协的登记证书已过有效期，尚未换证。"
REPLY = "经复核，上报数把2019年以前已脱贫的户重复计入，现更正；今后逐户核对后再报。"


@dataclass(frozen=True)
class PlannedCheck:
    """The frame, the lot that follows from it, and what is planted in which drawn unit."""

    frozen: LotFrameFrozen
    lot: LotDrawn
    act_by_unit: Mapping[str, str]


def plan_spot_check(round: Round, today: date) -> PlannedCheck | None:
    """Return the check of a rehearsal round, None where it has no unit to be drawn."""
    if not any(unit.kind == "province" for unit in round.units):
        return None
    frame = build_frame(round, source=SOURCE, day=DAY, excluded={}, today=today)
    frozen = freeze_frame(frame)
    lot = draw_lot(frozen, VALUE)
    return PlannedCheck(frozen, lot, dict(zip(lot.units, ACTS, strict=False)))


def spot_check_acts(check: PlannedCheck) -> Iterator[PlannedAct]:
    """Yield the rows of the answer key."""
    for unit, act in check.act_by_unit.items():
        yield PlannedAct(act=act, says=SAYS[act], unit=unit)


def choose_checkers(round: Round, unit: str, number: int) -> tuple[Checker, ...]:
    """Return two made-up people from elsewhere who check a unit."""
    home = round.unit_by_code[unit].region
    regions = [region for region in ("河南省", "湖北省", "四川省") if region != home]
    return tuple(
        (f"测试检查员{'甲乙丙丁戊己庚辛壬癸'[(2 * number + at) % 10]}", employer, regions[at], ())
        for at, employer in enumerate(("模拟农业大学", "模拟科学院"))
    )


def related_checker(round: Round, unit: str) -> Checker:
    """Return a person who may not check a unit: at home in its province."""
    return ("测试检查员本地", "模拟大学", round.unit_by_code[unit].region, ())


def tried_figure(figures: Mapping[str, tuple[float | None, float | None]]) -> str:
    """Return the figure on which the copies differ: the first that the unit reported."""
    return next((name for name, (_, reported) in figures.items() if reported), "people")


def found_values(
    act: str, copy: int, figures: Mapping[str, tuple[float | None, float | None]], day: str
) -> dict[str, float | str]:
    """Return what the first (0) or second (1) checker of a unit fills in."""
    values: dict[str, float | str] = {
        f"{name}.found": reported for name, (_, reported) in figures.items() if reported is not None
    }
    values |= {f"{name}.evidence": "登记名册、文件，逐项核对" for name in figures}
    values |= {"people.sampled": 12.0, "people.wrong": 0.0}
    reported = figures.get("people", (None, None))[1]
    if act == DIFFERS:
        values |= {
            "people.found": float(int((reported or UNREPORTED) * FOUND_SHARE)),
            "people.sampled": float(SAMPLED),
            "people.wrong": float(WRONG),
            "people.evidence": "建档立卡系统名单，入户核对24户",
        }
        values |= {"people.photos": "入户核对1.jpg"} if copy == 0 else {}
    if act == WAIVED and copy == 0:
        values |= {"issue1.text": NOTED, "issue1.evidence": "登记证书副本"}
    tried = tried_figure(figures)
    if act in (CHANGED, APART):
        values.setdefault(f"{tried}.found", UNREPORTED)
    if act == CHANGED and copy == 0:  # left to the other, whose form is refused first
        values = {key: value for key, value in values.items() if not key.startswith(f"{tried}.")}
    if act == APART and copy == 1 and f"{tried}.found" in values:
        values[f"{tried}.found"] = max(float(values[f"{tried}.found"]) - 1, 0.0)
    values |= {"q5.answer": "属实", "q6.answer": "属实"}
    if copy == 0:
        values |= {
            "visit.day": day,
            "visit.places": "省级办公室，两个县",
            "visit.summary": "工作扎实",
        }
    return values
