import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.commands import create_default_round
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.rules import load_round
from kjfp_helpers.rules.round_folders import HOME_VARIABLE


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty project folder that is the working folder, as for an installed package."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_intake_in_an_empty_folder_creates_the_round_and_says_so_once(empty, capsys):
    message = "✓ 已建立轮次文件夹 data/2020，放入软件自带的规则文件；请先核对规则"
    assert main(["intake", "2020"]) == 1
    created = capsys.readouterr()
    assert message in created.out and "2020/inbox" in created.err
    assert main(["intake", "2020"]) == 1
    assert message not in capsys.readouterr().out


def test_the_created_round_has_the_rules_of_the_package_and_an_empty_inbox(empty):
    folder = create_default_round("2020")
    assert folder == empty / "data" / "2020"
    assert load_round(folder).digest == load_round(DEFAULT_RULES).digest
    assert {path.name for path in folder.iterdir()} == {
        "inbox",
        *(path.name for kind in ("*.csv", "*.toml") for path in DEFAULT_RULES.glob(kind)),
    }
    assert not [*(folder / "inbox").iterdir()]
    assert [path.name for path in folder.parent.iterdir()] == ["2020"]


def test_an_existing_folder_is_left_as_it_is(empty):
    own = empty / "data" / "2020" / "notice.toml"
    own.parent.mkdir(parents=True)
    own.write_text("# 本年规则", "utf-8")
    assert create_default_round("2020") is None
    assert [*own.parent.iterdir()] == [own] and own.read_text("utf-8") == "# 本年规则"


@pytest.mark.parametrize("name", ["", "2021", "rehearsal"])
def test_no_other_round_is_created(empty, name):
    assert create_default_round(name) is None and not (empty / "data").exists()


def test_a_command_that_does_not_start_a_round_creates_none(empty, capsys):
    assert main(["check", "2020"]) == 1 and not (empty / "data").exists()


def test_a_checkout_keeps_its_own_round():
    before = {path.name: path.stat().st_mtime_ns for path in DEFAULT_RULES.iterdir()}
    assert create_default_round("2020") is None
    assert {path.name: path.stat().st_mtime_ns for path in DEFAULT_RULES.iterdir()} == before
