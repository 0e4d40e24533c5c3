"""The command line: words and order, no logic. Imports are lazy, so that help is at once."""

import argparse
import atexit
import gc
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from kjfp_helpers.cli.member_command import read_choice
from kjfp_helpers.cli.parser import DEFAULT_ROUND, make_parser
from kjfp_helpers.cli.progress_bar import Bar

TITLES = {
    "run": "全部步骤",
    "forms": "表格",
    "intake": "收件",
    "rule": "裁定",
    "check": "检查",
    "assign": "分派",
    "score": "评分",
    "shortlist": "名单",
    "regenerate": "报告",
    "exhibit": "展览",
    "verify": "核验",
    "issue": "备卷",
    "export": "导出评分表",
    "import": "导入评分表",
    "member": "评委变动",
    "letters": "发出函件",
    "amend": "规则修订",
    "resume": "沿用较早台账",
    "backup": "备份",
}
_COUNTS = {"verify": ("一致", "未核对", "不符")}
"""How a command calls what it made, passed over and failed at, where it makes nothing."""
UNCHECKED = 3
"""Exit of a verification that found no difference, but could not check everything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 when all was done, 1 when something failed, 2 on wrong words, 3 when ``verify`` found no
        difference but could not check everything.
    """
    _collect_seldom()
    parser = make_parser()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return 0
    from kjfp_helpers.core.errors import KjfpError

    try:
        return _COMMANDS.get(chosen.command, _step)(chosen)
    except KjfpError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("已中断。已确认保存的内容都在，可重新运行接着做。")
    except Exception as error:
        if os.environ.get("KJFP_DEBUG"):
            raise
        return _fail(
            f"程序出错（{type(error).__name__}）。已保存的内容不受影响；"
            "请设 KJFP_DEBUG=1 重新运行，把显示的内容交给维护人员。"
        )


def _collect_seldom() -> None:
    """Spare a command's rows the collector: most stay to its end, and it would walk them often.

    At the end it is not to walk them once more for what the process gives back anyway.
    """
    gc.set_threshold(500_000, 20, 20)
    atexit.register(gc.freeze)


def _fail(words: str) -> int:
    print(f"✗ {words}", file=sys.stderr)
    return 1


def _rehearse(chosen: argparse.Namespace) -> int:
    from kjfp_helpers import commands

    with Bar("生成演练") as tick:
        commands.rehearse(
            chosen.folder, units=chosen.units, seed=chosen.seed, full=chosen.full, tick=tick
        )
    print(f"✓ 演练轮次已生成：{os.path.relpath(chosen.folder)}（所设问题和答案见 answers.json）")
    return 0


@contextmanager
def _session(
    chosen: argparse.Namespace, *, create: bool = False, readonly: bool = False
) -> Iterator[Any]:
    """Open the round until the command ends; most commands want a ledger that is there."""
    from kjfp_helpers.state import RoundSession

    outputs = os.path.abspath(chosen.outputs) if chosen.outputs else None
    session = RoundSession.open(
        chosen.round or DEFAULT_ROUND, outputs, create=create, readonly=readonly
    )
    try:
        yield session
    finally:
        session.close()


@contextmanager
def _turn(chosen: argparse.Namespace, name: str) -> Iterator[Any]:
    """Open the round, its outputs kept to this command until it ends."""
    from kjfp_helpers.infra.output_lock import turn
    from kjfp_helpers.state.access import current_user
    from kjfp_helpers.state.printed_heads import require_known_heads

    with _session(chosen, create=name in ("run", "intake", "forms")) as session:
        session.access().require_command(name)
        with turn(session.outputs, TITLES[name], current_user(session.round)):
            if name != "resume":
                require_known_heads(session)
            yield session


def _run(chosen: argparse.Namespace) -> int:
    from kjfp_helpers import commands
    from kjfp_helpers.rules import round_folder

    if chosen.round is None and not round_folder(DEFAULT_ROUND).exists():
        folder = round_folder(DEFAULT_ROUND)
        _rehearse(argparse.Namespace(folder=folder, units=72, seed=2020, full=False))
    outcomes = []
    with _turn(chosen, "run") as session:
        for step in commands.STEPS:
            given = {"as_of": chosen.as_of} if step is commands.check else {}
            outcomes.append(_guarded(step, session, **given))
            read = outcomes[0].made + outcomes[0].skipped
            if not read:
                return _fail("没有收件结果，其余步骤未运行。")
    failed = [line for outcome in outcomes for line in outcome.failed]
    made, skipped = (sum(getattr(one, name) for one in outcomes) for name in ("made", "skipped"))
    print(f"\n合计：新做{made} 跳过{skipped} 失败{len(failed)}")
    print(_what_to_open(session, chosen))
    return int(bool(failed))


def _guarded(step: Callable[..., Any], session: Any, **given: Any) -> Any:
    """Run a step; what stops it is told, and the steps after it still run."""
    from kjfp_helpers import commands
    from kjfp_helpers.core.errors import KjfpError

    try:
        return _do(step.__name__, partial(step, **given), session)
    except KjfpError as error:
        _fail(f"{TITLES[step.__name__]}：{error}")
        return commands.Outcome(failed=(str(error),))


def _step(chosen: argparse.Namespace) -> int:
    from kjfp_helpers import commands

    step: Callable[..., Any] = getattr(commands, chosen.command)
    options = {name: getattr(chosen, name) for name in _OPTIONS.get(chosen.command, ())}
    return _alone(chosen, chosen.command, partial(step, **options))


def _alone(chosen: argparse.Namespace, name: str, step: Callable[..., Any]) -> int:
    """Run one step, its round's outputs kept to it."""
    with _turn(chosen, name) as session:
        return int(bool(_do(name, step, session).failed))


def _verify(chosen: argparse.Namespace) -> int:
    """Derive everything again; it leaves nothing in the outputs, and so waits for nobody."""
    from kjfp_helpers import commands

    files, named = list(chosen.files), Path(chosen.round or "")
    if chosen.round and (ledger := commands.find_ledger(named)):
        outcome = _do("verify", lambda file, _: commands.verify_ledger(file, chosen.heads), ledger)
        return UNCHECKED if outcome.skipped else 0
    if named.is_file():  # papers may be named without a round, the round by its ledger
        files[:0] = [named] if named.suffix != ".db" else []
        chosen.round = str(named.parent) if named.suffix == ".db" else None
    step = partial(commands.verify, files=files, heads=chosen.heads)
    with _session(chosen, readonly=True) as session:
        session.access().require_command("verify")
        outcome = _do("verify", step, session)
    return 1 if outcome.failed else UNCHECKED if outcome.skipped else 0


def _backup(chosen: argparse.Namespace) -> int:
    """Copy the ledger; it leaves nothing in the outputs, and so waits for nobody."""
    from kjfp_helpers import commands

    with _session(chosen, readonly=True) as session:
        session.access().require_command("backup")
        return int(
            bool(_do("backup", partial(commands.back_up, target=chosen.file), session).failed)
        )


def _regenerate(chosen: argparse.Namespace) -> int:
    """Make the reports; past the other steps, whose imports alone take longer than a look."""
    from kjfp_helpers import reports

    names = ("jobs", "only", "force", "retry", "dask")
    given = {name: getattr(chosen, name) for name in names}

    def step(session: Any, tick: Callable[[int, int], None]) -> Any:
        return reports.regenerate(session, parameters=dict(chosen.parameters), tick=tick, **given)

    return _alone(chosen, "regenerate", step)


def _do(name: str, step: Callable[..., Any], session: Any) -> Any:
    """Run one step with its bar, then say what was made, passed over and failed."""
    title, start = TITLES[name], time.monotonic()
    with Bar(title) as tick:
        outcome = step(session, tick)
    partly = name in _COUNTS and outcome.skipped
    mark = "✗" if outcome.failed else "△" if partly else "✓"
    made, skipped, failed = _COUNTS.get(name, ("新做", "跳过", "失败"))
    counts = f"{made}{outcome.made} {skipped}{outcome.skipped} {failed}{len(outcome.failed)}"
    print(f"{mark} {title}：{counts}（{time.monotonic() - start:.1f}秒）", flush=True)
    for line in (*outcome.notes, *(f"✗ {line}" for line in outcome.failed)):
        print(f"    {line}", flush=True)
    return outcome


def _packet(chosen: argparse.Namespace) -> int:
    from kjfp_helpers import commands

    if chosen.act == "import":
        step: Callable[..., Any] = partial(commands.bring, files=chosen.files, take=chosen.take)
    else:
        step = partial(getattr(commands, chosen.act), members=chosen.members)
    return _alone(chosen, chosen.act, step)


def _member(chosen: argparse.Namespace) -> int:
    from kjfp_helpers import commands

    step: Callable[..., Any] = getattr(commands, chosen.act)
    return _alone(chosen, "member", partial(step, **read_choice(chosen)))


def _letters(chosen: argparse.Namespace) -> int:
    from kjfp_helpers import commands

    if chosen.act == "restore":
        return _alone(chosen, "letters", commands.restore_letters)
    step = partial(commands.issue_letters, as_of=chosen.as_of, only=chosen.only)
    return _alone(chosen, "letters", step)


def _lab(chosen: argparse.Namespace) -> int:
    from kjfp_helpers import reports
    from kjfp_helpers.panels.lab import lab_launcher

    with _session(chosen) as session:
        if not lab_launcher.start_page(session).exists():
            reports.prepare_workbook(session)
    return lab_launcher.launch(session)


def _extract(chosen: argparse.Namespace) -> int:
    import json

    from kjfp_helpers.commands.extraction import extract
    from kjfp_helpers.core.records import FILE_TITLES
    from kjfp_helpers.intake.field_editing import field_label

    for line in extract(chosen.paths, jobs=chosen.jobs):
        if chosen.json:
            print(line, flush=True)
            continue
        told = json.loads(line)
        kind = "来件" if told["kind"] == "mail" else FILE_TITLES[told["kind"]]
        print(f"{told['source']}：{kind}，{len(told['findings'])}个问题")
        for finding in told["findings"]:
            print(
                f"    {field_label(told['kind'], finding['field']) or '整件'}　{finding['message']}"
            )
    return 0


def _rank(chosen: argparse.Namespace) -> int:
    from kjfp_helpers.cli import rank_command

    return rank_command.run(chosen)


def _notice(session: Any) -> str:
    """Return where the public notice is, or that there is none yet."""
    path = session.outputs / "publication.docx"
    return os.path.relpath(path) if path.exists() else "未生成：名单还是草案，缺什么见“名单”一步"


def _what_to_open(session: Any, chosen: argparse.Namespace) -> str:
    lab = [sys.argv[0], "lab", *([chosen.round] if chosen.round else [])]
    lab += ["--outputs", chosen.outputs] if chosen.outputs else []
    folder = os.path.relpath(session.outputs)
    rows = (
        ("入围名单", f"{folder}/shortlist.xlsx"),
        ("公示件", _notice(session)),
        ("报告目录", f"{folder}/reports/index.html"),
        ("网上展览", f"{folder}/exhibition/index.html"),
        ("工作簿", f"运行 {shlex.join(lab)}（在浏览器中打开 JupyterLab）"),
    )
    mark = "（演练）" if session.round.rehearsal else ""
    return f"{mark}请打开：\n" + "\n".join(f"    {title}　{path}" for title, path in rows)


_OPTIONS = {
    "amend": ("resolution", "reason", "by"),
    "assign": ("following", "reason"),
    "check": ("as_of",),
    "resume": ("reason", "by"),
}
"""Options that a step takes besides its round."""
_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "rehearse": _rehearse,
    "run": _run,
    "packet": _packet,
    "member": _member,
    "letters": _letters,
    "lab": _lab,
    "regenerate": _regenerate,
    "verify": _verify,
    "backup": _backup,
    "extract": _extract,
    "rank": _rank,
}
