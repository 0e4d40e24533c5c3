"""Check of a notebook's parameters against those given, before anything runs."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.reports.notebook_parameters import (
    convert_value,
    read_declarations,
    refuse,
    require_known_names,
)
from kjfp_helpers.reports.report_types import REPORT_TYPES, ReportType


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
    known, where = declared_types(notebook), f"笔记本 {notebook.name}"
    require_known_names(where, list(given), list(known))
    for name in sorted(set(known) - set(given) - set(optional)):
        refuse(where, f"给出参数“{name}”", "没有给出", "补上该参数")
    return {name: convert_value(where, name, known[name], value) for name, value in given.items()}


def resolve_all_parameters(
    notebooks: Path, more: Mapping[str, Any]
) -> dict[ReportType, dict[str, Any]]:
    """Return for each kind of report the further parameters that its notebook has.

    Raises
    ------
    ParameterError
        When a notebook does not take its own parameters, when no notebook has a parameter, or
        when one is of another type or is named by the batch itself.
    """
    own = {kind: declared_types(notebooks / kind.notebook) for kind in REPORT_TYPES}
    for kind, known in own.items():
        resolve_parameters(notebooks / kind.notebook, kind.values(""), optional=list(known))
    names = list(dict.fromkeys(name for known in own.values() for name in known))
    for name in more:
        if name not in names:
            raise ParameterError(
                f"参数“{name}”",
                expected="报告笔记本有此参数",
                found="没有",
                advice=f"更正参数名，{suggest(name, names)}",
            )
        if name in {own_name for kind in REPORT_TYPES for own_name in kind.parameters}:
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
        return read_declarations("".join(tagged[0]["source"])) if tagged else {}
    except (OSError, ValueError, KeyError, SyntaxError):
        refuse(
            f"笔记本 {notebook.name}",
            "可以读取的笔记本",
            "没有找到或不完整",
            "核对 notebooks 文件夹",
        )
