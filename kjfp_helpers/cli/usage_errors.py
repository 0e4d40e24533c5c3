"""Chinese messages for a command line that cannot be parsed; each names the nearest valid word."""

from collections.abc import Sequence

import click

from kjfp_helpers.core.suggestions import nearest_word


def describe_usage_error(error: click.UsageError) -> str:
    """Return in Chinese what is wrong and what to write instead."""
    context = error.ctx
    match error:
        case click.NoSuchOption() if context:
            return describe_unknown_argument(error.option_name, context)
        case click.NoSuchCommand() if context and isinstance(context.command, click.Group):
            hint = suggestion_sentence(error.command_name, list(context.command.commands))
            return f"没有“{error.command_name}”这个命令。{hint}"
        case click.MissingParameter() if context:
            return f"缺少 {'、'.join(_missing(context))}。请补上。"
        case click.BadParameter() if error.param:
            return f"{_parameter_name(error.param)} {error.message}"
        case click.BadOptionUsage():
            return f"{error.option_name} 后面不带值。请去掉“=”和其后的内容。"
    return error.message


def describe_unknown_argument(text: str, context: click.Context) -> str:
    """Return the message about an argument or an option that the command does not have."""
    return f"没有“{text}”这个选项或参数。{suggestion_sentence(text, visible_options(context))}"


def describe_missing_value(option: str) -> str:
    """Return the message about an option without its value."""
    return f"{option} 后面缺少值。请补上。"


def suggestion_sentence(text: str, known: Sequence[str]) -> str:
    """Return a Chinese question with the nearest valid word, else a sentence with all of them.

    Examples
    --------
    >>> suggestion_sentence("chekc", ["run", "check"])
    '是否要写“check”？'
    """
    nearest = nearest_word(text, known)
    return f"是否要写“{nearest}”？" if nearest else f"可用：{'、'.join(known)}。"


def visible_options(context: click.Context) -> list[str]:
    """Return the options of a command that its help shows, in order."""
    parameters = context.command.get_params(context)
    return [
        name
        for param in parameters
        if isinstance(param, click.Option) and not param.hidden
        for name in param.opts
    ]


def _missing(context: click.Context) -> list[str]:
    """Return every required parameter that was not given: those given are parsed before it."""
    return [
        _parameter_name(param)
        for param in context.command.get_params(context)
        if param.required and context.params.get(param.name or "") is None
    ]


def _parameter_name(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.human_readable_name.strip("[].")
