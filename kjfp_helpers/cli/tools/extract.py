"""``kjfp extract``: read files of any kind and print what they hold."""

import json
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, jobs_option


@click.command(
    "extract",
    cls=Command,
    help="读取任意文件或文件夹，逐份列出读到的内容和问题（不需要轮次）",
)
@click.argument(
    "paths", metavar="PATH...", type=PATH, nargs=-1, required=True, help="文件或文件夹，可以多个"
)
@click.option("--json", "as_json", is_flag=True, help="每份一行 JSON")
@jobs_option()
def extract(paths: tuple[Path, ...], as_json: bool, jobs: int) -> int:
    """Read files of any kind and print what they hold."""
    from kjfp_helpers.commands.extraction import extract as read_files

    for line in read_files(paths, jobs=jobs):
        print(line if as_json else _describe(line), flush=True)
    return 0


def _describe(line: str) -> str:
    """Return a record and its findings as text."""
    from kjfp_helpers.core.records import FILE_TITLES
    from kjfp_helpers.intake.field_editing import field_label

    record = json.loads(line)
    kind, findings = record["kind"], record["findings"]
    title = "来件" if kind == "mail" else FILE_TITLES[kind]
    rows = [f"{record['source']}：{title}，{len(findings)}个问题"]
    for finding in findings:
        rows.append(f"    {field_label(kind, finding['field']) or '整件'}　{finding['message']}")
    return "\n".join(rows)
