"""Compare photographs of the spot check and articles of the column with the ledger."""

from collections.abc import Sequence

from kjfp_helpers.commands.spot_check.visit_photos import find_evidence
from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.core.events import Event, EventLog, VisitFormImported
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.intake.online_column.column_folder import COLUMN_FOLDER
from kjfp_helpers.rules import Round
from kjfp_helpers.state.exhibition.column_arrivals import find_arrivals, fold_arrivals


def check_evidence(round: Round, events: Sequence[Event]) -> bool:
    """Return whether there are photographs, and all of them are there as they were taken in.

    Raises
    ------
    DifferenceError
        At the first that is altered or missing.
    """
    imports = EventLog(events).of(VisitFormImported)
    kept = [(event, name, sha) for event in imports for name, sha in event.body.photos.items()]
    for event, name, sha256 in kept:
        path = find_evidence(round, event.body.unit, name, sha256)
        where = f"抽查照片 {event.body.unit}/{name}（台账第{event.seq}条）"
        if not path.is_file():
            raise verification_error(where, f"校验值{sha256[:12]}", "没有找到")
        if sha256_file(path) != sha256:
            raise verification_error(where, f"校验值{sha256[:12]}", "内容有改动")
    return bool(kept)


def check_column(round: Round, events: Sequence[Event]) -> tuple[list[str], list[str]]:
    """Return what of the news and profiles is as it was recorded, and what could not be compared.

    Ledgers of earlier versions recorded none; then there is nothing to compare.

    Raises
    ------
    DifferenceError
        At the first that is altered or missing.
    """
    recorded = fold_arrivals(events)
    if recorded and not (round.folder / COLUMN_FOLDER).is_dir():
        return [], [f"专栏来稿：{COLUMN_FOLDER} 文件夹不在这里，{len(recorded)}件没有核对"]
    found = find_arrivals(round)
    for (kind, source), files in recorded.items():
        there = found.get((kind, source), {})
        for name, sha256 in files.items():
            where = f"专栏来稿 {name}"
            if name not in there:
                raise verification_error(where, "原件存在", "原件不见了")
            if there[name] != sha256:
                raise verification_error(where, "与登记时相同", "内容有改动")
        if added := sorted(there.keys() - files.keys()):
            raise verification_error(f"专栏来稿 {source}", "与登记时相同", f"多出文件 {added[0]}")
    later = len(found.keys() - recorded.keys()) if recorded else 0
    unchecked = [f"专栏来稿另有{later}件未登记，不在核对之列"] if later else []
    return ([f"专栏来稿{len(recorded)}件"] if recorded else []), unchecked
