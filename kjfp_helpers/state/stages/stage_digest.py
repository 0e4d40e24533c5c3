"""Digest of what a stage holds, to tell whether two ways of deriving it agree."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd

from kjfp_helpers.state.stages.published_unit_texts import PublicTraces


def digest_stage(stage: object) -> str:
    """Return the SHA-256 of everything in a stage, to the last bit of every number.

    Examples
    --------
    >>> digest_stage({"a": (1, 2.5)}) == digest_stage({"a": [1, 2.5]})
    True
    >>> digest_stage(frozenset("ab")) == digest_stage(frozenset("ac"))
    False
    """
    text = json.dumps(_to_plain(stage), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _to_plain(value: Any) -> Any:
    """Return a value as JSON can hold it; what has no order is sorted."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, pd.DataFrame):
        return [list(map(str, value.dtypes)), _to_plain(value.to_dict("list"))]
    if is_dataclass(value):
        return [_to_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return [[_to_plain(key), _to_plain(item)] for key, item in value.items()]
    if isinstance(value, Set):
        return sorted((_to_plain(item) for item in value), key=json.dumps)
    if isinstance(value, Iterable):
        return [_to_plain(item) for item in value]
    if isinstance(value, PublicTraces):  # made of records and stock-takes alone
        return None
    return str(value)
