"""A round whose mail holds what a person must look at, as real files; everybody is made up."""

import io
from pathlib import Path

from PIL import Image, ImageDraw

from kjfp_helpers import commands
from kjfp_helpers.state import RoundSession
from support.forms.sample_files import PERSON, TEAM, form, letter, text
from support.rounds.panel_round import make_round

WRONG_ID = "110105194912310021"
"""An identity number whose last digit does not fit."""
SCRIPT = "<script>document.title='坏了'</script>"


def scan(kind: str = "JPEG") -> bytes:
    """A page as a scanner leaves it: a picture and no text."""
    page = Image.new("RGB", (900, 1200), "white")
    pen = ImageDraw.Draw(page)
    for number in range(12):
        pen.rectangle((60, 80 + 90 * number, 840, 150 + 90 * number), outline="black", width=2)
        pen.line((300, 80 + 90 * number, 300, 150 + 90 * number), fill="black", width=2)
        pen.text((80, 105 + 90 * number), f"box {number}", fill="black")
    buffer = io.BytesIO()
    page.save(buffer, kind)
    return buffer.getvalue()


def letters() -> dict[str, bytes]:
    """Messages by file name, in the order in which they came."""
    team = TEAM | {
        "team_name": "测试团队13",
        "people_lifted": "约3000人",
        "service_days": "500",
        "service_modes": "☑培训 □技术推广 □就业指导 ☑其他_____。",
    }
    person = PERSON | {"name": "测戊某34", "id_number": WRONG_ID, "people_lifted": "300户"}
    near = TEAM | {"team_name": "测试团队34队", "leader_phone": "19900000077", "address": ""}
    lost = PERSON | {
        "name": "测丙某62",
        "employer": f"测试院{SCRIPT}",
        "story": "电话19900000002。",
    }
    old = {"待定材料.docx": text("一些材料", {"": f"看不出是什么。{SCRIPT}"})}
    scans = {"附件1推荐表扫描.jpg": scan(), "附件2推荐表扫描.pdf": scan("PDF")}
    day = "Mon, {} Aug 2020 09:00:00 +0800".format
    link = "材料较大，见网盘：https://pan.baidu.com/s/1abcDEF 提取码：8888，请于7日内下载。"
    return {
        "1.eml": letter({"附件1.docx": form(team)}, subject="河北报送材料", sent=day(3), number=1),
        "2.eml": letter(
            {"附件2.docx": form(person, seal=False), "附件1.docx": form(near)},
            subject="安徽报送材料",
            sent=day(4),
            number=2,
        ),
        "3.eml": letter(
            {"附件2.docx": form(lost)},
            subject="报送材料",
            sent=day(5),
            number=3,
            body="联系人：某某\n电话：19900000003",
        ),
        "4.eml": letter(scans, subject="贵州报送材料", sent=day(6), number=4),
        "5.eml": letter(old, subject="甘肃报送材料", sent=day(7), number=5),
        "6.eml": letter({}, subject="贵州报送展览素材", sent=day(8), number=6, body=link),
    }


def open_mail_round(root: Path) -> RoundSession:
    """Make the round and take in its mail."""
    folder = make_round(root)
    (folder / "inbox").mkdir()
    for name, data in letters().items():
        (folder / "inbox" / name).write_bytes(data)
    session = RoundSession.open(folder, root / "outputs" / "practice", create=True)
    commands.register_mail(session, lambda done, total: None)
    return session
