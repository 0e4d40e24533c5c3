"""Check of a notebook's parameters against those given, before anything runs.

papermill only warns of a parameter that the notebook does not have, and takes any value for any.
"""

import ast
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.reports.report_types import REPORT_TYPES, ReportType

TYPES: Mapping[type, str] = {bool: "True 或 False", int: "整数", float: "数", str: "文字"}
"""What can be declared, in words."""
_WORDS = {"True": True, "true": True, "是": True, "False": False, "false": False, "否": False}
_READERS: Mapping[type, tuple[str, Callable[[str], Any]]] = {
    bool: ("|".join(_WORDS), _WORDS.__getitem__),
    int: (r"[+-]?\d{1,18}", int),
    float: (r"[+-]?\d{1,18}(\.\d{1,18})?", float),
    str: (r"(?s).*", str),
}


def resolve_parameters(
    notebook: Path, given: Mapping[str, Any], *, optional: Sequence[str] = ()
) -> dict[str, Any]:
    """Return parameters of the notebook's own types; text is read, any other value must fit.

    Those named in ``optional`` may be left at the notebook's own value.

    Raises
    ------
    ParameterError
        When one is unknown (with the nearest name), missing or of another type.
    """
    known = declared_types(notebook)
    for name in sorted(set(given) - set(known)):
        _parameter_error(
            notebook,
            f"参数名为{'、'.join(known) or '（无参数）'}",
            f"“{name}”",
            f"更正参数名，{suggest(name, list(known))}" if known else "去掉该参数",
        )
    for name in sorted(set(known) - set(given) - set(optional)):
        _parameter_error(notebook, f"给出参数“{name}”", "没有给出", "补上该参数")
    return {
        name: _convert_value(notebook, name, known[name], value) for name, value in given.items()
    }


def resolve_all_parameters(
    notebooks: Path, more: Mapping[str, Any]
) -> dict[ReportType, dict[str, Any]]:
    """Return for each kind of report the further parameters that its notebook has.

    Raises
    ------
    ParameterError
        When a notebook does not take its data file, when no notebook has a parameter, or when
        one is of another type or is the data file, which the batch itself names.
    """
    own = {kind: declared_types(notebooks / kind.notebook) for kind in REPORT_TYPES}
    for kind, known in own.items():
        resolve_parameters(notebooks / kind.notebook, {kind.parameter: ""}, optional=list(known))
    names = list(dict.fromkeys(name for known in own.values() for name in known))
    for name in more:
        if name not in names:
            raise ParameterError(
                f"参数“{name}”",
                expected="报告笔记本有此参数",
                found="没有",
                advice=f"更正参数名，{suggest(name, names)}",
            )
        if name in {kind.parameter for kind in REPORT_TYPES}:
            raise ParameterError(
                f"参数“{name}”",
                expected="由批量命令逐份给出",
                found="另外给出",
                advice="去掉该参数，用 --only 选定报告",
            )
    return {
        kind: resolve_parameters(
            notebooks / kind.notebook,
            {name: value for name, value in more.items() if name in known},
            optional=list(known),
        )
        for kind, known in own.items()
    }


@cache
def declared_types(notebook: Path) -> Mapping[str, type | None]:
    """Return each parameter's type: its annotation's, else its default's, else any (``None``).

    Raises
    ------
    ParameterError
        When there is no such notebook or its parameters cell cannot be read.
    """
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", ())]
        body = ast.parse("".join(tagged[0]["source"])).body if tagged else []
    except (OSError, ValueError, KeyError, SyntaxError):
        _parameter_error(notebook, "可以读取的笔记本", "没有找到或不完整", "核对 notebooks 文件夹")
    types: dict[str, type | None] = {}
    for line in body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            types[line.target.id] = _type_name(ast.unparse(line.annotation))
        elif isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            value = getattr(line.value, "value", None)
            types[line.targets[0].id] = type(value) if type(value) in TYPES else None
    return types


def _type_name(annotation: str) -> type | None:
    return next((kind for kind in TYPES if kind.__name__ == annotation), None)


def _convert_value(notebook: Path, name: str, kind: type | None, value: Any) -> Any:
    """Return a value as the parameter takes it."""
    if kind is None or (kind is float and type(value) is int) or type(value) is kind:
        return value
    pattern, read = _READERS[kind]
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        _parameter_error(notebook, f"参数“{name}”为{TYPES[kind]}", f"“{value}”", "更正该参数的值")
    return read(value)


def _parameter_error(notebook: Path, expected: str, actual: str, advice: str) -> NoReturn:
    raise ParameterError(f"笔记本 {notebook.name}", expected=expected, found=actual, advice=advice)
