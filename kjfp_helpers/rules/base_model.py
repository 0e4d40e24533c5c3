"""What every rule model shares: strict types, lists with something in them, words for refusals."""

from collections.abc import Iterable
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Value = TypeVar("Value")
NonEmpty = Annotated[tuple[Value, ...], Field(min_length=1)]
"""A list of at least one."""
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
"""A name used for columns and marks."""


def rule_error(expected: str, found: str) -> PydanticCustomError:
    """Return the refusal of a rule: what was expected and what came, in Chinese."""
    given = {"expected": expected, "found": found}
    return PydanticCustomError("rule", "{expected} / {found}", given)


def require_unique(names: Iterable[str], what: str) -> None:
    """Refuse a name that comes twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise rule_error(f"不重复的{what}", f"“{name}”出现多次")
        seen.add(name)


class StrictModel(BaseModel):
    """Base of every rule: unknown keys, near types and endless numbers are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
