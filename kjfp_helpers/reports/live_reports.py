"""Data of single reports derived from an open round, for a notebook that is run by itself."""

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import AccessError
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.case_data import build_case_data
from kjfp_helpers.reports.data.member_data import build_member_data
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.data.report_data_writer import ReportDataBuilder
from kjfp_helpers.reports.data.unit.thumbnails import Thumbnails
from kjfp_helpers.reports.report_types import PANEL
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.review_progress import reading_members


class LiveReports:
    """Reports of a round opened for reading, to be used as a context.

    Parameters
    ----------
    round_dir, outputs_dir : str
        The round and its outputs, by path or name.
    """

    def __init__(self, round_dir: str, outputs_dir: str) -> None:
        self._session = RoundSession.open(str(round_dir), outputs_dir or None, readonly=True)
        self._scratch = tempfile.TemporaryDirectory()  # a reader writes nothing into the outputs

    def __enter__(self) -> "LiveReports":
        return self

    def __exit__(self, *_: Any) -> None:
        self._session.close()
        self._scratch.cleanup()

    @cached_property
    def _builder(self) -> ReportDataBuilder:
        session = self._session
        thumbnails = Thumbnails(Path(session.received.folder), Path(self._scratch.name))
        return ReportDataBuilder(session.current_state(), thumbnails)

    @property
    def unit_codes(self) -> list[str]:
        """Codes of the units."""
        return [unit.code for unit in self._session.round.units]

    @property
    def blind_numbers(self) -> list[str]:
        """What the panel knows the units by."""
        return sorted(self._builder.index.blind_numbers.values())

    @property
    def case_ids(self) -> list[str]:
        """Ids of the nominations."""
        return [case.id for case in self._session.current_state().screening.cases]

    @property
    def reading_members(self) -> list[str]:
        """Ids of the members who read."""
        return reading_members(self._session.current_state())

    def unit_report(self, key: str, audience: str) -> ReportData:
        """Return the data of one edition of a unit's report."""
        if audience != PANEL:
            self._require_reader("单位报告")
        codes = {number: code for code, number in self._builder.index.blind_numbers.items()}
        unit = self._session.round.unit_by_code[codes[key] if audience == PANEL else key]
        return self._builder.edition(unit, audience)

    def overall_report(self) -> ReportData:
        """Return the data of the overall report."""
        self._require_reader("总报告")
        return overall_data.build_overall_data(self._session.current_state())

    def case_dossier(self, case: str) -> ReportData:
        """Return the data of a nomination's dossier."""
        self._require_reader("推荐对象卷宗")
        return build_case_data(
            self._builder.index, self._session.current_state().screening.case_by_id[case]
        )

    def member_sheet(self, member: str) -> ReportData:
        """Return the data of a member's sheet."""
        access = self._session.access()
        if not access.may_open_packet(member, self._session.events()):
            self._refuse("评委评分表")
        return build_member_data(self._builder.index, member)

    def _require_reader(self, title: str) -> None:
        if not self._session.access().may_read_reports(self._session.events()):
            self._refuse(title)

    def _refuse(self, title: str) -> None:
        access = self._session.access()
        raise AccessError(
            title,
            expected="可以阅读此报告的账号",
            found=f"“{access.user}”（{access.description}）",
            advice="由秘书办理",
        )
