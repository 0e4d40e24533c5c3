"""Format probabilities for screens and documents."""

NEVER, ALWAYS = 0.01, 0.99
"""A chance beyond these is told as one beyond them, never as certain."""


def probability_text(chance: float) -> str:
    """Return a chance (0-1) as every list shows it: no estimate is certain either way.

    Examples
    --------
    >>> probability_text(0.9996), probability_text(0.4651), probability_text(0.0004)
    ('99%以上', '47%', '1%以下')
    """
    if chance < NEVER:
        return f"{NEVER:.0%}以下"
    return f"{ALWAYS:.0%}以上" if chance > ALWAYS else f"{chance:.0%}"
