import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.files.material_store import MaterialStore, PathStore, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("附件1.docx", "附件1.docx"),
        ("../../etc/passwd", "_.._etc_passwd.bin"),
        ("a\u202egpj.exe", "agpj.exe.bin"),
        ("x.html", "x.html.bin"),
        ("", "未命名.bin"),
        ("=1+1.xlsx", "=1+1.xlsx"),
    ],
)
def test_names_do_no_harm(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_name_becomes_one_short_step(name):
    safe = safe_name(name)
    assert "/" not in safe and "\\" not in safe and "\0" not in safe
    assert safe not in ("", ".", "..") and not safe.startswith(".")
    assert len(safe.encode()) < 200


def test_a_reading_that_is_compared_gives_copies_their_paths_and_leaves_none(tmp_path):
    store = PathStore(tmp_path / "materials")
    for name in ("0001-01-a.doc", "0001-02-b.jpg"):
        store.add(name, b"2")
    assert store.pending_path("0001-01-a.doc").read_bytes() == b"2"  # LibreOffice reads it
    assert not store.pending_path("0001-02-b.jpg").exists()
    assert store.assign_to_unit("52", ["0001-01-a.doc", "0001-02-b.jpg"]) == {
        "0001-01-a.doc": "materials/52/0001-01-a.doc",
        "0001-02-b.jpg": "materials/52/0001-02-b.jpg",
    }
    store.keep_only(["materials/52/0001-01-a.doc"])
    store.commit()
    assert not list(tmp_path.iterdir())


def test_the_old_copies_stay_until_the_new_are_whole(tmp_path):
    folder = tmp_path / "materials"
    (folder / "52").mkdir(parents=True)
    (folder / "52" / "old.docx").write_bytes(b"1")
    store = MaterialStore(folder)
    store.add("0001-01-a.docx", b"2")
    assert store.assign_to_unit("", ["0001-01-a.docx"]) == {
        "0001-01-a.docx": "materials/unknown/0001-01-a.docx"
    }
    assert (folder / "52" / "old.docx").exists()
    store.commit()
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.docx")] == [
        "unknown/0001-01-a.docx"
    ]
    assert not (tmp_path / "materials.part").exists()
