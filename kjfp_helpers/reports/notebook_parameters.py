"""Parameters of notebooks: the types they declare, and refusal of what they do not have.

papermill only warns of a parameter that the notebook does not have, and takes any value for any. So
a notebook asks here in its first cell, whoever runs it: papermill leaves the parameters that it was
given as a cell of their own, which the running shell remembers.
"""

import ast
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.suggestions import suggest

TYPES: Mapping[type, str] = {bool: "True 或 False", int: "整数", float: "数", str: "文字"}
"""What can be declared, in words."""
BATCH_COMMENT = "# Parameters"
"""First line of the cell that papermill adds."""
PREPARED_COMMENT = "# 本轮参数，自动填入"
"""First line of that cell in the notebooks that are prepared for people."""
_WORDS = {"True": True, "true": True, "是": True, "False": False, "false": False, "否": False}
_READERS: Mapping[type, tuple[str, Callable[[str], Any]]] = {
    bool: ("|".join(_WORDS), _WORDS.__getitem__),
    int: (r"[+-]?\d{1,18}", int),
    float: (r"[+-]?\d{1,18}(\.\d{1,18})?", float),
    str: (r"(?s).*", str),
}


def read_declarations(source: str) -> dict[str, type | None]:
    """Return the names assigned in a cell with their types: annotation, else value, else any.

    Raises
    ------
    SyntaxError
        When the cell is no Python.

    Examples
    --------
    >>> read_declarations("unit = '11'  # 单位")
    {'unit': <class 'str'>}
    """
    types: dict[str, type | None] = {}
    for line in ast.parse(source).body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            types[line.target.id] = _type_name(ast.unparse(line.annotation))
        elif isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            value = getattr(line.value, "value", None)
            types[line.targets[0].id] = type(value) if type(value) in TYPES else None
    return types


def _type_name(annotation: str) -> type | None:
    return next((kind for kind in TYPES if kind.__name__ == annotation), None)


def convert_value(where: str, name: str, kind: type | None, value: Any) -> Any:
    """Return a value as a parameter of a type takes it; text is read, any other value must fit.

    Raises
    ------
    ParameterError

    Examples
    --------
    >>> convert_value("笔记本", "count", int, "12")
    12
    """
    if kind is None or (kind is float and type(value) is int) or type(value) is kind:
        return value
    pattern, read = _READERS[kind]
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        refuse(where, f"参数“{name}”为{TYPES[kind]}", f"“{value}”", "更正该参数的值")
    return read(value)


def require_known_names(where: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Refuse parameter names that a notebook does not have, with the nearest one.

    Raises
    ------
    ParameterError
    """
    for name in sorted(set(given) - set(known)):
        refuse(
            where,
            f"参数名为{'、'.join(known) or '（无参数）'}",
            f"“{name}”",
            f"更正参数名，{suggest(name, list(known))}" if known else "去掉该参数",
        )


def refuse(where: str, expected: str, found: str, advice: str) -> NoReturn:
    """Stop because of a parameter.

    Raises
    ------
    ParameterError
    """
    raise ParameterError(where, expected=expected, found=found, advice=advice)


def require_declared_parameters() -> None:
    """Refuse what the running notebook was given and does not declare, or of another type.

    Without a notebook, or in one that was given nothing, all is well. papermill's command line
    reads ``41`` as a number: a number is let through where text is declared.

    Raises
    ------
    ParameterError
    """
    cells = _executed_cells()
    place = _given_at(cells)
    if place is None:
        return
    given = _assignments(cells[place])
    declared: dict[str, type] = {}
    for cell in cells[:place]:
        declared |= {name: type(value) for name, value in _assignments(cell).items()}
    require_known_names("本笔记本", list(given), list(declared))
    for name, value in given.items():
        kind = declared[name]
        if kind in TYPES and not (kind is str and type(value) is int):
            if isinstance(value, str) and kind is not str:
                refuse("本笔记本", f"参数“{name}”为{TYPES[kind]}", f"“{value}”", "更正该参数的值")
            convert_value("本笔记本", name, kind, value)


def is_batch_run() -> bool:
    """Return whether papermill runs this notebook, so that nobody would see a message."""
    cells = _executed_cells()
    place = _given_at(cells)
    return place is not None and cells[place].lstrip().startswith(BATCH_COMMENT)


def _given_at(cells: Sequence[str]) -> int | None:
    """Return the place of the last cell with parameters that the notebook was given."""
    marks = (BATCH_COMMENT, PREPARED_COMMENT)
    found = [place for place, cell in enumerate(cells) if cell.lstrip().startswith(marks)]
    return found[-1] if found else None


def _executed_cells() -> list[str]:
    """Return the cells that ran in this process, in order; none outside of a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    cells = getattr(shell, "user_ns", {}).get("In", ())
    return [cell for cell in cells if isinstance(cell, str)] if isinstance(cells, list) else []


def _assignments(cell: str) -> dict[str, Any]:
    """Return the plain values assigned in a cell; a value that is no literal is left as None."""
    try:
        body = ast.parse(cell).body
    except SyntaxError:
        return {}
    values: dict[str, Any] = {}
    for line in body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        if isinstance(target, ast.Name) and isinstance(line, ast.Assign | ast.AnnAssign):
            try:
                values[target.id] = ast.literal_eval(line.value) if line.value else None
            except ValueError:
                values[target.id] = None
    return values
