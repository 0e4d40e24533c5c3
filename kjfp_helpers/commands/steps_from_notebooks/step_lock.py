"""Permission and lock of the steps that write to the outputs of a round."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundSession

_KNOWS_NO_HEADS = ("resume",)


@contextmanager
def lock_step(session: "RoundSession", step: str, title: str) -> Iterator[None]:
    """Lock the outputs of an open round for a step, if the account may run it.

    ``title`` is what the step is called to whoever finds the outputs locked.

    Raises
    ------
    AccessError
        When the account may not.
    OutputError
        When another command holds the lock.
    DifferenceError
        When the outputs were made from a later state of the ledger.
    """
    from kjfp_helpers.infra.output_lock import output_lock
    from kjfp_helpers.state.access import current_user
    from kjfp_helpers.state.printed_heads import require_known_heads

    session.access().require_command(step)
    with output_lock(session.outputs, title, current_user(session.round)):
        if step not in _KNOWS_NO_HEADS:
            require_known_heads(session)
        yield
