"""Base of the rule models: strict types, non-empty lists, errors in Chinese."""

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
    """Return a validation error: what was expected and what was found, in Chinese."""
    given = {"expected": expected, "found": found}
    return PydanticCustomError("rule", "{expected} / {found}", given)


def require_unique(names: Iterable[str], what: str) -> None:
    """Raise a validation error if a name occurs twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise rule_error(f"不重复的{what}", f"“{name}”出现多次")
        seen.add(name)


class StrictModel(BaseModel):
    """Base of every rule: unknown keys, near types and endless numbers are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class CitedRule(StrictModel):
    """A rule that cites its clause of the notice."""

    clause: str
