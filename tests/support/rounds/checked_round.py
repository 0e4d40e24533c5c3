"""A round taken in and checked by the command line, from given files."""

from kjfp_helpers.cli import main
from support.rounds.panel_round import make_round


def at(root):
    return [str(root / "data" / "practice"), "--outputs", str(root / "outputs")]


def make_checked_round(root, files):
    """Take in these files and check them."""
    inbox = make_round(root) / "inbox"
    inbox.mkdir()
    for name, data in files.items():
        (inbox / name).write_bytes(data)
    for command in ("intake", "check"):
        assert main([command, *at(root)]) == 0
    return root
