"""Papers are written without undoing what the process did to share its memory."""

import gc

from kjfp_helpers.commands.document_writing import WRITERS, write_documents
from support.rounds.packet_files import silent
from support.rounds.panel_round import open_round


def test_papers_written_in_a_kernel_thaw_nothing_that_it_shares(tmp_path, monkeypatch):
    session = open_round(tmp_path)
    frozen = gc.get_freeze_count()  # of this process, as of a kernel: see conftest
    assert frozen
    seen = []

    def write(state, folder, on_progress):
        seen.append(gc.get_freeze_count())
        return []

    monkeypatch.setitem(WRITERS, "stocktake", write)
    write_documents(session, "stocktake", session.current_state(), silent)
    session.close()
    assert seen[0] > frozen / 2 and gc.get_freeze_count() > frozen / 2
