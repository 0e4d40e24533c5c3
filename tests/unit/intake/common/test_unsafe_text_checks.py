"""Files that systems and programs leave are told from files that people send."""

import pytest

from kjfp_helpers.intake.common.unsafe_text_checks import is_system_file

LEFT = (
    *("._推荐表.docx", "~$推荐表.docx", ".~推荐表.docx", ".~lock.推荐表.docx#", "~WRL0001.tmp"),
    *("~DF12AB.tmp", "Thumbs.db", "ehthumbs.db", "desktop.ini", ".DS_Store", ".directory"),
    *("__MACOSX/a.docx", ".Spotlight-V100/a", ".Trash-1000/info/a", ".fuse_hidden0001"),
    *("展览.zip.baiduyun.downloading", "a.docx.crdownload", "a.zip.xltd"),
)
SENT = ("推荐表.docx", "~推荐表.docx", ".推荐表.docx", "downloading.docx", "_推荐表.docx", "a.tmp")


@pytest.mark.parametrize("folder", ["", "材料/"])
def test_only_what_nobody_wrote_is_left_out(folder):
    assert [name for name in LEFT if not is_system_file(folder + name)] == []
    assert [name for name in SENT if is_system_file(folder + name)] == []
