"""The words of the command line, in Chinese, with the nearest valid one when one is wrong."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from kjfp_helpers.cli.letters_command import add_day, add_letters
from kjfp_helpers.cli.member_command import add_members

DEFAULT_ROUND = "rehearsal"

COMMANDS = {
    "run": "从收件到核验，依次做完全部步骤（默认演练轮次，没有则先生成）",
    "rehearse": "生成演练轮次：虚构单位、来件和答案",
    "forms": "表格：印出空白推荐表，逐单位备好填有名称和目标的盘点表",
    "intake": "收件：登记来件，读出材料",
    "check": "检查：盘点、抽查抽签、总结、资格，出问题清单和退回补正通知",
    "assign": "分派：冻结规则，给每件分派评委，备好评分笔记本",
    "amend": "规则修订：评分后按决议修改规则文件的，列出与冻结时的差别并记入台账",
    "shortlist": "名单：排名次，定入围与候补，出公示",
    "regenerate": "报告：单位报告、个案卷宗、评委评分表和总报告，只重做有变化的",
    "exhibit": "展览：检查素材，生成网上展览",
    "verify": "核验：由原件、规则和台账重新推演，并核对已生成的文件；可只核对手中的文件",
    "resume": "沿用较早台账：台账由较早的备份恢复、而文件出自较晚的台账时，由两人记入台账",
    "backup": "备份：把台账完整复制成一个新文件，随时可做，不覆盖已有文件",
    "letters": "函件：发出（编号、存档、记入台账），补出缺失的已发函件",
    "packet": "评委的卷：备好评分笔记本，导出、导入不用 Jupyter 的评分表",
    "member": "评委变动：退出（未评的件随即改派，可有替补），撤销退出",
    "lab": "打开中文 JupyterLab 工作簿",
    "extract": "读取任意文件或文件夹，逐份列出读到的内容和问题（不需要轮次）",
    "rank": "由评分表（CSV）排名次，连同区间、入围可能和评委宽严（不需要轮次）",
}


METHODS = ("mean", "trimmed", "standard", "adjusted")

PACKETS = {
    "issue": "备好每位评委的评分笔记本（packets/评委编号.ipynb），随时可重做",
    "export": "导出评分表（packets/评委编号.xlsx），供不用 Jupyter 的评委填写",
    "import": "导入填好的评分表：只收导出后改动的，与台账冲突的列出不收",
}


class _Help(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=100)

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):  # the commands, without a row above
            return "".join(map(self._format_action, action._get_subactions()))
        return super()._format_action(action)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def _number(least: int) -> Callable[[str], int]:
    """Return a reader of whole numbers that are not less than ``least``."""

    def read(text: str) -> int:
        if re.fullmatch(r"-?[0-9]{1,9}", text) and int(text) >= least:
            return int(text)
        raise argparse.ArgumentTypeError(f"应为不小于{least}的整数，实为“{text}”。请更正。")

    return read


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if name and sign:
        return name, value
    raise argparse.ArgumentTypeError(f"应为 NAME=VALUE，实为“{text}”。请写明参数名和值。")


def _method(text: str) -> str:
    if text in METHODS:
        return text
    raise argparse.ArgumentTypeError(f"应为 {'、'.join(METHODS)} 之一，实为“{text}”。请更正。")


def _score(text: str) -> float:
    if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", text):
        return float(text)
    raise argparse.ArgumentTypeError(f"应为分数，实为“{text}”。请更正。")


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese and names the nearest valid word."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Help, **settings)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        print(f"{self.format_usage()}✗ {self._explain(message)}", file=sys.stderr)
        sys.exit(2)

    def _explain(self, message: str) -> str:
        known = sorted(_options(self))
        if found := re.search(r"unrecognized arguments: (.*)", message):
            word = found[1].split()[0]
            return f"没有“{word}”这个选项或参数。{_nearest(word, known)}"
        if found := re.search(r"invalid choice: '(.*?)'", message):
            return f"没有“{found[1]}”这个命令。{_nearest(found[1], _commands(self))}"
        if found := re.search(r"argument (\S+?): (应为.*)", message):
            return f"{found[1]} {found[2]}"
        if found := re.search(r"arguments are required: (.*)", message):
            return f"缺少 {found[1]}。请补上。"
        if found := re.search(r"argument (\S+?): expected", message):
            return f"{found[1]} 后面缺少值。请补上。"
        return f"命令有误（{message}）。请用 -h 查看说明。"


def _nearest(word: str, known: Sequence[str] | dict[str, str]) -> str:
    match = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"是否要写“{match[0]}”？" if match else f"可用：{'、'.join(known)}。"


def _commands(parser: argparse.ArgumentParser) -> list[str]:
    """Return the commands directly below a parser."""
    found = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return [name for action in found for name in action.choices]


def _options(parser: argparse.ArgumentParser) -> set[str]:
    """Return every option of a parser and of the commands below it."""
    options: set[str] = set()
    for action in parser._actions:
        options.update(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            options.update(*map(_options, action.choices.values()))
    return options


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of ``kjfp`` with all its commands."""
    parser = _Parser(prog="kjfp", description="全国科技助力精准扶贫收官评审工作簿")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="命令", parser_class=_Parser, prog="kjfp"
    )
    for name, words in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        if name in _ADD:
            _ADD[name](command)
            continue
        _add_round(command)
        if name in _ADD_BESIDE_ROUND:
            _ADD_BESIDE_ROUND[name](command)
    return parser


def _add_round(command: argparse.ArgumentParser, name: str = "round") -> None:
    command.add_argument(
        name, metavar="ROUND", nargs="?", help=f"轮次名或文件夹，默认 {DEFAULT_ROUND}"
    )
    command.add_argument("--outputs", metavar="DIR", help="输出文件夹，默认 outputs/<轮次>")


def _add_extraction(command: argparse.ArgumentParser) -> None:
    """Add what files of any kind are read with."""
    command.add_argument(
        "paths", metavar="PATH", type=Path, nargs="+", help="文件或文件夹，可以多个"
    )
    command.add_argument("--json", action="store_true", help="每份一行 JSON")
    command.add_argument("--jobs", metavar="N", type=int, default=2, help="同时读几个，默认2")


def _add_rehearsal(command: argparse.ArgumentParser) -> None:
    """Add what a rehearsal round is made with."""
    command.add_argument("folder", metavar="DIR", type=Path, help="轮次文件夹（新建）")
    command.add_argument(
        "--units", type=_number(1), default=72, help="单位数，默认72（32个省级办公室加学会）"
    )
    command.add_argument("--seed", type=_number(0), default=2020, help="随机种子，默认2020")
    command.add_argument("--full", action="store_true", help="按真实规模（约240个单位）")


def _add_assignment(command: argparse.ArgumentParser) -> None:
    """Add what a further round of readings is planned with."""
    command.add_argument(
        "--next",
        dest="following",
        action="store_true",
        help="本轮评完后分派下一轮（规则定有下一轮的）",
    )
    command.add_argument(
        "--reason",
        metavar="TEXT",
        default="",
        help="本轮未评完而须分派下一轮的理由，记入台账",
    )


def _add_resumption(command: argparse.ArgumentParser) -> None:
    """Add what going on from an older ledger is recorded with."""
    command.add_argument("--reason", metavar="TEXT", default="", help="理由")
    _add_persons(command)


def _add_amendment(command: argparse.ArgumentParser) -> None:
    """Add what a resolution that changes the frozen rules is recorded with."""
    command.add_argument("--resolution", metavar="NO", default="", help="会议决议文号")
    command.add_argument("--reason", metavar="TEXT", default="", help="理由")
    _add_persons(command)


def _add_verification(command: argparse.ArgumentParser) -> None:
    """Add the papers and printed heads that are held against the ledger."""
    command.add_argument(
        "files", metavar="FILE", type=Path, nargs="*", help="只核对这些文件，默认核对输出文件夹"
    )
    command.add_argument(
        "--head",
        dest="heads",
        metavar="N:HASH",
        action="append",
        default=[],
        help="文件上印的台账编号和校验值，如 1108:43da3bd2",
    )


def _add_persons(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--by", metavar="NAME", action="append", default=[], help="经办人姓名，两名各写一次"
    )


def _add_rank(command: argparse.ArgumentParser) -> None:
    """Add what a ranking of any table of marks needs."""
    command.add_argument(
        "file",
        metavar="MARKS.csv",
        type=Path,
        help="列为 item,reviewer,score（可加 criterion），每行一份评分；空白为未评",
    )
    command.add_argument("--places", metavar="K", type=_number(1), required=True, help="名额，必填")
    command.add_argument(
        "--method",
        type=_method,
        default="adjusted",
        metavar="|".join(METHODS),
        help="决定名次的方法，默认 adjusted（宽严校正分）",
    )
    command.add_argument(
        "--quorum", metavar="N", type=_number(1), default=1, help="至少几份评分才排名次，默认1"
    )
    command.add_argument("--least", metavar="S", type=_score, help="最低可评几分，默认不限")
    command.add_argument("--most", metavar="S", type=_score, help="最高可评几分，默认不限")
    command.add_argument("--json", action="store_true", help="给出一行 JSON")


def _add_batch(command: argparse.ArgumentParser) -> None:
    """Add what can be chosen for the reports."""
    command.add_argument(
        "--only",
        metavar="UNIT",
        nargs="+",
        default=(),
        help="只做这些单位及其个案；也可写个案编号、评委编号或 overall",
    )
    command.add_argument(
        "--jobs", metavar="N", type=_number(1), default=2, help="同时做几份，默认2"
    )
    command.add_argument("--force", action="store_true", help="没有变化的也重做")
    command.add_argument("--retry", action="store_true", help="只重做上次失败的")
    command.add_argument(
        "--dask", metavar="ADDRESS", default="", help="交给此地址的 Dask 集群去做，不用 --jobs"
    )
    command.add_argument(
        "-p",
        dest="parameters",
        metavar="NAME=VALUE",
        type=_pair,
        action="append",
        default=[],
        help="笔记本参数，如 with_story=False（卷宗不附事迹全文）",
    )


def _add_packets(packet: argparse.ArgumentParser) -> None:
    """Add what can be done with packets."""
    acts = packet.add_subparsers(
        dest="act",
        metavar="|".join(PACKETS),
        title="命令",
        parser_class=_Parser,
        prog="kjfp packet",
        required=True,
    )
    for name, words in PACKETS.items():
        act = acts.add_parser(name, help=words, description=words)
        if name == "import":
            act.add_argument("files", metavar="FILE", type=Path, nargs="+", help="填好的评分表")
            act.add_argument(
                "--take",
                metavar="FILE",
                type=Path,
                nargs="+",
                default=[],
                help="与台账冲突时以这些表为准",
            )
            _add_round(act, "--round")
            continue
        _add_round(act)
        act.add_argument(
            "--member", dest="members", metavar="M", nargs="+", default=[], help="只做这些评委"
        )


def _add_backup(command: argparse.ArgumentParser) -> None:
    command.add_argument("round", metavar="ROUND", help="轮次名或文件夹")
    command.add_argument("file", metavar="FILE", type=Path, help="备份存成的文件（新建）")
    command.set_defaults(outputs=None)


_ADD: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "backup": _add_backup,
    "extract": _add_extraction,
    "letters": partial(add_letters, parser_class=_Parser),
    "member": partial(add_members, parser_class=_Parser),
    "packet": _add_packets,
    "rank": _add_rank,
    "rehearse": _add_rehearsal,
}
"""Commands that take other arguments than a round."""
_ADD_BESIDE_ROUND: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "amend": _add_amendment,
    "assign": _add_assignment,
    "check": add_day,
    "regenerate": _add_batch,
    "resume": _add_resumption,
    "run": add_day,
    "verify": _add_verification,
}
"""What commands on a round take besides."""
