"""The step ``exhibit``: write the static exhibition site (clause 三(三))."""

from collections.abc import Iterator, Sequence

from kjfp_helpers.commands.steps.stamped_step import StampedStep
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.online_column.column_items import read_column
from kjfp_helpers.reports.exhibition_site import site_builder
from kjfp_helpers.reports.output_record import record_outputs
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.anonymization.published_stories import note_published_stories
from kjfp_helpers.state.exhibition.approvals import list_approvals
from kjfp_helpers.state.exhibition.column_arrivals import record_arrivals
from kjfp_helpers.state.exhibition.published_exhibition import list_published

FOLDER = "exhibition"
"""Folder of the site below the outputs."""


_NAMED = 5


def _note_unshown(unshown: Sequence[str]) -> Iterator[str]:
    """Yield a note on pictures that are approved and cannot be shown."""
    if unshown:
        more = "等" if len(unshown) > _NAMED else ""
        named = "、".join(unshown[:_NAMED])
        yield f"{len(unshown)}张已批准的图片不能显示（不是完整的JPG，或与来件不符）：{named}{more}"


def make_exhibition(
    session: RoundSession, on_progress: ProgressCallback, step: StampedStep
) -> StepResult:
    """Write what is approved as a site and record its list of files."""
    record_arrivals(session)
    site, state = session.outputs / FOLDER, session.current_state()
    read = read_column(session.round, session.received)
    column = list_published(state, read)
    written = site_builder.write_exhibition_site(
        state.round, column, session.received, site, on_progress
    )
    manifest = site / site_builder.MANIFEST
    documents = {f"{FOLDER}/{manifest.name}": sha256_file(manifest)}
    record_outputs(session, "exhibit", documents, state.events[-1].seq)
    pages = {
        f"{FOLDER}/{name}": sha256 for name, sha256 in site_builder.read_manifest(site).items()
    }
    waiting = sum(
        one.is_open for of_unit in list_approvals(state, read).values() for one in of_unit
    )
    notes = (f"{waiting}项内容待审定；请在“展览素材”页办理",) if waiting else ()
    result = StepResult(
        made=written.pages,
        notes=(*notes, *_note_unshown(written.unshown), *note_published_stories(state)),
    )
    return step.finish(
        result,
        state.events,
        pages | documents,
        read=written.unread,
    )
