"""The library of a round for notebooks of the office: frames, figures, a card."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.library.column_reference import describe_columns
from kjfp_helpers.library.readable_frame import MAX_ROWS, chinese
from kjfp_helpers.library.round_card import render_card
from kjfp_helpers.library.round_frames import RoundFrames
from kjfp_helpers.reports.html_blocks import render_note
from kjfp_helpers.reports.notebook_parameters import require_declared_parameters
from kjfp_helpers.rules import load_round, round_folder

if TYPE_CHECKING:
    from kjfp_helpers.library.readable_frame import ChineseTable
    from kjfp_helpers.library.round_charts import RoundCharts
    from kjfp_helpers.reports.html_blocks import HtmlBlock


def open_round(name: str | int | Path, outputs: str | Path | None = None) -> "RoundLibrary":
    """Open a round for reading.

    Parameters
    ----------
    name
        Name of the round below ``data/``, or its folder.
    outputs
        Its output folder, when it is not ``outputs/<name>``.

    Raises
    ------
    RuleErrors
        When there is no such round, or a rule file is invalid.
    LedgerError
        When mail was received and the ledger is missing, broken or another round's.
    """
    require_declared_parameters()
    return RoundLibrary(load_round(round_folder(str(name))), outputs)


class RoundLibrary(RoundFrames):
    """Frames and figures of one round. Use :func:`open_round`.

    A frame is an attribute (``findings``) or, of one kind of nominee, a method
    (``ranking("team")``). ``describe(name)`` tells its columns, ``view(name)`` shows it in Chinese,
    ``figures`` draws. Nothing is written: no ledger, no paper, no cache.
    """

    @cached_property
    def figures(self) -> "RoundCharts":
        """Figures of the round; what cannot be drawn yet says so in a sentence."""
        from kjfp_helpers.library.round_charts import RoundCharts

        return RoundCharts(self)

    def view(self, name: str, *asked: Any, rows: int = MAX_ROWS) -> "ChineseTable | HtmlBlock":
        """Show a frame in Chinese, or say in a sentence why it cannot be shown.

        Parameters
        ----------
        name, asked
            As for :meth:`frame`.
        rows : int
            Rows shown.
        """
        try:
            return chinese(self.frame(name, *asked), rows=rows)
        except KjfpError as error:
            return render_note(str(error), tone="warn")

    def describe(self, name: str) -> pd.DataFrame:
        """Return the columns of a frame: name, Chinese heading, meaning, unit, type, range."""
        return describe_columns(name)

    def _repr_html_(self) -> str:
        return render_card(self)

    def __repr__(self) -> str:
        notice = self.rules.notice.round
        marks = "（演练）" if self.rules.rehearsal else ""
        return f"轮次“{self.name}”：{notice.title}{marks}"
