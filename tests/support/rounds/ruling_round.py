"""A round whose mail is late, too long and too much: the secretary must rule on it."""

import shutil
from pathlib import Path

from kjfp_helpers import commands
from kjfp_helpers.state import RoundSession
from support.forms.sample_files import PERSON, TEAM, form, letter
from support.made_in_process import made_in_process
from support.rounds.panel_round import close_with_screening, make_round

LATE = "Thu, 20 Aug 2020 09:00:00 +0800"
LONG = "带领专家走村入户开展培训。" * 200


def mails():
    one = PERSON | {"name": "测甲某13"}
    two = PERSON | {"name": "测乙某13", "story": LONG}
    crowd = {f"附件1-{n}.docx": form(TEAM | {"team_name": f"测试团队34之{n}"}) for n in (1, 2, 3)}
    return {
        "1.eml": letter({"附件2.docx": form(one)}, subject="河北报送材料", sent=LATE, number=1),
        "2.eml": letter({"附件2乙.docx": form(two)}, subject="河北报送材料", number=2),
        "3.eml": letter(crowd, subject="安徽报送材料", number=3),
    }


def open_ruling_round(root: Path) -> RoundSession:
    """Open a copy of the round; one form lies in the inbox without a message."""
    shutil.copytree(made_in_process(_make_ruling_round), root, dirs_exist_ok=True)
    return RoundSession.open(root / "data" / "practice", root / "outputs" / "practice")


def _make_ruling_round(root: Path) -> None:
    folder = make_round(root)
    (folder / "inbox").mkdir(exist_ok=True)
    for name, data in mails().items():
        (folder / "inbox" / name).write_bytes(data)
    bare = folder / "inbox" / "贵州"
    bare.mkdir()
    (bare / "附件1.docx").write_bytes(form(TEAM | {"team_name": "测试团队52"}))
    session = RoundSession.open(folder, root / "outputs" / "practice", create=True)
    commands.register_mail(session, lambda done, total: None)
    close_with_screening(session)
