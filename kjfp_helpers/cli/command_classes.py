"""Commands and groups of click with Chinese help, and options that take several values."""

from collections.abc import Sequence
from typing import Any

import click

from kjfp_helpers.cli.argument_list import find_option_without_value, repeat_option_names
from kjfp_helpers.cli.usage_errors import describe_missing_value, describe_unknown_argument


class ListOption(click.Option):
    """An option that takes one or more values: ``--only 11 12``."""

    def __init__(self, names: Sequence[str], **settings: Any) -> None:
        super().__init__(names, multiple=True, **settings)

    def make_metavar(self, ctx: click.Context) -> str:
        """Return what stands for the values in the help."""
        return f"{super().make_metavar(ctx)}..."


class LocalizedCommand(click.Command):
    """Writes usage and help in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        formatter.write_text(self.help or "")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a row for each argument."""
        self._format_parameters(ctx, formatter, "参数", click.Argument)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a row for each option."""
        self._format_parameters(ctx, formatter, "选项", click.Option)

    def _format_parameters(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
        title: str,
        kind: type[click.Argument] | type[click.Option],
    ) -> None:
        parameters = [param for param in self.get_params(ctx) if isinstance(param, kind)]
        records = [(param, param.get_help_record(ctx)) for param in parameters]
        rows = [(record[0], param.help or "") for param, record in records if record]
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option, described in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明"
        return option


class Command(LocalizedCommand):
    """One command of ``kjfp``.

    Parameters
    ----------
    writes : str
        What it leaves in the output folder of the round, for the command reference.
    """

    def __init__(self, name: str, *, writes: str = "", **settings: Any) -> None:
        super().__init__(name, options_metavar="[选项]", **settings)
        self.writes = writes

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments.

        Raises
        ------
        click.UsageError
            When an option lacks its value, or an argument is left over.
        """
        ctx.allow_extra_args = True  # reported below, in Chinese
        try:
            rest = super().parse_args(ctx, self._arrange(ctx, args))
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # some of click's own come without
            raise
        if rest:
            raise click.UsageError(describe_unknown_argument(rest[0], ctx), ctx)
        return rest

    def _arrange(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the arguments as click takes them: an option's name before each of its values."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        known = {name for option in options for name in option.opts}
        valued = {name for option in options if not option.is_flag for name in option.opts}
        if name := find_option_without_value(args, valued=valued, known=known):
            raise click.UsageError(describe_missing_value(name), ctx)
        lists = [option for option in options if isinstance(option, ListOption)]
        return repeat_option_names(args, lists={name for option in lists for name in option.opts})


class Group(LocalizedCommand, click.Group):
    """Commands under one name; all but the topmost need one of them."""

    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the name in the usage line."""
        return ["COMMAND ..." if ctx.parent is None else f"{self._choices()} ..."]

    def _choices(self) -> str:
        return "|".join(self.commands)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands before the command.

        Raises
        ------
        click.UsageError
            When no command follows.
        """
        if not args and not self.invoke_without_command:
            raise click.UsageError(f"缺少 {self._choices()}。请补上。", ctx)
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a row for each option, then one for each command."""
        super().format_options(ctx, formatter)
        rows = [(name, command.help or "") for name, command in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(rows)
