"""A made-up round in which one unit sent everything that can be odd, for letters and register."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, File, Individual, Intake, Mail, Picture, Record, Team
from kjfp_helpers.state import derive_state
from support.rounds.report_round import PHONE, SCRIPT, make_round

IDENTITY = "110101199001011237"
COPIED = (
    "他带领专家组走遍全县十八个乡镇，手把手教农户种植食用菌，三年不间断，群众都叫他蘑菇财神，" * 3
)


def make_busy(folder: Path):
    """Return the derived round: unit 15 sent a lot, 65 copied from it, one sender is unknown."""
    round = make_round(folder, societies=3)
    return derive_state(round, Intake(mails=_mails(), records=_records()), ())


def at(day, hour=10, minute=0):
    """Return a time of 2020 in Beijing."""
    return datetime(2020, *day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def mail(receipt, received, files=(), findings=(), unit="15", subject="材料"):
    """Return a message whose files are path, sign of the hash, size and kind."""
    path = f"inbox/{receipt}.eml"
    found = tuple(Finding(source=path, unit=unit, expected="x", **one) for one in findings)
    return Mail(
        receipt=receipt,
        path=path,
        sha256=f"{receipt:064d}",
        message_id=f"<{receipt}>",
        sender=f"{PHONE}@example.com",
        unit=unit,
        subject=subject,
        sent=received,
        received=received,
        files=tuple(
            File(path=name, sha256=sha * 64, size=size, kind=kind)
            for name, sha, size, kind in files
        ),
        findings=found,
    )


def _mails():
    link = "网盘链接 https://pan.example.com/s/1a，请于2020年7月20日前下载（来件7天内）"
    locked = Finding(
        code="encrypted",
        source="inbox/2.eml/加密.zip",
        unit="15",
        expected="无密码",
        found="有密码",
    )
    second = mail(
        2,
        at((8, 10)),
        (
            (f"甲{PHONE}.docx", "b", 100, "individual"),
            ("乙.docx", "c", 200, "individual"),
            ("加密.zip", "d", 300, "unknown"),
            ("便条.txt", "e", 40, "unknown"),
        ),
        subject=f"报送{IDENTITY}",
    )
    return (
        mail(
            1,
            at((7, 16), 0, 6),
            (
                ("展览.zip", "a", 5000, "archive"),
                ("展览.zip/图/01.jpg", "f", 1000, "picture"),
            ),
        ),
        replace(second, findings=(locked,)),
        mail(
            3,
            at((8, 11)),
            (("甲.docx", "b", 100, "individual"), ("乙.docx", "9", 210, "individual")),
        ),
        mail(
            4,
            at((8, 11), 11),
            (("甲.docx", "b", 100, "individual"),),
            ({"code": "duplicate_mail", "found": "与第3号来件相同"},),
        ),
        mail(5, at((7, 13)), (), ({"code": "cloud_link", "found": link},)),
        mail(6, at((8, 1)), (("丙.docx", "8", 90, "individual"),), unit="65"),
        mail(7, at((8, 2)), (("丁.docx", "6", 80, "unknown"),), unit="", subject="请查收"),
    )


def _person(receipt, name, source, sha, unit="15", **values):
    findings = ()
    if name == "测试乙":
        spot = {"source": f"inbox/{receipt}.eml/{source}", "field": "address"}
        findings = (
            Finding(
                code="missing",
                expected="填写通讯地址",
                found="空白",
                place="表1 第5行第2列",
                **spot,
            ),
            Finding(
                code="approx", expected="确数", found=f"约{PHONE}", place="表1 第12行第2列", **spot
            ),
            Finding(
                code="email_invalid",
                expected="有效邮箱",
                found="缺@",
                place="表1 第4行第2列",
                **spot,
            ),
        )
    return Record(
        id=f"{receipt}-{source}",
        kind="individual",
        unit=unit,
        receipt=receipt,
        source=f"inbox/{receipt}.eml/{source}",
        sha256=sha * 64,
        findings=findings,
        body=Individual(name=name, id_number=IDENTITY if name == "测试甲" else None, **values),
    )


def _records():
    picture = Picture(
        name="01.jpg",
        sha256="f" * 64,
        size=1000,
        format="JPEG",
        width=9,
        height=9,
        stored="materials/15/1.jpg",
    )
    show = Record(
        id="1-1",
        kind="exhibit",
        unit="15",
        receipt=1,
        source="inbox/1.eml/展览.zip",
        sha256="a" * 64,
        body=Exhibit(pictures=(picture,), captions={"01": "注"}),
    )
    team = Record(
        id="2-9",
        kind="team",
        unit="15",
        receipt=2,
        source="inbox/2.eml/正文",
        sha256="7" * 64,
        body=Team(team_name=SCRIPT),
    )
    return (
        show,
        _person(2, "测试甲", f"甲{PHONE}.docx", "b", story=COPIED),
        _person(2, "测试乙", "乙.docx", "c"),
        team,
        _person(3, "测试甲", "甲.docx", "b", story=COPIED),
        _person(3, "测试乙", "乙.docx", "9", address="新址"),
        _person(6, "测试丙", "丙.docx", "8", unit="65", story=COPIED),
    )
