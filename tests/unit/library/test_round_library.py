"""The library on real folders: read only, by the rules of the screens, errors in Chinese."""

import hashlib
import shutil
import subprocess
import sys

import pytest

import kjfp_helpers as kjfp
from kjfp_helpers.core.errors import (
    DifferenceError,
    KjfpError,
    LedgerError,
    NotReadyError,
    ParameterError,
    RuleErrors,
    ScreenRefused,
)
from kjfp_helpers.core.events import RulesFrozen, ScoreGiven
from kjfp_helpers.library.schemas.frame_catalogue import frame_schemas
from kjfp_helpers.state import RoundSession
from support.library_stages import asked
from support.project import RULES
from support.rounds.panel_round import make_round, open_round
from support.state.recorded_scores import score

ROLES = "user,role,name\nliu,秘书,测试刘\nzhou,组长,测试周\ntom,计票人,测试汤\nji,纪检,测试纪\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A scored round with accounts; ``alice`` is M01."""
    root = tmp_path_factory.mktemp("library")
    session = open_round(root)
    score(session)
    session.ledger.close()
    folder = session.round.folder
    (folder / "roles.csv").write_text(ROLES, "utf-8")
    panel = folder / "panel.csv"
    first = "测试评委1,测试大学,北京市,种植,"
    panel.write_text(panel.read_text("utf-8").replace(f"{first},", f"{first}alice,"), "utf-8")
    session = RoundSession.open(folder, session.outputs)
    round, last = session.round, session.ledger.events()[-1]
    frozen = RulesFrozen(digest=round.digest, files=dict(round.files))  # as they now stand
    session.ledger.append(frozen, actor="liu（秘书）", at=last.at)
    session.close()
    return root


@pytest.fixture
def library(made, tmp_path, monkeypatch):
    """Open a copy of the round, as an account where one is named."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)

    def open_as(user=""):
        monkeypatch.setenv("KJFP_REHEARSE_AS", user)
        return kjfp.open_round(tmp_path / "data" / "practice", tmp_path / "outputs" / "practice")

    return open_as


def tree(root):
    return {
        path: (
            path.stat().st_mtime_ns,
            path.is_file() and hashlib.sha256(path.read_bytes()).digest(),
        )
        for path in root.rglob("*")
    }


def read_everything(library):
    for name in frame_schemas():
        for words in asked(name):
            library.view(name, *words)
    library.figures.ranking_intervals("team")
    return library._repr_html_()


@pytest.mark.slow
def test_nothing_is_written(library, tmp_path):
    opened = library()
    before = tree(tmp_path)
    assert "<div" in read_everything(opened)
    opened.session().close()
    assert tree(tmp_path) == before


def test_no_ledger_is_made_for_a_new_round(tmp_path):
    folder = make_round(tmp_path)
    before = tree(tmp_path)
    opened = kjfp.open_round(folder, tmp_path / "outputs" / "practice")
    assert len(opened.units) == 6
    assert "还没有读过来件" in opened._repr_html_()
    with pytest.raises(NotReadyError, match=r"先运行 kjfp intake practice"):
        opened.findings  # noqa: B018
    assert tree(tmp_path) == before


def test_a_round_without_its_ledger_is_refused(library, tmp_path):
    (tmp_path / "data" / "practice" / "review.db").unlink()
    with pytest.raises(LedgerError, match="用备份恢复"):
        library()


def test_an_older_copy_of_the_ledger_is_refused_as_on_the_screens(library, tmp_path):
    head = '{"assign": "9999:' + "0" * 64 + '"}'
    (tmp_path / "outputs" / "practice" / "heads.json").write_text(head)
    with pytest.raises(DifferenceError, match="较早的备份"):
        library()


def test_an_unknown_round_names_those_there_are():
    with pytest.raises(RuleErrors) as told:
        kjfp.open_round("2031")
    assert "找不到轮次 2031" in str(told.value)


def test_an_unknown_frame_or_kind_names_the_nearest(library):
    opened = library()
    with pytest.raises(ParameterError, match="是否要写“findings”"):
        opened.frame("finding")
    with pytest.raises(AttributeError, match="是否要写“findings”"):
        opened.finding  # noqa: B018
    assert not hasattr(opened, "finding")
    with pytest.raises(ParameterError, match="是否要写“team”"):
        opened.ranking("teams")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ranking", ()),
        ("findings", ("team",)),
        ("reweighted", ("team",)),
        ("reweighted", ("team", 0.4)),
        ("reweighted", ("team", {"outcome": "0.4"})),
        ("reweighted", ("teams", {})),
    ],
)
def test_a_frame_asked_for_otherwise_is_explained(library, name, words):
    with pytest.raises(ParameterError):
        library().frame(name, *words)
    assert library().view(name, *words).text.endswith("。")


def test_what_is_no_frame_is_not_shown():
    with pytest.raises(ParameterError, match="一张表"):
        kjfp.chinese("findings")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("user", "refused"),
    [
        ("liu", set()),
        ("ji", set()),
        ("zhou", {"intake"}),
        ("tom", {"intake", "results", "stocktake", "summaries", "exhibition"}),
        ("alice", {"intake", "results", "stocktake", "summaries", "exhibition"}),
    ],
)
def test_an_account_reads_what_its_screens_show_and_is_refused_in_their_words(
    library, user, refused
):
    opened = library(user)
    for name, schema in frame_schemas().items():
        screens = schema.metadata["screens"]
        for words in asked(name):
            if {*screens} <= refused:
                with pytest.raises(ScreenRefused) as told:
                    opened.frame(name, *words)
                assert str(told.value) == "".join(opened.access().explain_refusal(screens[0]))
            else:
                try:
                    opened.frame(name, *words)
                except NotReadyError as error:
                    assert "名单" in str(error)


def test_what_a_member_is_shown_names_nobody(library):
    opened = library("alice")
    page = read_everything(opened)
    for name in frame_schemas():
        for words in asked(name):
            shown = opened.view(name, *words)
            page += getattr(shown, "text", "") or shown._repr_html_()
    state = opened.state()
    assert not any(case.name in page or case.id in page for case in state.screening.cases)
    for figure in ("member_scores", "ranking_intervals", "score_distribution"):
        assert "不能打开" in getattr(opened.figures, figure)("team").text


def test_the_card_tells_steps_marks_and_what_is_missing(library):
    page = library()._repr_html_()
    for word in ("演练", "收件", "评分", "未了结的问题", "只读"):
        assert word in page


def test_a_mark_given_meanwhile_is_seen(library):
    opened = library()
    before = opened.scores
    session = RoundSession.open(opened.rules.folder, opened.session().outputs)
    row = before.iloc[0]
    criteria = session.round.rubric.criteria(row["kind"])
    session.record(
        ScoreGiven(
            member=row["member"],
            case=row["case"],
            scores={one.id: 61.0 for one in criteria},
            comment="改",
        )
    )
    session.close()
    after = opened.scores.set_index(["member", "case"])["total"]
    assert after[row["member"], row["case"]] == 61.0


def test_errors_show_no_traceback_in_a_notebook(library):
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    opened = library("tom")
    shell.push({"opened": opened, "kjfp": kjfp})
    for line in ("opened.findings", "kjfp.open_round(2031)", "opened.finding"):
        with capture_output() as shown:
            shell.run_cell(line)
        text = shown.stdout + shown.stderr
        assert "Traceback" not in text and ".py" not in text.replace("panel.csv", "")
        assert "。" in text


def test_every_error_of_the_library_is_one_for_users():
    assert issubclass(ScreenRefused, KjfpError) and issubclass(NotReadyError, KjfpError)


def test_importing_the_package_loads_nothing_of_the_library():
    script = (
        "import sys, kjfp_helpers; "
        "print([n for n in ('pandas', 'pandera', 'kjfp_helpers.library') if n in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_the_rules_of_2020_open_without_any_mail(tmp_path):
    shutil.copytree(RULES, tmp_path / "2020", ignore=shutil.ignore_patterns("inbox", "received"))
    opened = kjfp.open_round(tmp_path / "2020", tmp_path / "out")
    assert len(opened.units) == len(opened.rules.units) and not (tmp_path / "out").exists()
