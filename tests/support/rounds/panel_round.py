"""A small made-up round for the screens: six units, hostile text, missing figures."""

import json
import os
import random
import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kjfp_helpers import intake
from kjfp_helpers.core.events import MailReceived, ReadingsAssigned, RulesFrozen
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import (
    Exhibit,
    Individual,
    Intake,
    Mail,
    Picture,
    Record,
    Section,
    Stocktake,
    Summary,
    Team,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.session import DATABASE
from support.made_in_process import made_in_process
from support.project import NOTEBOOKS, RULES

UNITS = ("13", "34", "52", "62")
SOCIETIES = 2
FIVE_CASES = {"units": ("13",), "societies": 1}
"""What makes a round small: a page draws every case of its member."""
MEMBERS = ("M01", "M02", "M03", "M04")
SIGNS = "山水田林果茶药菌牛羊蜂桑稻麦豆薯村社户组专家培训示范推广技术种养防治灌溉修剪嫁接育苗采收销售品牌合作分红"
SCRIPT = "<script>document.title='坏了'</script>"
PHONE = "13800000000"
AT = datetime(2020, 7, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STORY = """{name}（电话{phone}）多年来扎根{place}，与当地群众同吃同住。{unit}派出的专家跟着农时走，\
把果树修剪、病虫防治和水肥管理教到田间地头。

2017年春，{place}连遭冻害，{short}组织技术人员连夜下到果园，指导农户熏烟、灌水、补授粉，\
把损失降到三成以下。此后每年开春，都在村里办示范园，请骨干户现场操作，别的农户跟着学。

几年下来，示范园带出一批乡土技术员，亩均收入由不足两千元提高到六千元以上。合作社统一供苗、\
统一防治、统一销售，贫困户以劳动和土地入股，年底分红。{name}说：“技术留在村里，我们才放心走。”

示范过程中也遇到不少难处：有的农户怕担风险，不肯换品种；有的地块缺水，苗木成活率低。团队把\
试种的损失先担下来，又帮村里申请打井和铺设滴灌，第二年成活率达到九成。"""


def make_round(root: Path, units=UNITS, societies=SOCIETIES, members=MEMBERS) -> Path:
    """Write the rule files of a rehearsal round cut to a few units; return its folder."""
    folder = root / "data" / "practice"
    folder.mkdir(parents=True)
    (root / "notebooks").mkdir()
    shutil.copy(RULES / "rubric.toml", folder)
    notice = (RULES / "notice.toml").read_text("utf-8")
    for old, new in (
        (r"rehearsal = false", "rehearsal = true\nclock = 2020-08-20T09:00:00+08:00"),
        (r'\ncontact = ""\nphone = ""', '\ncontact = "测试秘书"\nphone = "演练不设电话"'),
        (r"teams = 20\n", "teams = 2\n"),
        (r"individuals = 50\n", "individuals = 3\n"),
        (r"(ruling.readings\][^[]*value = )5", r"\g<1>3"),
        (r"(ruling.quorum\][^[]*value = )3", r"\g<1>2"),
        (r"(ruling.reserves\][^[]*value = )5", r"\g<1>2"),
    ):
        notice = re.sub(old, new, notice, count=1)
    (folder / "notice.toml").write_text(notice, "utf-8")
    head, *lines = (RULES / "units.csv").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split(",")[0] in units]
    kept += [line for line in lines if ",society," in line][:societies]
    _write(folder / "units.csv", head, kept)
    codes = [line.split(",")[0] for line in kept]
    _write(
        folder / "targets.csv",
        "unit,assoc_target,experts_target,people_target,document",
        [f"{code},100,2000,50000,样例" for code in codes],
    )
    _write(
        folder / "panel.csv",
        "member,name,employer,region,field,user,ties",
        [f"{member},测试评委{n},测试大学,北京市,种植,," for n, member in enumerate(members, 1)],
    )
    rows = []
    for code in codes:
        rows.append(f"2018,全国,team,测试团队{code},{code},,样例")
        rows += [
            f"2018,全国,individual,{_person(code, n)},{code},测试研究所{code},样例" for n in (1, 2)
        ]
    _write(folder / "commended.csv", "year,level,kind,name,unit,employer,document", rows)
    return folder


def open_afternoon(root: Path, cases: int = 70) -> RoundSession:
    """Make a round whose packets hold an afternoon: 70 cases of about 2,000 characters."""
    return open_assigned(root, make_round(root, societies=cases - 2), cases, 1650)


def open_round(
    root: Path,
    members: int = 3,
    renamed: Mapping[str, str] | None = None,
    *,
    units: tuple[str, ...] = UNITS,
    societies: int = SOCIETIES,
) -> RoundSession:
    """Open a round with its made-up mail and every case assigned to every member but the last.

    ``renamed`` gives nominees other names, in the mail and among those commended before.
    A process makes each such round once; every caller opens a copy of its own.
    """
    given = (members, tuple((renamed or {}).items()), units, societies)
    if DATABASE in os.environ:
        return _make_assigned(root, *given)
    shutil.copytree(made_in_process(_make_and_close, *given), root, dirs_exist_ok=True)
    return RoundSession.open(root / "data" / "practice", root / "outputs" / "practice")


def _make_and_close(root: Path, *given) -> None:
    close_with_screening(_make_assigned(root, *given))


def close_with_screening(session: RoundSession) -> None:
    """Close a round as a command does that has screened it: whoever opens a copy need not."""
    assert session.current_state().screening.cases
    session.close()


def _make_assigned(root: Path, members: int, renamed, units, societies: int) -> RoundSession:
    names = tuple(f"M{n:02d}" for n in range(1, members + 2))
    folder = make_round(root, units, societies, names)
    _rename(folder / "commended.csv", dict(renamed), str)
    return open_assigned(root, folder, None, 0, dict(renamed))


def open_assigned(
    root: Path, folder: Path, most: int | None, more: int, renamed=None
) -> RoundSession:
    session = RoundSession.open(folder, root / "outputs" / "practice", create=True)
    read = _intake(session, more)
    session.record(
        *(
            MailReceived(number=mail.receipt, path=mail.path, sha256=mail.sha256)
            for mail in read.mails
        )
    )
    intake.save(read, session.received.file)
    _rename(session.received.file, renamed or {}, lambda name: json.dumps(name)[1:-1])
    cases = [case.id for case in session.current_state().screening.eligible_cases][:most]
    assert most is None or len(cases) == most
    session.record(
        RulesFrozen(digest=session.round.digest, files=dict(session.round.files)),
        ReadingsAssigned(
            readings={
                member.member: _rotated(cases, n)
                for n, member in enumerate(session.round.panel[:-1])
            },
            seed=1,
            digest="0" * 64,
        ),
    )
    return session


def prepare(notebook: str, session: RoundSession, **parameters: str) -> Path:
    """Write a copy of a notebook with this round's parameters into its workbook."""
    given = {
        "round_dir": str(session.round.folder),
        "outputs_dir": str(session.outputs),
        **parameters,
    }
    page = json.loads((NOTEBOOKS / notebook).read_text("utf-8"))
    cell = next(c for c in page["cells"] if "parameters" in c["metadata"].get("tags", []))
    kept = dict(re.findall(r"^(\w+) = (\S+)", "".join(cell["source"]), re.MULTILINE))
    written = kept | {name: repr(value) for name, value in given.items()}
    cell["source"] = [f"{name} = {value}\n" for name, value in written.items()]
    target = session.outputs / "workbook" / notebook
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(page, ensure_ascii=False), "utf-8")
    return target


def _write(path: Path, head: str, lines: list[str]) -> None:
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")


def _rename(path: Path, renamed: Mapping[str, str], written) -> None:
    text = path.read_text("utf-8")
    for old, new in renamed.items():
        assert old in text
        text = text.replace(old, written(new))
    path.write_text(text, "utf-8")


def _rotated(cases: list[str], by: int) -> tuple[str, ...]:
    return tuple(cases[by:] + cases[:by])


def _person(code: str, n: int) -> str:
    return f"测{'甲乙丙丁戊己庚辛'[int(code[-1]) % 8]}{'某子'[n - 1]}{code[-2]}"


def _intake(session: RoundSession, more: int) -> Intake:
    mails, records = [], []
    for receipt, unit in enumerate(session.round.units, start=1):
        mails.append(
            Mail(
                receipt=receipt,
                path=f"{unit.code}.eml",
                sha256=f"{receipt:064x}",
                message_id=f"<{receipt}@example.com>",
                sender="a@example.com",
                unit=unit.code,
                subject=f"{unit.short_name}报送材料 {SCRIPT}",
                sent=AT,
                received=AT,
            )
        )
        bodies = [
            *_nominees(unit, more),
            _stocktake(receipt, unit),
            _summary(session, receipt, unit),
        ]
        if receipt != 2 and not more:
            bodies.append(_exhibit(session, unit))
        kinds = {
            Team: "team",
            Individual: "individual",
            Stocktake: "stocktake",
            Summary: "summary",
            Exhibit: "exhibit",
        }
        for serial, body in enumerate((b for b in bodies if b), start=1):
            records.append(
                Record(
                    id=f"{receipt}-{serial}",
                    kind=kinds[type(body)],
                    unit=unit.code,
                    receipt=receipt,
                    source=f"{unit.code}.eml/材料{serial}",
                    sha256="0" * 64,
                    body=body,
                    findings=_findings(body, unit),
                )
            )
    return Intake(mails=tuple(mails), records=tuple(records))


def _findings(body, unit):
    if not isinstance(body, Individual) or unit.code != UNITS[0]:
        return ()
    return (
        Finding(
            code="approx",
            expected="确数",
            found=f"约三千人（{body.name}）",
            field="people_lifted",
            source="材料",
            place="表1 第9行第2列",
        ),
    )


def _nominees(unit, more):
    region = (unit.region, "测试市", "测试县", "测试乡", None)
    common = {
        "regions": (region,),
        "service_types": ("种植", "其他"),
        "service_types_other": "菌菇",
        "service_modes": ("培训", "技术推广"),
        "honors": f"{unit.short_name}先进（2018年）",
    }

    def story(name: str) -> str:
        told = STORY.format(
            name=name,
            phone=PHONE,
            place=f"{unit.region}测试县",
            unit=unit.name,
            short=unit.short_name,
        )
        return told + _further(name, more)

    team = f"测试团队{unit.code}"
    yield Team(
        **common,
        team_name=team,
        research_field="果树栽培",
        expert_count=18,
        leader_name="测组长",
        leader_title="研究员",
        leader_phone=PHONE,
        expert_names=("测组长", "测员甲", f"测员{unit.code}"),
        people_lifted=3200,
        service_days=480,
        story=story(team),
    )
    for n in (1, 2) if unit.quota == "priority" else (1,):
        name = _person(unit.code, n)
        yield Individual(
            **common,
            name=name,
            gender="女",
            title="高级农艺师",
            phone=PHONE,
            employer=f"测试研究所{unit.code}",
            people_lifted=None if n == 2 else 900,
            service_days=310,
            story=story(name) + SCRIPT,
        )


def _further(name: str, length: int) -> str:
    """About so many more characters, of every nominee's own: no two texts are alike."""
    chance, text = random.Random(name), ""
    while len(text) < length:
        signs = (chance.choice(SIGNS) for _ in range(chance.randint(18, 40)))
        text += "".join(signs) + chance.choice(["，", "。", "，带动120户增收，", "。\n"])
    return text


def _stocktake(receipt, unit):
    if receipt == 3:
        return None
    return Stocktake(
        unit=unit.code,
        assoc_target=100,
        assoc_done=88 + 9 * receipt,
        experts_target=2000,
        experts_done=None if receipt == 4 else 2100,
        people_target=50000,
        people_done=52000,
    )


def _summary(session, receipt, unit):
    heads = session.round.notice.summary.heads
    kept = heads if receipt % 2 else heads[:-1]
    sections = [
        Section(heading=f"{'一二三四五'[n]}、{head.title}", text=f"{unit.short_name}的情况。" * 40)
        for n, head in enumerate(kept)
    ]
    return Summary(title=f"{unit.short_name}科技助力精准扶贫工作总结", sections=tuple(sections))


def _exhibit(session, unit):
    from PIL import Image

    stored = f"materials/{unit.code}/0001-01-p.jpg"
    path = session.received.folder / stored
    path.parent.mkdir(parents=True)
    Image.linear_gradient("L").resize((1600, 1000)).convert("RGB").save(path, "JPEG")
    pictures = (
        Picture(
            name="示范园.jpg",
            sha256="1" * 64,
            size=2_300_000,
            format="JPEG",
            width=1600,
            height=1000,
            stored=stored,
        ),
        Picture(
            name="坏图.jpg",
            sha256="2" * 64,
            size=900_000,
            format=None,
            width=None,
            height=None,
            stored="../../etc/passwd",
        ),
    )
    parts = [
        Section(heading=p.title, text="展览文字。" * 30)
        for p in session.round.notice.exhibition.parts
    ]
    return Exhibit(
        sections=tuple(parts[:3]),
        pictures=pictures,
        captions={"示范园": f"群众在示范园学习修剪{SCRIPT}"},
    )


def telling(state, case):
    unit, nominee = state.round.unit_by_code[case.unit], case.nominee
    words = [case.name, case.id, unit.name, unit.short_name, unit.region, PHONE, "测试县", "测试市"]
    if isinstance(nominee, Team):
        return [*words, nominee.leader_name, *nominee.expert_names]
    return [*words, nominee.employer]
