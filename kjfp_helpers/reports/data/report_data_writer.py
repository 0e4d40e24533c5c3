"""The data of each report, one JSON file a report, on which alone the report depends."""

import pickle
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.infra.process_pool import begin_in_fork
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.case_data import build_case_data
from kjfp_helpers.reports.data.member_data import build_member_data
from kjfp_helpers.reports.data.report_data_file import ReportDataFolder
from kjfp_helpers.reports.data.state_index import StateIndex
from kjfp_helpers.reports.data.unit.edition_versions import (
    EditionVersion,
    list_versions,
    summarize_edition,
)
from kjfp_helpers.reports.data.unit.editions import cut_edition
from kjfp_helpers.reports.data.unit.thumbnails import Thumbnails
from kjfp_helpers.reports.data.unit.unit_facts import build_unit_data
from kjfp_helpers.reports.report_types import (
    CASE_TYPE,
    DEFAULT_AUDIENCES,
    MEMBER_TYPE,
    OVERALL,
    PANEL,
    UNIT,
    UNIT_TYPE,
)
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.panel.review_progress import reading_members

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

THUMBNAILS = "thumbnails"
"""Folder of the small pictures below ``reports/``."""


def write_report_data(
    state: "RoundState",
    folder: Path,
    *,
    audiences: Sequence[str] = DEFAULT_AUDIENCES,
    builder: "ReportDataBuilder | None" = None,
    on_written: Callable[[str, ReportDataFolder], None] = lambda name, data: None,
) -> ReportDataFolder:
    """Write one data file per edition, case and member and ``overall.json``; drop what is not due.

    Parameters
    ----------
    state : RoundState
        The derived round.
    folder : Path
        ``reports/data`` below the outputs.
    audiences : sequence of str
        Editions of the units' reports, besides those for unit and office and those that have data
        already.
    builder : ReportDataBuilder
        Builds them; by default one without thumbnails.
    on_written : callable
        Called with the name of each report when its data stand, before those of the next are
        built; the overall report is the first.

    Returns
    -------
    ReportDataFolder
        The data as they stand.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    standing = {name for name in UNIT_TYPE.folders if any((folder / name).glob("*.json"))}
    due_editions = {*DEFAULT_AUDIENCES, *audiences, *standing}
    editions = [name for name in UNIT_TYPE.folders if name in due_editions]
    builder = builder or ReportDataBuilder(state)
    data = builder.data or builder.begin(folder, on_written)
    for name, content in builder.build_units(editions):
        data.write(name, content)
        on_written(name, data)
    for name in data.take_written(builder.finish_cases()):
        on_written(name, data)
    data.keep_only_written()
    return data


class ReportDataBuilder:
    """Builds the data of reports from a state of the round.

    ``versions`` are those of the units' reports, at first as the ledger of the state has them.
    ``data`` is the folder that the data are written into, once that has begun; those of the units
    ``changed`` come first. Without ``thumbnails`` no picture is shown.
    """

    def __init__(self, state: "RoundState", thumbnails: Thumbnails | None = None) -> None:
        self.index = StateIndex(state)
        self.versions: Mapping[str, EditionVersion] = list_versions(state.events)
        self._state, self._thumbnails = state, thumbnails
        self.changed: Collection[str] = ()
        self.data: ReportDataFolder | None = None
        self._wholes: dict[str, bytes] = {}
        self._galleries: dict[str, list[dict[str, Any]]] = {}
        self._cases: Callable[[], ReportDataFolder] | None = None

    @classmethod
    def with_thumbnails(cls, state: "RoundState", reports: Path) -> "ReportDataBuilder":
        """Return one that shows the pictures received, small copies kept in the reports' folder."""
        received = ReceivedFolder.for_round(state.round.folder).folder
        return cls(state, Thumbnails(received, reports / THUMBNAILS))

    def unit_facts(self, only: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return the short facts of the units named, of all where none is, by unit."""
        return {
            unit.code: summarize_edition(cut_edition(self._whole(unit), UNIT))
            for unit in self._state.round.units
            if not only or unit.code in only
        }

    def begin(
        self, folder: Path, on_written: Callable[[str, ReportDataFolder], None]
    ) -> ReportDataFolder:
        """Write the data of the overall report; begin those of cases and members beside it.

        None of them tells the versions of the units' reports, which may be recorded meanwhile.

        Parameters
        ----------
        folder, on_written
            As for :func:`write_report_data`.
        """
        self.data = data = ReportDataFolder(folder)
        self._cases = begin_in_fork(partial(self._write_cases, ReportDataFolder(folder)))
        data.write(OVERALL, overall_data.build_overall_data(self._state))
        on_written(OVERALL, data)
        return data

    def finish_cases(self) -> ReportDataFolder:
        """Return the data of cases and members when they stand."""
        assert self._cases
        return self._cases()

    def _write_cases(self, data: ReportDataFolder) -> ReportDataFolder:
        for case in self._state.screening.cases:
            data.write(CASE_TYPE.report_name(case.id), build_case_data(self.index, case))
        for member in reading_members(self._state):
            data.write(MEMBER_TYPE.report_name(member), build_member_data(self.index, member))
        return data

    def build_units(self, audiences: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield name and data of the editions of the units' reports."""
        units = self._state.round.units
        if self._thumbnails:
            pictures = [one for unit in units for one in self._gallery(unit)]
            self._thumbnails.prepare(pictures)
            self._thumbnails.drop_others(pictures)
        for unit in sorted(units, key=lambda unit: unit.code not in self.changed):
            whole = self._whole(unit)
            for audience in audiences:
                key = self.index.blind_numbers[unit.code] if audience == PANEL else unit.code
                yield UNIT_TYPE.report_name(key, audience), self._edition(unit, whole, audience)
            del self._wholes[unit.code]  # of thousands of units all together take too much

    def edition(self, unit: Unit, audience: str) -> dict[str, Any]:
        """Return the data of one edition of a unit's report."""
        whole = self._whole(unit)
        if self._thumbnails and audience != PANEL:
            self._thumbnails.prepare(whole["exhibition"]["gallery"])
        return self._edition(unit, whole, audience)

    def _gallery(self, unit: Unit) -> list[dict[str, Any]]:
        if unit.code not in self._galleries:
            self._whole(unit)
        return self._galleries[unit.code]

    def _whole(self, unit: Unit) -> dict[str, Any]:
        """Return all that the editions of a unit are cut from; kept packed, a quarter of it."""
        packed = self._wholes.get(unit.code)
        whole = pickle.loads(packed) if packed else build_unit_data(self.index, unit)
        if packed is None:
            self._wholes[unit.code] = pickle.dumps(whole, pickle.HIGHEST_PROTOCOL)
            self._galleries[unit.code] = whole["exhibition"]["gallery"]
        version = self.versions.get(unit.code)
        return whole | {"version": version.facts if version else None}

    def _edition(self, unit: Unit, whole: dict[str, Any], audience: str) -> dict[str, Any]:
        if self._thumbnails and audience != PANEL:
            gallery = [
                one | {"thumbnail": self._thumbnails.read(one)}
                for one in whole["exhibition"]["gallery"]
            ]
            whole = whole | {"exhibition": whole["exhibition"] | {"gallery": gallery}}
        return cut_edition(whole, audience, self.index.blind_numbers[unit.code])
