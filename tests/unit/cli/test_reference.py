import click

from kjfp_helpers.cli.main import root
from kjfp_helpers.cli.reference import PAGE, replace_reference


def options_below(command: click.Command, path: tuple[str, ...] = ("kjfp",)):
    """Yield every command that can be run, with the names of its options."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from options_below(below, (*path, name))
        return
    names = [
        name
        for param in command.params
        if not getattr(param, "hidden", False)
        for name in (param.opts if isinstance(param, click.Option) else [param.metavar])
    ]
    yield " ".join(path), names


def test_the_command_reference_is_the_one_that_the_commands_give():
    page = PAGE.read_text("utf-8")
    assert page == replace_reference(page), "run python -m kjfp_helpers.cli.reference"


def test_every_command_and_every_option_is_documented():
    sections = dict(
        section.split("\n", 1) for section in PAGE.read_text("utf-8").split("\n### ")[1:]
    )
    for command, names in options_below(root):
        assert all(f"`{name}" in sections[command] for name in names), command
