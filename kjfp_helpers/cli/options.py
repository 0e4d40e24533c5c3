"""Argument and option types that several commands share: round, day, number, persons."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kjfp_helpers.cli.command_classes import ListOption
from kjfp_helpers.cli.usage_errors import suggestion_sentence

DEFAULT_ROUND = "rehearsal"

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
PATH = click.Path(path_type=Path)


@dataclass(frozen=True)
class RoundChoice:
    """Round and output folder as named on the command line; blank where they were not."""

    round: str = ""
    outputs: str = ""

    @contextmanager
    def open(self, *, create: bool = False, readonly: bool = False) -> Iterator[Any]:
        """Open the round until the command ends.

        Parameters
        ----------
        create : bool
            Whether to make a ledger where there is none.
        readonly : bool
            Whether to leave the ledger unchanged.

        Yields
        ------
        RoundSession
            The open round.
        """
        from kjfp_helpers.state import RoundSession

        outputs = os.path.abspath(self.outputs) if self.outputs else None
        session = RoundSession.open(
            self.round or DEFAULT_ROUND, outputs, create=create, readonly=readonly
        )
        try:
            yield session
        finally:
            session.close()


class WholeNumber(click.ParamType[int]):
    """A whole number that is not less than ``minimum``."""

    name = "N"

    def __init__(self, minimum: int) -> None:
        self._minimum = minimum

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        text = str(value)
        if re.fullmatch(r"-?[0-9]{1,9}", text) and int(text) >= self._minimum:
            return int(text)
        self.fail(f"应为不小于{self._minimum}的整数，实为“{text}”。请更正。", param, ctx)


class Score(click.ParamType[float]):
    """A number with at most six decimals."""

    name = "S"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number."""
        if isinstance(value, float):
            return value
        if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", value):
            return float(value)
        self.fail(f"应为分数，实为“{value}”。请更正。", param, ctx)


class Day(click.ParamType[date]):
    """A day as ``2020-08-16``."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"应为日期（如 2020-08-16），实为“{value}”。请更正。", param, ctx)


class NameValue(click.ParamType[tuple[str, str]]):
    """A name and a text, as ``NAME=VALUE``."""

    name = "NAME=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return name and text."""
        if isinstance(value, tuple):
            return value
        name, equals, text = value.partition("=")
        if name and equals:
            return name, text
        self.fail(f"应为 NAME=VALUE，实为“{value}”。请写明参数名和值。", param, ctx)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "WORD"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        if value in self.words:
            return str(value)
        listed = "、".join(self.words)
        self.fail(
            f"应为 {listed} 之一，实为“{value}”。{suggestion_sentence(value, self.words)}",
            param,
            ctx,
        )

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the words for the help."""
        return "|".join(self.words)


def round_argument(*, required: bool = False, name: str = "round") -> Decorator:
    """Return the decorator of a command on a round: it is called with a :class:`RoundChoice`.

    Parameters
    ----------
    required : bool
        Whether the round must be named.
    name : str
        ``round`` for an argument, ``--round`` for an option.
    """
    text = "轮次名或文件夹" if required else f"轮次名或文件夹，默认 {DEFAULT_ROUND}"

    def decorate(run: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(run)
        def run_on_round(round: str | None, outputs: str | None, **values: Any) -> Any:
            return run(RoundChoice(round or "", outputs or ""), **values)

        run_on_round = click.option(
            "--outputs", metavar="DIR", help="输出文件夹，默认 outputs/<轮次>"
        )(run_on_round)
        if name.startswith("-"):
            return click.option(name, metavar="ROUND", help=text)(run_on_round)
        metavar = "ROUND" if required else "[ROUND]"
        return click.argument(name, metavar=metavar, required=required, help=text)(run_on_round)

    return decorate


def as_of_option() -> Decorator:
    """Return the decorator for the day on the documents."""
    return click.option(
        "--as-of",
        type=Day(),
        help="成文日期，如 2020-08-16；默认今天，演练为其固定的日期；记入台账",
    )


def jobs_option() -> Decorator:
    """Return the decorator for the number of processes."""
    return click.option("--jobs", type=WholeNumber(1), default=2, help="并行数，默认2")


def list_option(*names: str, metavar: str, text: str, **settings: Any) -> Decorator:
    """Return the decorator for an option with one or more values."""
    return click.option(*names, cls=ListOption, metavar=metavar, help=text, **settings)


def reason_option(text: str = "理由", *, required: bool = False) -> Decorator:
    """Return the decorator for the reason of what is recorded."""
    default = None if required else ""
    return click.option("--reason", metavar="TEXT", default=default, required=required, help=text)


def persons_option() -> Decorator:
    """Return the decorator for the two persons who record a decision."""
    return click.option("--by", metavar="NAME", multiple=True, help="经办人姓名，两名各写一次")
