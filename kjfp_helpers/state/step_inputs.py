"""What every step of a round depends on, as one digest; fast, because nothing is derived."""

from kjfp_helpers.infra.code_version import build_fingerprint, hash_texts
from kjfp_helpers.rules import Round
from kjfp_helpers.state.ledger_heads import Head


def digest_inputs(round: Round, intake: str, head: Head, *more: str) -> str:
    """Return one hash over rules, intake result, ledger, code and what else a step depends on.

    Parameters
    ----------
    round : Round
        The rules.
    intake : str
        SHA-256 of the intake result.
    head : Head
        The last event from which something is derived.
    more : str
        Further texts, such as parameters.
    """
    return hash_texts([round.digest, intake, str(head), build_fingerprint(), *more])
