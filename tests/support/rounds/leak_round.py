"""A rehearsal year of 72 units taken in without its mail: enough cases to attack, made in seconds."""

from pathlib import Path

from PIL import Image

from kjfp_helpers import commands, intake
from kjfp_helpers.core.events import MailReceived
from kjfp_helpers.core.records import Exhibit, Intake, Mail, Picture, Record, Summary
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.rehearsal.round_builder import (
    PANEL_STREAM,
    build_mailings,
    plan_rehearsal,
)
from kjfp_helpers.rehearsal.rule_files import draw_panel, write_rules
from kjfp_helpers.rehearsal.writers.unit_mail import make_rng
from kjfp_helpers.reports.exhibition_site.site_builder import write_exhibition_site
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.exhibition.published_exhibition import list_published
from support.state.approved_exhibits import approve_everything

PHOTO = "materials/photo.jpg"


def silent(done, total):
    pass


def make_leak_round(root: Path, units: int = 72, seed: int = 2020) -> RoundSession:
    """Make the round, assign its cases, write packets and exhibition; return its session."""
    folder, rules = root / "rehearsal", load_round(DEFAULT_RULES)
    folder.mkdir()
    year = plan_rehearsal(rules, rules.units[:units], seed)
    write_rules(DEFAULT_RULES, folder, year, draw_panel(year, make_rng(seed, PANEL_STREAM)))
    session = RoundSession.open(folder, root / "outputs", create=True)
    session.received.create()
    photo = session.received.folder / PHOTO
    photo.parent.mkdir(parents=True)
    Image.new("RGB", (64, 48), "green").save(photo, "JPEG")
    read = _taken_in(build_mailings(year, rules.notice))
    session.record(
        *(
            MailReceived(number=mail.receipt, path=mail.path, sha256=mail.sha256)
            for mail in read.mails
        )
    )
    intake.save(read, session.received.file)
    commands.assign(session, silent)
    approve_everything(session)
    state = session.current_state()
    write_exhibition_site(
        state.round, list_published(state), session.received, session.outputs / "exhibition"
    )
    return session


def _taken_in(mailings) -> Intake:
    mails, records = [], []
    for receipt, mailing in enumerate(mailings, start=1):
        submission = mailing.submission
        code = submission.unit.code
        sent = submission.mails[0].sent if submission.mails else None
        mails.append(
            Mail(
                receipt=receipt,
                path=f"{code}.eml",
                sha256=f"{receipt:064x}",
                message_id=f"<{receipt}@example.com>",
                sender="a@example.com",
                unit=code,
                subject="报送材料",
                sent=sent,
                received=sent,
            )
        )
        bodies = [(entry.kind, entry.body) for entry in submission.nominations]
        bodies += [("stocktake", submission.stocktake)] if submission.stocktake else []
        bodies += [("summary", Summary(title="工作总结", sections=mailing.summary))]
        bodies += [("exhibit", _exhibit(mailing))] if submission.exhibit is not None else []
        for serial, (kind, body) in enumerate(bodies, start=1):
            records.append(
                Record(
                    id=f"{receipt}-{serial}",
                    kind=kind,
                    unit=code,
                    receipt=receipt,
                    source=f"{code}.eml/{serial}",
                    sha256=f"{receipt:032x}{serial:032x}",
                    body=body,
                )
            )
    return Intake(mails=tuple(mails), records=tuple(records))


def _exhibit(mailing) -> Exhibit:
    shots = mailing.submission.pictures
    pictures = tuple(
        Picture(
            name=f"{shot.stem}.jpg",
            sha256=f"{number:064x}",
            size=2_200_000,
            format="JPEG",
            width=64,
            height=48,
            stored=PHOTO,
        )
        for number, shot in enumerate(shots)
    )
    captions = {shot.caption_stem: shot.caption for shot in shots if shot.caption_stem}
    return Exhibit(sections=mailing.exhibit, pictures=pictures, captions=captions)
