"""Numbers by which the panel knows units before identities are revealed."""

import hashlib
from collections.abc import Iterable


def blind_numbers(codes: Iterable[str], secret: str) -> dict[str, str]:
    """Return a number for each unit that tells nothing of it, stable in a round.

    Parameters
    ----------
    codes : iterable of str
        Codes of all units.
    secret : str
        What the panel does not know: the hash of the first entry of the ledger.

    Examples
    --------
    >>> sorted(blind_numbers(["11", "12", "S001"], "x").values())
    ['U1', 'U2', 'U3']
    """
    ordered = sorted(codes, key=lambda code: hashlib.sha256(f"{secret}|{code}".encode()).digest())
    width = len(str(len(ordered)))
    return {code: f"U{place:0{width}d}" for place, code in enumerate(ordered, start=1)}
