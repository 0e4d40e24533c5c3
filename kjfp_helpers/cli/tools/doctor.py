"""``kjfp doctor``: check the machine, and say what each lack costs and how to cure it."""

import click

from kjfp_helpers.cli.command_classes import Command


@click.command(
    "doctor",
    cls=Command,
    help="体检：检查 Python、程序库、字体、LibreOffice、浏览器、数据库、写入权限、时区，"
    "写明缺少的影响和办法（不需要轮次）",
)
def doctor() -> int:
    """Check the machine; 1 where something lacks that the program cannot do without."""
    from kjfp_helpers.commands.environment import check_environment

    checks = []
    for check in check_environment():
        print(check, flush=True)
        checks.append(check)
    lacking = [check.title for check in checks if check.state == "required"]
    optional = [check.title for check in checks if check.state == "optional"]
    if lacking:
        print(f"✗ 先解决：{'、'.join(lacking)}")
    elif optional:
        print(f"✓ 可以使用；{'、'.join(optional)} 没有，有关功能受限")
    else:
        print("✓ 一切齐备")
    return int(bool(lacking))
