"""How often chance is tried: a little every day, much more where ``KJFP_THOROUGH`` is set."""

import os

THOROUGH = bool(os.environ.get("KJFP_THOROUGH"))


def times(everyday: int, thorough: int) -> int:
    return thorough if THOROUGH else everyday
