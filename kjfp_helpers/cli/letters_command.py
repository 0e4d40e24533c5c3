"""The words of ``kjfp letters``, and the day of the papers."""

import argparse
from datetime import date

LETTERS = {
    "issue": "发出函件：编号、存档、记入台账（letters/issued/日期/），由人工寄送；没有变化的不重发",
    "restore": "补出缺失的已发函件：按台账重新推演，与发出时一字不差的才补回",
}


def read_day(text: str) -> date:
    """Read a day as it is typed.

    Raises
    ------
    ArgumentTypeError
        When it is no day.

    Examples
    --------
    >>> read_day("2020-08-16")
    datetime.date(2020, 8, 16)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"应为日期（如 2020-08-16），实为“{text}”。请更正。"
        ) from None


def add_day(command: argparse.ArgumentParser) -> None:
    """Add the day of the papers."""
    command.add_argument(
        "--as-of",
        dest="as_of",
        metavar="DATE",
        type=read_day,
        help="成文日期，如 2020-08-16；默认今天，演练为其固定的日期；记入台账",
    )


def add_letters(
    letters: argparse.ArgumentParser, *, parser_class: type[argparse.ArgumentParser]
) -> None:
    """Add what can be done with letters."""
    acts = letters.add_subparsers(
        dest="act",
        metavar="|".join(LETTERS),
        title="命令",
        parser_class=parser_class,
        prog="kjfp letters",
        required=True,
    )
    for name, words in LETTERS.items():
        act = acts.add_parser(name, help=words, description=words)
        act.add_argument("round", metavar="ROUND", help="轮次名或文件夹")
        act.add_argument("--outputs", metavar="DIR", help="输出文件夹，默认 outputs/<轮次>")
        if name == "issue":
            add_day(act)
            act.add_argument(
                "--only",
                metavar="UNIT",
                nargs="+",
                default=[],
                help="只发这些单位的；也可写单份，如 13-退回补正通知",
            )
