"""Links from a screen to files that Lab serves."""

from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from kjfp_helpers.panels.lab.lab_launcher import root_folder, start_notebook
from kjfp_helpers.state import RoundSession


def file_link(session: RoundSession, path: Path, text: str, *, save: bool = False) -> Markup:
    """Return a link to a file, or the text alone where it is gone or Lab does not serve it.

    Parameters
    ----------
    session : RoundSession
        The round whose workbook Lab has open.
    path : Path
        The file.
    text : str
        What the link says.
    save : bool
        Have the browser save the file instead of showing it: for what a unit sent.
    """
    root = root_folder(start_notebook(session))
    if not path.is_file() or not path.resolve().is_relative_to(root):
        return Markup("{}").format(text)
    place = path.resolve().relative_to(root).as_posix()
    attribute = Markup(" data-save") if save else ""
    return Markup('<a href="#" data-file="{}"{}>{}</a>').format(place, attribute, text)


def join_links(links: Iterable[Markup]) -> Markup:
    """Return links side by side, none of them broken at the end of a line; nothing for none."""
    joined = Markup("　").join(links)
    return joined and Markup('<span class="kj-links">{}</span>').format(joined)
