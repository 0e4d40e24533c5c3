"""Write the rules of a round to its ledger, so that later changes show."""

from kjfp_helpers.core.events import RulesFrozen
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.frozen_rules import freeze_state, require_frozen_rules


def freeze_rules(session: RoundSession) -> bool:
    """Write the rules to the ledger; return whether they were new.

    Raises
    ------
    DifferenceError
        When the rules changed after they were frozen and scores are already in.
    """
    round, events = session.round, session.ledger.events()
    require_frozen_rules(round, events)
    if freeze_state(round, events) == "frozen":
        return False
    session.record(
        RulesFrozen(digest=round.digest, files=dict(round.files), texts=dict(round.texts))
    )
    return True
