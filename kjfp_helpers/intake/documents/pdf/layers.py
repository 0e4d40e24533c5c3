"""Layers of a PDF, of which some are switched off when the file is opened."""

from collections.abc import Iterable, Mapping
from typing import Any

from pdfminer.pdftypes import PDFObjRef, resolve1


class HiddenLayers:
    """The layers (optional content groups) that are not shown.

    Parameters
    ----------
    catalog : Mapping
        The catalogue of the document.
    """

    def __init__(self, catalog: Mapping[str, Any]) -> None:
        properties = dictionary_of(catalog.get("OCProperties"))
        usual = dictionary_of(properties.get("D"))
        off = set(_object_numbers(usual.get("OFF")))
        if getattr(resolve1(usual.get("BaseState")), "name", "") == "OFF":
            shown = set(_object_numbers(usual.get("ON")))
            off |= set(_object_numbers(properties.get("OCGs"))) - shown
        self._numbers = frozenset(off)

    def hides(self, layer: Any) -> bool:
        """Whether a layer, or every layer of a membership, is switched off."""
        if self._is_off(layer):
            return True
        groups = dictionary_of(layer).get("OCGs")
        if self._is_off(groups):
            return True
        members = resolve1(groups)
        return bool(isinstance(members, list) and members and all(map(self._is_off, members)))

    def _is_off(self, reference: Any) -> bool:
        return isinstance(reference, PDFObjRef) and reference.objid in self._numbers


def dictionary_of(value: Any) -> Mapping[str, Any]:
    """Return a dictionary of a PDF, an empty one for anything else."""
    resolved = resolve1(value)
    return resolved if isinstance(resolved, dict) else {}


def _object_numbers(listed: Any) -> Iterable[int]:
    items = resolve1(listed)
    if not isinstance(items, list):
        return []
    return [one.objid for one in items if isinstance(one, PDFObjRef)]
