"""The arguments as typed, before click parses them: options with several values."""

from collections.abc import Collection, Sequence
from itertools import zip_longest


def repeat_option_names(args: Sequence[str], *, lists: Collection[str]) -> list[str]:
    """Repeat the name of an option before each of its values, as click wants it.

    Parameters
    ----------
    args : sequence of str
        The arguments as typed.
    lists : collection of str
        Names of the options that take every value up to the next option.

    Examples
    --------
    >>> repeat_option_names(["2020", "--only", "11", "12", "--force"], lists=["--only"])
    ['2020', '--only', '11', '--only', '12', '--force']
    """
    repeated: list[str] = []
    option = ""
    for arg in args:
        if arg.startswith("-"):
            option = arg if arg in lists else ""
        elif option and repeated[-1] != option:
            repeated.append(option)
        repeated.append(arg)
    return repeated


def find_option_without_value(
    args: Sequence[str], *, valued: Collection[str], known: Collection[str]
) -> str:
    """Return the first option that is followed by another option or by nothing; blank for none.

    Parameters
    ----------
    args : sequence of str
        The arguments as typed.
    valued, known : collection of str
        Names of the options that take a value, and of all.

    Examples
    --------
    >>> find_option_without_value(["--outputs", "--force"], valued=["--outputs"],
    ...                           known=["--outputs", "--force"])
    '--outputs'
    """
    typed = list(args[: args.index("--")] if "--" in args else args)
    for name, following in zip_longest(typed, typed[1:]):
        if name in valued and (following is None or following in known):
            return name
    return ""
