"""The command reference, generated from the commands; run as a module to write it."""

import html
from collections.abc import Iterator
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.main import root

PAGE = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- commands -->", "<!-- end of commands -->"


def replace_reference(page: str) -> str:
    """Return the page with the reference written anew between its markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{render_reference()}\n{END}{after}"


def render_reference() -> str:
    """Return a table of all commands, then each with its arguments and options, as Markdown."""
    with click.Context(root, info_name="kjfp") as context:
        commands = list(_leaf_commands(root, context))
        rows = ["| 命令 | 作用 | 生成（在 `outputs/<轮次>/` 中） |", "| --- | --- | --- |"]
        for command, inner in commands:
            help_text = (command.help or "").replace("|", "\\|")
            rows.append(
                f"| [`{inner.command_path}`](#{_anchor(inner)}) | {help_text} | {command.writes} |"
            )
        sections = [_render_command(command, inner) for command, inner in commands]
    return "\n".join([*rows, "", *sections])


def _leaf_commands(
    group: click.Group, context: click.Context
) -> Iterator[tuple[Command, click.Context]]:
    """Yield the commands below a group, each with the context of its call."""
    for name, command in group.commands.items():
        inner = click.Context(command, parent=context, info_name=name)
        if isinstance(command, click.Group):
            yield from _leaf_commands(command, inner)
        elif isinstance(command, Command):
            yield command, inner


def _render_command(command: Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"### {context.command_path}", "", f"    {usage}", ""]
    for param in command.params:
        record = param.get_help_record(context)
        if record is not None:
            lines.append(f"- `{record[0]}`　{html.escape(param.help or '')}")
    return "\n".join([*lines, ""])


def _anchor(context: click.Context) -> str:
    """Return the anchor that a page gives to the heading of a command."""
    return context.command_path.replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(replace_reference(PAGE.read_text("utf-8")), "utf-8")
