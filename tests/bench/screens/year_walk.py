"""The whole year on screens, by mouse alone or by keyboard alone, with a picture of every step.

    python tests/bench/screens/year_walk.py FOLDER [--hand keyboard|mouse] [--steps NAME...]

Takes in a rehearsal of four units, answers what is open, issues letters, checks drawn units on the spot, assesses the summaries
and confirms the results, assigns the readings, scores and seals four packets, takes the signed sheets in, closes the scoring,
makes the list, draws the agenda and holds the meeting, waives what is lacking, votes, publishes, answers an objection, issues
the decision, approves what is exhibited, and makes exhibition, reports, the final check and the archive. Only the clock is
set, and forms and sheets are filled in outside, as others would do. Prints for every step how many clicks or
keys it took, how far the farthest control was, and what the console called an error. FOLDER takes the round and
the pictures; with --steps it goes on there.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from kjfp_helpers import reports  # noqa: E402
from kjfp_helpers.commands.simulation.simulated_spot_check import fill_visit_form  # noqa: E402
from kjfp_helpers.core.events.spot_check import VisitFormIssued  # noqa: E402
from kjfp_helpers.infra.page_commands.run_record import list_runs  # noqa: E402
from kjfp_helpers.panel_review.scoring.member_packet import short_digest  # noqa: E402
from kjfp_helpers.rehearsal.actors import spot_checkers, summary_assessors  # noqa: E402
from kjfp_helpers.rehearsal.round_builder import write_rehearsal  # noqa: E402
from kjfp_helpers.state import RoundSession  # noqa: E402
from kjfp_helpers.state.panel.packet_building import build_packet  # noqa: E402
from support.browser.hands import Keyboard, Mouse  # noqa: E402
from support.browser.keyboard import Member  # noqa: E402
from support.browser.lab_server import TOKEN, new_page, open_browser, running_lab  # noqa: E402

MEMBERS = ("M01", "M02", "M03", "M04")
PERSONS = ("测试秘书", "测试组长")
FREEZE, VISITS = "2020-08-20T09:00:00+08:00", "2020-08-29T09:00:00+08:00"
DECISION = "2020-12-25T09:00:00+08:00"
VALUE_DAY, MEETING, NOTICE = "2020-08-28", "2020-10-21", "2020-11-02"
CHANGES = {
    r"^teams = 20": "teams = 2",
    r"^individuals = 50": "individuals = 2",
    r"(\[ruling\.readings\]\n.*\nvalue = )5": r"\g<1>2",
    r"(\[ruling\.quorum\]\n.*\nvalue = )3": r"\g<1>2",
    r"(\[ruling\.anchors\]\n.*\nvalue = )3": r"\g<1>1",
    r'(\[ruling\.method\]\n.*\nvalue = )"adjusted"': r'\g<1>"mean"',
}
"""A round small enough to be scored by hand."""


class Walk:
    """One year; every step is told and has its picture."""

    def __init__(self, home: Path, page, hand, address: str, pictures: Path) -> None:
        self.home, self.page, self.hand, self.address = home, page, hand, address
        self.folder, self.outputs = home / "data" / "walk", home / "outputs" / "walk"
        self.pictures, self.steps = pictures, 0
        self._acts, self._at = 0, time.perf_counter()

    def session(self) -> RoundSession:
        """The round as it stands."""
        return RoundSession.open(str(self.folder), str(self.outputs))

    def done(self, what: str) -> None:
        """Tell a step and keep its picture."""
        self.steps += 1
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=self.pictures / f"{self.steps:02}_{what}.png")
        acts, now = self.hand.acts - self._acts, time.perf_counter()
        errors = "；".join(self.page.problems)
        print(f"{self.steps:02} {what}: {acts} 次，{now - self._at:.0f} 秒 {errors}", flush=True)
        self._acts, self._at = self.hand.acts, now
        self.page.problems.clear()

    def open(self, name: str, stands: str = ".kjfp-panel") -> None:
        """Open a notebook of the round; its kernel begins anew where the clock was set."""
        self.page.goto(f"{self.address}/doc/tree/outputs/walk/{name}.ipynb?token={TOKEN}")
        self.page.wait_for_selector(stands)
        self.page.wait_for_timeout(800)

    def set_clock(self, time: str) -> None:
        """Let the days pass: the rehearsal's clock, and kernels that read it anew."""
        path = self.folder / "notice.toml"
        path.write_text(re.sub(r"(?m)^clock = .*", f"clock = {time}", path.read_text()))
        self.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")

    def button(self, words: str):
        """A button that can be seen."""
        return self.page.locator(f"button:visible:has-text('{words}')").first

    def form(self, title: str):
        """The form whose button confirms it."""
        shown = self.page.locator(".kj-decision:visible")
        return shown.filter(has=self.page.locator(f"button:has-text('{title}')")).first

    def fill(self, title: str, button: str, *values: str | int, preview: bool = False) -> None:
        """Fill the visible form in its order: a text is typed, a number chosen; then confirm."""
        form = self.form(button)
        fields = form.locator("input:visible, select:visible, textarea:visible")
        for at, value in enumerate(values):
            if isinstance(value, int):
                if value:
                    self.hand.choose(fields.nth(at), value)
            elif value:
                self.hand.type(fields.nth(at), value)
        self.hand.press(form.locator(f"button:has-text('{button}')"))
        if preview:
            self.page.wait_for_selector(".kj-consequence button:visible")
            self.done(f"{title}之前所示后果")
            self.hand.press(form.locator("button:visible:has-text('确认办理')"))

    def recorded(self, entry: int) -> None:
        """Wait until the ledger has more than the entry, and the screen shows it."""
        end = time.monotonic() + 30
        while last_entry(self) <= entry:
            self.page.wait_for_timeout(200)
            assert time.monotonic() < end, "nothing was recorded"
        self.page.wait_for_timeout(1500)

    def run(self, words: str, what: str, *, ask: bool = False) -> None:
        """Press a step's button on the start page and wait for its end."""
        before = [run.ended for run in list_runs(self.outputs) if run.title == words]
        self.hand.press(self.button(words))
        if ask:
            self.page.wait_for_selector("button:visible:has-text('确认办理')")
            self.hand.press(self.button("确认办理"))
        end = time.monotonic() + 180
        while not any(
            run.title == words and run.code is not None and run.ended not in before
            for run in list_runs(self.outputs)
        ):
            self.page.wait_for_timeout(300)
            assert time.monotonic() < end, f"{words}: did not end"
        self.page.wait_for_selector(f".kj-card:has-text('{words}：')")
        self.page.wait_for_timeout(1500)
        self.done(what)


def take_in(walk: Walk) -> None:
    """Mail, questions, letters."""
    walk.open("workbook/00_start")
    walk.done("开始")
    walk.run("登记来件", "收件")
    walk.open("workbook/01_intake")
    page, hand = walk.page, walk.hand
    walk.done("待处理")
    hand.type(page.locator("input[placeholder^=键入单位]:visible"), "北京")
    answer(walk)
    for _ in range(4):
        answer(walk)
    walk.done("待处理各项")
    hand.open_tab("函件")
    hand.press(walk.button("发出函件"))
    page.wait_for_selector(".kj-next:has-text('发出')")
    walk.done("发函")


def answer(walk: Walk) -> None:
    """Save the answer offered to the item on screen, or that it was settled, with the first reason."""
    page, hand = walk.page, walk.hand
    title, entry = page.inner_text(".kj-item-title"), last_entry(walk)
    settled = page.locator(".kj-answering button:visible:text-is('线下已办结')")
    if "单位未能辨认" not in title and settled.count():
        hand.press(settled)
        page.wait_for_timeout(600)
    hand.press(page.locator(".kj-phrase:visible").first)
    hand.press(page.locator(".kj-save button:visible, button.kj-save:visible").first)
    walk.recorded(entry)
    assert not page.locator(".kj-answering .failed").count(), page.inner_text(".kj-answering")


def draw(walk: Walk) -> None:
    """Freeze the frame of the spot check, draw, name the checkers, issue their forms."""
    page, hand = walk.page, walk.hand
    spot_check_tab(walk)
    walk.fill("冻结名册", "确认冻结名册", "2020年8月28日上证综合指数收盘点位", VALUE_DAY)
    page.wait_for_selector(".saved:visible")
    walk.done("冻结名册")
    walk.set_clock(VISITS)
    spot_check_tab(walk, "抽签")
    walk.fill("抽签", "确认抽签", "3403.81")
    page.wait_for_selector(".kj-next:visible:has-text('抽')")
    walk.done("抽签")
    units = list(walk.session().current_state(check_members=False).spot_check.visits)
    choose_kind(walk, "安排人员")
    for number, unit in enumerate(units):
        people = spot_checkers.choose_checkers(walk.session().round, unit, number)
        lines = "\n".join("，".join(person[:3]) for person in people)
        before = last_entry(walk)
        walk.fill("安排人员", "确认安排人员", number + 1, "2020-08-30", lines)
        walk.recorded(before)
    walk.done("安排人员")
    choose_kind(walk, "制发与发函")
    hand.press(walk.button("制发检查表和函件"))
    page.wait_for_selector(".kj-next:visible:has-text('检查')")
    walk.done("制发检查表")


def visit(walk: Walk) -> None:
    """Take the filled-in forms in and close the spot check."""
    page, hand = walk.page, walk.hand
    spot_check_tab(walk, "导入检查表")
    with tempfile.TemporaryDirectory() as folder, page.expect_file_chooser() as asked:
        hand.press(walk.button("选择文件"))
        asked.value.set_files(filled_forms(walk, Path(folder)))
        page.wait_for_selector("button:visible:has-text('选择文件 (')")
    hand.press(page.locator(".kj-decision:visible button:text-is('导入检查表')"))
    page.wait_for_selector(".kj-next:visible:has-text('收下'), .kj-alarm:visible")
    walk.done("导入检查表")
    choose_kind(walk, "结束")
    walk.fill("结束", "确认抽查结束")
    page.wait_for_selector("text=抽查已结束")
    walk.done("抽查结束")


def spot_check_tab(walk: Walk, kind: str = "") -> None:
    """Open the acts of the spot check."""
    walk.open("workbook/02_stocktake")
    walk.hand.open_tab("抽查")
    walk.hand.open_tab("办理")
    if kind:
        choose_kind(walk, kind)


def choose_kind(walk: Walk, title: str) -> None:
    """Choose one of the acts that stand at the left."""
    walk.hand.press(walk.page.locator(f".kj-kinds button:visible:text-is('{title}')"))
    walk.page.wait_for_selector(f".kj-kinds button.mod-active:visible:text-is('{title}')")


def last_entry(walk: Walk) -> int:
    """Number of the ledger's last entry."""
    return walk.session().ledger.head()[0]


def filled_forms(walk: Walk, folder: Path) -> list[str]:
    """Fill in every form as its checker does: what was reported is what is found."""
    session, paths, copies = walk.session(), [], {}
    for event in session.events().of(VisitFormIssued):
        copy = copies[event.body.unit] = copies.get(event.body.unit, -1) + 1
        values = spot_checkers.found_values("", copy, event.body.figures, event.body.day)
        blank = session.outputs / event.body.path
        (folder / blank.name).write_bytes(fill_visit_form(session, blank, values))
        paths.append(str(folder / blank.name))
    return paths


def assess(walk: Walk) -> None:
    """Assign the summaries, look at each of them; its readers read; the office confirms."""
    page, hand = walk.page, walk.hand
    walk.open("workbook/00_start")
    walk.run("分派总结、出考核结果", "分派总结")
    walk.open("workbook/03_summaries", ".kp-choice")
    walk.done("考核")
    for _ in range(page.locator(".kp-jump option").count()):
        if hand.name == "mouse":
            for row in page.locator(".kp-choice").all():
                hand.press(row.locator("button").first)
            hand.press(page.locator(".kp-next"))
        else:
            hand.keys(*["1"] * page.locator(".kp-choice").count(), "n")
        Member(page).saved()
    walk.done("考核各份")
    session = walk.session()
    for body, reader, _ in summary_assessors.plan_assessments(session.current_state()):
        session.record(body, actor=reader)
    walk.open("workbook/03_summaries", ".kp-choice")
    hand.open_tab("办理")
    choose_kind(walk, "审定结果")
    before = last_entry(walk)
    walk.fill("审定结果", "确认审定结果", "会议纪要2号", "缺数据的另行补报", *PERSONS)
    walk.recorded(before)
    walk.done("审定结果")
    choose_kind(walk, "分派和文件")
    hand.press(walk.button("分派总结、生成文件"))
    page.wait_for_selector(".kj-next:visible:has-text('考核'), .kj-alarm:visible")
    walk.done("考核结果通知")
    hand.open_tab("结果")
    walk.done("考核结果")


def assign(walk: Walk) -> None:
    """Freeze the rules, of which the clock is one, and assign the readings."""
    walk.set_clock(DECISION)
    walk.open("workbook/00_start")
    walk.run("冻结规则并分派评阅", "分派", ask=True)


def score(walk: Walk) -> None:
    """Every packet: declare, score, look over, seal; then its sheet is taken in."""
    page, hand = walk.page, walk.hand
    for number, name in enumerate(MEMBERS):
        walk.open(f"packets/{name}", ".kp-declare")
        if not number:
            walk.done("回避声明")
        hand.press(page.locator("#kp-none"))
        hand.press(page.locator(".kp-start"))
        page.wait_for_selector(".kp-agree, .kp-criterion")
        if page.locator(".kp-agree").count():
            hand.press(page.locator(".kp-agree"))
        page.wait_for_selector(".kp-criterion")
        cases = page.locator(".kp-jump option").count()
        for case in range(cases):
            score_case(walk, (case + number) % 3)
            if not number and not case:
                walk.done("评一件")
        page.wait_for_selector(".kp-seal:not([disabled])")
        if not number:
            walk.done("总览")
        hand.press(page.locator(".kp-seal"))
        page.wait_for_selector(".kp-agree")
        hand.press(page.locator(".kp-agree"))
        page.wait_for_selector(".kp-reopen")
        walk.done(f"封存{name}")
    take_sheets(walk)


def score_case(walk: Walk, level: int) -> None:
    """Give every criterion of a case the middle of a level."""
    page, hand = walk.page, walk.hand
    for at in range(page.locator(".kp-criterion").count()):
        if hand.name == "mouse":
            hand.press(page.locator(".kp-name").nth(at))
            hand.press(page.locator(".kp-level:visible").nth(level))
        else:
            hand.keys(*str(90 - 10 * level), "Enter")
    Member(page).saved()
    if hand.name == "mouse":
        hand.press(page.locator(".kp-next"))
    else:
        hand.keys("Enter")


def take_sheets(walk: Walk) -> None:
    """Take the signed sheets in by their codes."""
    walk.open("workbook/00_start")
    walk.hand.open_tab("签字表")
    for name in MEMBERS:
        code = short_digest(build_packet(walk.session().current_state(), name).digest())
        before = last_entry(walk)
        walk.fill("收回签字表", "确认收回签字表", 1, code, "收件员")
        walk.recorded(before)
    walk.done("收回签字表")


def decide(walk: Walk) -> None:
    """Close the scoring, make the list."""
    decisions(walk, "截止评分")
    walk.fill("截止评分", "确认截止评分", "评分全部封存", *PERSONS, preview=True)
    walk.page.wait_for_selector(".saved:visible")
    walk.done("截止评分")
    walk.open("workbook/00_start")
    walk.run("生成名单", "名单")


def meet(walk: Walk) -> None:
    """Draw the agenda, write the papers, price a change of names, record meeting and discussion."""
    page, hand = walk.page, walk.hand
    walk.open("workbook/05_results")
    hand.open_tab("会议")
    hand.press(walk.button("排定议程"))
    page.wait_for_selector(".kj-next:visible:has-text('会议'), .kj-alarm:visible")
    walk.done("排定议程")
    hand.press(walk.button("写出会议文件"))
    page.wait_for_selector("a:visible:has-text('投影页')")
    walk.done("会议文件")
    choose_kind(walk, "换人试算")
    pickers = page.locator(".kj-decision:visible select")
    for at in range(2):
        hand.choose(pickers.nth(at), 1)
    hand.press(walk.button("试算"))
    walk.done("换人试算")
    for kind, values in (
        ("登记会议", (MEETING, "测试会议室", *PERSONS, "", "同意名单")),
        ("讨论记录", ("", 0, "对照来源核对了数字")),
    ):
        choose_kind(walk, kind)
        before = last_entry(walk)
        walk.fill(kind, f"确认{kind}", *values)
        walk.recorded(before)
        walk.done(kind)


def vote(walk: Walk) -> None:
    """Waive what is lacking; the teams of the list are voted on, counted twice."""
    page, hand = walk.page, walk.hand
    decisions(walk, "放行")
    lacking = walk.form("确认放行").locator("select option")
    while lacking.count() > 1:
        before = last_entry(walk)
        values = ("会前不能办结", "会议纪要3号", *PERSONS)
        walk.fill("放行", "确认放行", 1, *values, preview=True)
        walk.recorded(before)
    walk.done("放行")
    hand.open_tab("投票表决")
    hand.press(walk.button("全部到会"))
    page.wait_for_selector(".kj-chip:visible:has-text('达到法定人数')")
    fields = page.locator("input[placeholder=请填整数]:visible")
    hand.type(fields.nth(0), "2")
    hand.type(fields.nth(1), str(len(MEMBERS)))
    hand.press(page.locator("button.mod-primary:visible:has-text('发起投票')"))
    page.wait_for_selector(".kj-votes-row input:visible")
    walk.done("发起投票")
    for teller in ("测试计票人一", "测试计票人二"):
        hand.type(page.locator("input[placeholder=姓名]:visible"), teller)
        fields = page.locator(".kj-decision:visible input[placeholder=请填整数]:visible")
        hand.type(fields.nth(0), str(len(MEMBERS)))
        hand.type(fields.nth(1), "0")
        for at in range(2, fields.count()):
            hand.type(fields.nth(at), str(len(MEMBERS)) if at % 3 == 2 else "0")
        hand.press(walk.button("保存计票"))
        page.wait_for_selector(
            f":text('已录入：{teller}'), .kj-chip:visible:has-text('通过'), .kj-state.failed"
        )
        walk.done(f"计票{teller[-1]}")


def decisions(walk: Walk, kind: str) -> None:
    """Open a form of the meeting."""
    walk.open("workbook/05_results")
    walk.hand.open_tab("作出决定")
    choose_kind(walk, kind)


def publish(walk: Walk) -> None:
    """The list again, the notice, an objection from receipt to reply."""
    page, hand = walk.page, walk.hand
    walk.open("workbook/00_start")
    walk.run("生成名单", "定稿")
    walk.open("workbook/12_publication")
    fields = page.locator(".kj-decision:visible input:visible")
    hand.type(fields.nth(0), NOTICE)
    hand.press(walk.button("发布公示"))
    page.wait_for_selector("td:has-text('第1版'), th:has-text('第1版'), .kj-alarm:visible")
    walk.done("发布公示")
    hand.open_tab("异议")
    for kind, button, values, asks in (
        (
            "登记异议",
            "确认登记异议",
            (0, "", 1, "2020-11-03 09:30", 1, "反映材料中的数字", "反映人"),
            False,
        ),
        ("指定核查人", "确认指定核查人", (1, "核查员甲、核查员乙"), False),
        ("核查结果", "确认核查结果", (1, "数字属实", "核查报告1号", "核查员甲、核查员乙"), False),
        ("裁定", "确认裁定异议", (1, 1, 1, "查无实据", "会议纪要5号", *PERSONS), True),
        ("答复", "确认答复", (1, "2020-11-09"), False),
    ):
        choose_kind(walk, kind)
        before = last_entry(walk)
        walk.fill(kind, button, *values, preview=asks)
        walk.recorded(before)
        walk.done(kind)


def commend(walk: Walk) -> None:
    """Issue the decision once the period of the notice is over."""
    page, hand = walk.page, walk.hand
    walk.open("workbook/00_start")
    page.wait_for_selector(".kj-step-row:has-text('可以印发')")
    walk.done("公示期满")
    walk.open("workbook/12_publication")
    hand.open_tab("决定")
    walk.fill("印发表扬决定", "印发表扬决定", DECISION[:10], "科技助力扶贫办发〔2020〕9号")
    page.wait_for_selector(".kj-next:visible:has-text('第1版表扬决定'), .kj-alarm:visible")
    walk.done("印发决定")


def exhibit(walk: Walk) -> None:
    """Approve what is unremarkable of every unit; then the site."""
    page, hand = walk.page, walk.hand
    walk.open("workbook/06_exhibition", ".kj-line-item")
    walk.done("审定")
    for number, _ in enumerate(walk.session().round.units, start=1):
        if not page.locator(".kj-line-item:visible").count():
            break
        before = last_entry(walk)
        if hand.name == "mouse":
            hand.press(walk.button("7 一并批准"))
        else:
            hand.keys("7")
        page.wait_for_timeout(1500)
        if last_entry(walk) == before:  # nothing unremarkable is left of the unit
            hand.choose(page.locator(".kjfp-panel select:visible").first, number)
            page.wait_for_timeout(1000)
    walk.done("一并批准")
    walk.open("workbook/00_start")
    walk.run("生成展览", "展览")


def finish(walk: Walk) -> None:
    """Reports, the final check, the archive."""
    walk.open("workbook/00_start")
    walk.run("核对材料", "核对")  # drafts bear the day of the clock, which was set since
    walk.run("生成审核报告", "报告")
    walk.run("核验全部结果", "核验")
    walk.run("归档", "归档", ask=True)


STEPS = {
    step.__name__: step
    for step in (
        take_in,
        draw,
        visit,
        assess,
        assign,
        score,
        decide,
        meet,
        vote,
        publish,
        commend,
        exhibit,
        finish,
    )
}


def prepare(home: Path) -> None:
    """Write the small round."""
    folder = home / "data" / "walk"
    write_rehearsal(folder, units=4)
    notice, panel = folder / "notice.toml", folder / "panel.csv"
    text = notice.read_text()
    for pattern, words in {**CHANGES, r"^clock = .*": f"clock = {FREEZE}"}.items():
        text = re.sub(pattern, words, text, flags=re.MULTILINE)
    notice.write_text(text)
    rows = (f"{name},测试评委{name[-1]},模拟{name[-1]}大学,,园艺,pw{name[-1]}," for name in MEMBERS)
    panel.write_text("\n".join([panel.read_text().splitlines()[0], *rows]) + "\n")


def main() -> None:
    """Walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hand", choices=("keyboard", "mouse"), default="keyboard")
    parser.add_argument("--steps", nargs="*", choices=list(STEPS), default=list(STEPS))
    chosen = parser.parse_args()
    home = chosen.folder.resolve()
    os.environ["KJFP_HOME"] = str(home)
    if not (home / "data" / "walk").exists():
        prepare(home)
    pictures, scratch = home / "pictures", home / "lab"
    for made in (pictures, scratch):
        made.mkdir(parents=True, exist_ok=True)
    session = RoundSession.open(
        str(home / "data" / "walk"), str(home / "outputs" / "walk"), create=True
    )
    reports.write_workbook_notebooks(session)
    with (
        running_lab(session, home, scratch) as address,
        open_browser("/usr/bin/chromium") as browser,
    ):
        page = new_page(browser, 1366, 633)
        page.on("dialog", lambda dialog: dialog.accept())
        hand = {"keyboard": Keyboard, "mouse": Mouse}[chosen.hand](page)
        walk = Walk(home, page, hand, address, pictures)
        try:
            for name in chosen.steps:
                STEPS[name](walk)
        finally:
            page.screenshot(path=pictures / "zz_last.png")
        print(f"{hand.acts} 次，最远的控件 {hand.farthest} 次 Tab")


if __name__ == "__main__":
    main()
