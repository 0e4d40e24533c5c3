"""Letters to the units: receipt, return for correction, reminder; made here and never sent."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.files import writing
from kjfp_helpers.reports import words
from kjfp_helpers.reports.office.correction import fill_correction, owe
from kjfp_helpers.reports.office.dossier import Dossier, Terms, dossiers
from kjfp_helpers.reports.office.paper import Paper
from kjfp_helpers.reports.office.parts import Parts
from kjfp_helpers.reports.office.receipt import fill_receipt

if TYPE_CHECKING:
    from kjfp_helpers.derivation import Review


def letters(
    review: "Review", folder: Path, tick: Callable[[int, int], None] = lambda done, total: None
) -> list[Path]:
    """Write the letters due to each unit and remove those no longer due.

    A unit that sent anything gets a receipt (收讫回执), and a return for correction (退回补正通知)
    where it must send, mend or explain something; one that sent nothing gets a reminder (催报通知).

    Parameters
    ----------
    review : Review
        The derived round.
    folder : Path
        ``letters`` below the outputs; files are named by unit code and title.
    tick : callable
        Called with units done and units in all.

    Returns
    -------
    list of Path
        The letters, in the order of ``units.csv``.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    parts, terms, made = Parts(review), Terms(review), []
    every = dossiers(review)
    for done, dossier in enumerate(every, start=1):
        for title in dossier.letters:
            made.append(folder / letter_name(dossier, title))
            _letter(review, dossier, title, parts, terms).save(made[-1])
        tick(done, len(every))
    with writing(folder):
        for stale in set(folder.glob("*.docx")) - set(made):
            stale.unlink()
    return made


def letter_name(dossier: Dossier, title: str) -> str:
    """Return the name of a letter's file."""
    return f"{dossier.unit.code}-{title}.docx"


def _letter(review: "Review", dossier: Dossier, title: str, parts: Parts, terms: Terms) -> Paper:
    about = review.round.notice.round
    paper = Paper(rehearsal=review.round.rehearsal, amendments=review.round.amendments)
    paper.title(title)
    paper.text(f"{dossier.unit.name}：", indent=0)
    if title == "收讫回执":
        fill_receipt(paper, review, dossier, parts, terms)
    elif title == "退回补正通知":
        fill_correction(paper, review, dossier, terms)
    else:
        _remind(paper, review, dossier, terms)
    paper.sign(about.office, words.day(about.clock.date()) if about.clock else words.BLANK_DAY)
    return paper


def _remind(paper: Paper, review: "Review", dossier: Dossier, terms: Terms) -> None:
    about = review.round.notice.round
    paper.text(
        f"根据{about.document}，截至{terms.as_of}，尚未收到你单位报送的{about.title}材料。"
        "应报材料如下，请抓紧报送。"
    )
    owe(paper, dossier, terms)
    titles = "、".join(words.form(kind) for kind in ("team", "individual"))
    clause = terms.clause(dossier.unit, "team")
    paper.text(
        f"拟推荐先进团队、先进个人的，请按{clause}于{terms.due('team')}报送{titles}；不推荐的请函告。"
        "期限已过的，请收到本通知后即行报送，并书面说明原因，由办公室裁定。已经报送的，请告知报送"
        "时间和所用邮箱，以便查找。",
        keep=True,
    )
