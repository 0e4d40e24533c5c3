"""Papers of the office's own under a report's name are kept, and what a run made is not moved."""

from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.batch.formats.filed_scans import set_aside_papers


def test_a_scan_and_an_edited_paper_are_renamed_and_what_a_run_made_stays(tmp_path):
    folder = tmp_path / "unit"
    folder.mkdir()
    papers = ("11.docx", "11.pdf", "13.pdf", "13-自存1.pdf")
    for name in papers:
        (folder / name).write_text(name)
    made = {f"unit/{name}": sha256_file(folder / name) for name in papers[:2]}
    (folder / "11.docx").write_text("edited")
    moved = set_aside_papers(tmp_path, ["unit/11", "unit/13", "cases/T11-1"], made)
    assert moved == {"unit/11.docx": "unit/11-自存1.docx", "unit/13.pdf": "unit/13-自存2.pdf"}
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "11-自存1.docx": "edited",
        "11.pdf": "11.pdf",
        "13-自存1.pdf": "13-自存1.pdf",
        "13-自存2.pdf": "13.pdf",
    }
