"""Make the reports and write the notebooks of an open round."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.cache import DiskCache
from kjfp_helpers.infra.code_version import build_fingerprint
from kjfp_helpers.infra.process_pool import begin_in_fork
from kjfp_helpers.infra.step_stamps import files_stand
from kjfp_helpers.reports.batch.batch_result import NONE_FAILED, BatchResult
from kjfp_helpers.reports.batch.manifest import DOCX, PDF, Manifest
from kjfp_helpers.reports.batch.overview.run_record import (
    RunRecord,
    read_runs,
    record_run,
    reports_changed_since,
)
from kjfp_helpers.reports.batch.parameter_check import resolve_all_parameters
from kjfp_helpers.reports.report_types import (
    DEFAULT_AUDIENCES,
    PANEL,
    ReportType,
    select_reports,
)
from kjfp_helpers.reports.run_digest import linked_documents, remember_run
from kjfp_helpers.rules import notebooks_folder
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.ledger_heads import Head
from kjfp_helpers.state.session import current_time
from kjfp_helpers.state.step_inputs import digest_inputs

if TYPE_CHECKING:
    from kjfp_helpers.reports.batch.worker_pool import WorkerPool
    from kjfp_helpers.reports.data.report_data_file import ReportDataFolder
    from kjfp_helpers.reports.data.report_data_writer import ReportDataBuilder
    from kjfp_helpers.state import RoundState


def regenerate_reports(
    session: RoundSession,
    *,
    jobs: int = 2,
    only: Sequence[str] = (),
    audiences: Sequence[str] = (),
    formats: Sequence[str] = (),
    since: str = "",
    force: bool = False,
    retry: bool = False,
    dask: str = "",
    stock_kernels: bool = False,
    parameters: Mapping[str, Any] | None = None,
    workers: "WorkerPool | None" = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> BatchResult:
    """Write the data of every report and make each report whose data changed.

    When no input of the last complete run has changed and its files are there, nothing is
    derived. ``since`` is a number of the ledger or a day (ISO 8601): only what a run has made for
    a change since then is looked at, besides what is due. ``formats`` are ``docx`` and ``pdf``.
    ``dask`` is the address of a cluster that makes the reports in place of ``jobs``
    processes here; ``workers`` are such processes that have been started already; the other
    parameters are those of
    :func:`kjfp_helpers.reports.batch.batch_run.run_batch`.

    Raises
    ------
    ParameterError
        When a notebook's parameters are not those given, or ``only`` or ``since`` names nothing.
    OutputError
        When a file cannot be written, or nothing is installed that prints.
    ClusterError
        When the cluster cannot be reached or a worker has another version.
    """
    notebooks, folder = notebooks_folder(), session.outputs / "reports"
    memory = DiskCache(folder / "recall", build_fingerprint(), fresh=force)
    endings = further_endings(formats)
    among = reports_changed_since(read_runs(folder), since) if since else None
    settled = resolve_all_parameters(notebooks, parameters or {})
    stamp = _inputs_digest(session, notebooks, settled)
    manifest = Manifest.read(folder)
    has_all = not (set(audiences) - {*DEFAULT_AUDIENCES} or endings)
    if not force and has_all and manifest.stands(stamp):
        _remember(session, notebooks, settled, parameters)
        standing = select_reports(manifest.reports, only, audiences)
        return BatchResult(nothing=NONE_FAILED) if retry else BatchResult(unchanged=tuple(standing))
    from kjfp_helpers.reports.batch import batch_run
    from kjfp_helpers.reports.batch.dask_cluster import DaskExecutor
    from kjfp_helpers.reports.batch.worker_pool import WorkerPool
    from kjfp_helpers.reports.output_record import record_outputs

    find_standing = begin_in_fork(manifest.standing_reports, is_urgent=False)
    started = nullcontext(workers) if workers else DaskExecutor(dask) if dask else WorkerPool(jobs)
    with started as executor:  # the workers start while the round is derived
        early = batch_run.EarlyReports(
            session.outputs,
            executor,
            manifest,
            parameters,
            notebooks=notebooks,
            stock_kernels=stock_kernels,
        )

        def begin(name: str, data: "ReportDataFolder") -> None:
            if not (only or audiences or retry or force or since):
                early.begin_changed(name, data)

        data, head, only, names = _write_data(session, memory, only, audiences, begin)
        memory.remove_unused()
        data_digests = {f"reports/data/{name}.json": data.digest(name) for name in data.names()}
        batch = batch_run.run_batch(
            session.outputs,
            executor=executor,
            data=data,
            standing=find_standing,
            only=only,
            audiences=audiences,
            formats=endings,
            among=among,
            force=force,
            retry=retry,
            stock_kernels=stock_kernels,
            parameters=parameters,
            notebooks=notebooks,
            stamp=stamp,
            on_progress=on_progress,
            record=lambda outputs: record_outputs(
                session, "regenerate", {**outputs, **data_digests}, head
            ),
        )
    if batch.made or batch.failures:
        _record_run(session, data, batch, names)
    _remember(session, notebooks, settled, parameters)
    return batch


def _write_data(
    session: RoundSession,
    memory: DiskCache,
    only: Sequence[str],
    audiences: Sequence[str],
    on_written: Callable[[str, "ReportDataFolder"], None],
) -> tuple["ReportDataFolder", int, Sequence[str], Mapping[str, str]]:
    """Write the data of all reports.

    Returns
    -------
    tuple
        The data, the last event they rest on, what is asked, and the names of all by their code.

    The state they are built from is given back when they stand: reports are made from them alone.
    """
    from kjfp_helpers.reports.data.report_data_writer import (
        ReportDataBuilder,
        write_report_data,
    )

    folder = session.outputs / "reports"
    state = session.current_state(memory)
    builder = ReportDataBuilder.with_thumbnails(state, folder)
    builder.begin(folder / "data", on_written)
    if PANEL in audiences or (folder / "data" / PANEL).is_dir():
        only = builder.index.expand_units(only)
    head = _record_versions(session, builder, only)
    data = write_report_data(
        state, folder / "data", audiences=audiences, builder=builder, on_written=on_written
    )
    return data, head, only, _names_by_code(state)


def _record_versions(
    session: RoundSession, builder: "ReportDataBuilder", only: Sequence[str]
) -> int:
    """Record new versions of the units' reports; return the last event that they rest on."""
    from kjfp_helpers.reports.data.unit.edition_versions import list_versions, new_versions

    events = session.events()
    body = new_versions(events, builder.unit_facts(only), events[-1].seq)
    if body is not None:
        session.record(body)
        builder.changed = body.facts.keys()
        events = session.events()
    builder.versions = list_versions(events)
    return events[-1].seq


def _record_run(
    session: RoundSession, data: "ReportDataFolder", batch: BatchResult, names: Mapping[str, str]
) -> None:
    """Keep who made what and why, and write the page of changes."""
    from kjfp_helpers.reports.report_types import OVERALL

    about = data.outline(OVERALL)["round"]
    run = RunRecord(
        at=current_time(session.round).strftime("%Y-%m-%d %H:%M"),
        by=session.access().user,
        head=str(Head(*session.state_head())),
        made=dict(batch.reasons),
        failed={failure.name: failure.reason for failure in batch.failures},
        unchanged=batch.skipped,
    )
    record_run(data.folder.parent, run, about, names)


def _names_by_code(state: "RoundState") -> dict[str, str]:
    """Return the names of units, members and nominees, the last with unit and number."""
    round = state.rules
    units = {unit.code: unit.short_name for unit in round.units}
    cases = {
        case.id: f"{case.name}（{units.get(case.unit, case.unit)}，{case.id}）"
        for case in state.screening.cases
    }
    return {**units, **{one.member: one.label for one in round.panel}, **cases}


def further_endings(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the endings of further formats; a .pdf is printed from its .docx.

    Raises
    ------
    OutputError
        When nothing is installed that prints.

    Examples
    --------
    >>> further_endings(["docx", "html"])
    ('.docx',)
    """
    if "pdf" in formats:
        from kjfp_helpers.reports.batch.formats.pdf_printing import require_printer

        require_printer()
        return DOCX, PDF
    return (DOCX,) if "docx" in formats else ()


def _remember(
    session: RoundSession,
    notebooks: Path,
    settled: Mapping[ReportType, Mapping[str, Any]],
    parameters: Mapping[str, Any] | None,
) -> None:
    """Let the next run end before it opens the round, where every report stands."""

    def stands() -> bool:
        rules = session.round
        return files_stand(rules.folder, rules.files) and (
            Manifest.read(session.outputs / "reports").stamp
            == _inputs_digest(session, notebooks, settled)
        )

    remember_run(session.round.folder, session.outputs, parameters or {}, stands)


def _inputs_digest(
    session: RoundSession, notebooks: Path, settled: Mapping[ReportType, Mapping[str, Any]]
) -> str:
    """Return one hash of all inputs of all reports; fast, because nothing is derived."""
    parameters = {kind.notebook: sorted(values.items()) for kind, values in settled.items()}
    notebook_digests = [sha256_file(notebooks / kind.notebook) for kind in settled]
    intake, head = sha256_file(session.received.file), Head(*session.state_head())
    others = [*notebook_digests, *linked_documents(session.outputs)]
    return digest_inputs(session.round, intake, head, repr(parameters), *others)


def write_workbook_notebooks(session: RoundSession) -> list[Path]:
    """Write the interactive notebooks for this round.

    Raises
    ------
    ParameterError
        When a notebook lacks a parameter or has one nobody sets.
    OutputError
        When a file cannot be written.
    """
    from kjfp_helpers.reports.batch import notebook_preparation

    return notebook_preparation.write_workbook_notebooks(
        session.round.folder, session.outputs, notebooks=notebooks_folder()
    )


def write_packet_notebooks(
    session: RoundSession,
    members: Sequence[str],
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write the members' scoring notebooks, with this round's and their own parameters.

    Raises
    ------
    ParameterError
        When the notebook lacks a parameter or has one nobody sets.
    OutputError
        When a file cannot be written.
    """
    from kjfp_helpers.reports.batch import notebook_preparation

    return notebook_preparation.write_packet_notebooks(
        session.round.folder,
        session.outputs,
        members,
        notebooks=notebooks_folder(),
        on_progress=on_progress,
    )
