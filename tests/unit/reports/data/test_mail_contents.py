"""What a receipt says of the files of a message."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kjfp_helpers.core.records import File
from kjfp_helpers.reports.data.mail_contents import MailContents
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import derive_state
from support.project import RULES
from support.rounds import builders as make


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


@pytest.mark.parametrize(("is_open", "outcome"), [(True, "采用，须补正"), (False, "采用")])
def test_a_receipt_asks_for_no_correction_of_what_was_settled(is_open, outcome):
    contents = object.__new__(MailContents)
    contents._standing, contents._open = {"record"}, {"fault"} if is_open else set()
    assert contents._record_outcome([SimpleNamespace(id="record")], ["fault"]) == outcome
