"""The words of ``kjfp member``: who leaves the panel, who takes the place, who comes back."""

import argparse
from typing import Any

MEMBERS = {
    "withdraw": "评委退出：记入台账，未评的件随即改派他人或替补，panel.csv 不用改",
    "restore": "撤销退出：评委恢复在任，替补随之退出",
}

SUBSTITUTE = {
    "member": ("ID", "替补的编号（不与现有评委重复）"),
    "name": ("NAME", "替补的姓名"),
    "employer": ("UNIT", "工作单位"),
    "region": ("PLACE", "所在地区，不在名册中的不写"),
    "field": ("FIELD", "专业"),
    "user": ("ACCOUNT", "登录的账号"),
    "ties": ("CODES", "有关联的单位代码，分号隔开"),
}
"""Column of the panel's table to what stands for it on the command line."""


def add_members(
    member: argparse.ArgumentParser, *, parser_class: type[argparse.ArgumentParser]
) -> None:
    """Add what can be recorded of a member of the panel."""
    acts = member.add_subparsers(
        dest="act",
        metavar="|".join(MEMBERS),
        title="命令",
        parser_class=parser_class,
        prog="kjfp member",
        required=True,
    )
    for name, words in MEMBERS.items():
        act = acts.add_parser(name, help=words, description=words)
        act.add_argument("round", metavar="ROUND", help="轮次名或文件夹")
        act.add_argument("member", metavar="MEMBER", help="评委编号")
        act.add_argument("--outputs", metavar="DIR", help="输出文件夹，默认 outputs/<轮次>")
        act.add_argument("--reason", metavar="TEXT", required=True, help="理由，必填")
        act.add_argument("--document", metavar="TEXT", default="", help="文件或批准")
        act.add_argument(
            "--by", metavar="NAME", action="append", default=[], help="经办人，写两次，各一名"
        )
        if name == "withdraw":
            _add_substitute(act)


def _add_substitute(act: argparse.ArgumentParser) -> None:
    act.add_argument(
        "--set-marks-aside",
        dest="set_aside",
        action="store_true",
        help="已给的评分一律不计（仍留在台账和本人评分表中）；不写则照计",
    )
    for name, (sign, words) in SUBSTITUTE.items():
        act.add_argument(f"--substitute-{name}", metavar=sign, default="", help=words)
    act.add_argument("--approval", metavar="TEXT", default="", help="批准替补的文件，有替补的必填")


def read_choice(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return what was said of the member, for the step of the same name."""
    given = {name: getattr(chosen, name) for name in ("member", "reason", "document", "by")}
    if chosen.act == "withdraw":
        substitute = {name: getattr(chosen, f"substitute_{name}") for name in SUBSTITUTE}
        given |= {
            "set_aside": chosen.set_aside,
            "substitute": substitute,
            "approval": chosen.approval,
        }
    return given
