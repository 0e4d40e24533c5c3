"""The hand-over package: the same bytes again, only what is approved, checked anywhere."""

import json
import zipfile

import pytest

from kjfp_helpers.commands.exhibition.package_check import is_package, verify_package
from kjfp_helpers.commands.exhibition.package_layout import MANIFEST
from kjfp_helpers.commands.exhibition.package_writing import write_package
from kjfp_helpers.core.errors import NotReadyError
from support.rounds.panel_round import open_round
from support.state.approved_exhibits import approve_everything

pytestmark = pytest.mark.slow


def silent(done, total):
    pass


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("package"))
    first, second = (session.outputs / name for name in ("a.zip", "b.zip"))
    with pytest.raises(NotReadyError):
        write_package(session, silent, file=first)
    assert not first.exists()
    approve_everything(session)
    for file in (first, second):
        write_package(session, silent, file=file)
    assert first.read_bytes() == second.read_bytes()
    return first


def rewritten(package, target, change):
    """A copy of a package whose entries were changed by hand."""
    with zipfile.ZipFile(package) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return target


def test_every_picture_lies_beside_its_caption_and_the_manifest_tells_who_decided(package):
    with zipfile.ZipFile(package) as archive:
        names, manifest = set(archive.namelist()), json.loads(archive.read(MANIFEST))
    pictures = [name for name in names if name.endswith(".jpg")]
    assert pictures and all(f"{name[:-4]}.txt" in names for name in pictures)
    assert set(manifest["files"]) == names - {MANIFEST}
    assert all(item["decision"] and item["decided_by"] for item in manifest["items"])
    assert all(not name.startswith("/") and ".." not in name for name in names)
    assert is_package(package) and not verify_package(package, silent).failed


@pytest.mark.parametrize("what", ["altered", "missing", "added"])
def test_what_was_changed_in_a_package_is_named(package, tmp_path, what):
    def change(entries):
        name = next(one for one in entries if one.endswith(".jpg"))
        if what == "missing":
            del entries[name]
        else:
            entries[name if what == "altered" else "别的.jpg"] = b"other"

    copy = rewritten(package, tmp_path / "copy.zip", change)
    failed = verify_package(copy, silent).failed
    assert any(".jpg" in line for line in failed) and len(failed) == 1
