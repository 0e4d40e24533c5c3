"""Options that every decision needs: reason, document, two persons."""

from collections.abc import Mapping, Sequence

from kjfp_helpers.core.errors import ParameterError


def require_particulars(
    where: str, expected: str, texts: Mapping[str, str], by: Sequence[str]
) -> tuple[str, ...]:
    """Return the names of the two persons.

    Parameters
    ----------
    where, expected : str
        The decision and what it requires, in Chinese.
    texts : mapping
        Option to its value, which may not be blank.
    by : sequence of str
        The names, which must be two different ones.

    Raises
    ------
    ParameterError
        Naming every option that is missing.

    Examples
    --------
    >>> require_particulars("规则修订", "写明理由", {"--reason": "更正"}, ["甲 ", "乙"])
    ('甲', '乙')
    """
    names = tuple(name.strip() for name in by)
    missing = [option for option, text in texts.items() if not text.strip()]
    if len(names) != 2 or len({*names} - {""}) != 2:
        missing.append("--by（两名不同的经办人，各写一次）")
    if missing:
        raise ParameterError(
            where,
            expected=expected,
            found=f"缺少 {'、'.join(missing)}",
            advice="补齐后重新运行",
        )
    return names
