"""What a receipt says of the files of a message."""

from dataclasses import replace

import pytest

from kjfp_helpers.core.events import FindingSettled
from kjfp_helpers.core.records import File
from kjfp_helpers.reports.data.mail_contents import MailContents
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import derive_state
from support.project import RULES
from support.rounds import builders as make
from support.rounds.panels_and_scores import events


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("材料.zip.001", "分卷，与其余各卷合并读取"),
        ("材料.z01", "分卷，与其余各卷合并读取"),
        ("材料.part2.rar", "分卷，与其余各卷合并读取"),
        ("材料.zip", "没有解出文件"),
    ],
)
def test_a_volume_whose_set_was_joined_elsewhere_is_no_empty_archive(name, outcome):
    file = File(path=name, sha256="0" * 64, size=9, kind="archive")
    mail = replace(make.mail(1), files=(file,))
    state = derive_state(load_round(RULES), make.intake(mails=[mail]), ())
    (part,) = MailContents(state).list_parts(mail)
    assert part.state == outcome


def test_a_receipt_asks_for_no_correction_of_what_was_settled():
    team = make.team("示例服务队")
    mail = replace(make.mail(1), files=(File(path="1.docx", sha256="0" * 64, size=9, kind="team"),))
    rules, intake = load_round(RULES), make.intake(team, mails=[mail])
    open_state = derive_state(rules, intake, ())
    settled = [
        FindingSettled(case=one.case, code=one.code, reason="已核实")
        for one in open_state.screening.findings
        if one.source == team.source
    ]
    states = (open_state, derive_state(rules, intake, events(*settled)))
    outcomes = [part.state for one in states for part in MailContents(one).list_parts(mail)]
    assert outcomes == ["采用，须补正", "采用"]
