"""The file that holds one report's data, as its notebook and the batch read it."""

import json
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import OutputError

ReportData = dict[str, Any]
"""What one report shows: plain values, as the JSON file holds them."""


def load_report_data(path: str | Path) -> ReportData:
    """Read the data of one report.

    Raises
    ------
    OutputError
        When there is no such file, or it is not complete.
    """
    try:
        content: ReportData = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(
            f"报告数据 {Path(path).name}",
            expected="本轮的数据文件",
            found="没有找到或不完整",
            advice="先运行 kjfp regenerate",
        ) from error
    return content
