"""Prints of the units' reports: one that cannot be printed stops no other."""

from kjfp_helpers.reports.batch.formats.pdf_printing import print_reports

PRINTER = """#!/bin/sh
for last; do case "$last" in *.docx) [ "${last%13.docx}" = "$last" ] && echo > "${last%docx}pdf";; esac; done
"""


def test_one_that_cannot_be_printed_is_named_and_its_earlier_print_goes(tmp_path, monkeypatch):
    (tmp_path / "unit").mkdir()
    for code in ("11", "13"):
        for ending in (".docx", ".html", ".pdf"):
            (tmp_path / f"unit/{code}{ending}").write_text("earlier")
    printer = tmp_path / "soffice"
    printer.write_text(PRINTER)
    printer.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    failed = print_reports(tmp_path, ["unit/11", "unit/13"])
    assert list(failed) == ["unit/13"] and "未能打印" in failed["unit/13"]
    assert (tmp_path / "unit/11.pdf").read_text() == "\n"
    assert not (tmp_path / "unit/13.pdf").exists()
