"""Choice of a unit by its name: of the list, or typed as far as only one unit is meant."""

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets

from kjfp_helpers.rules import Unit


class UnitPicker(widgets.Combobox):  # type: ignore[misc]  # ipywidgets has no types
    """The field; what is typed is completed to the label of the one unit that it means."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = {unit_label(unit): unit for unit in units}
        super().__init__(
            placeholder="键入单位名称或代码，或从列表中选",
            continuous_update=False,
            layout={"width": "100%"},
            options=list(self._units),
        )
        self.observe(self._complete, "value")

    @property
    def code(self) -> str:
        """Code of the unit, blank while none or several are meant."""
        found = self._find(self.value.strip())
        return found.code if found else ""

    def choose(self, unit: Unit | None) -> None:
        """Put a unit into the field, or nothing."""
        self.value = unit_label(unit) if unit else ""

    def _find(self, words: str) -> Unit | None:
        if not words:
            return None
        for meant in (
            [unit for label, unit in self._units.items() if words == label],
            [one for one in self._units.values() if words in (one.code, one.short_name, one.name)],
            [unit for label, unit in self._units.items() if words in label],
        ):
            if meant:
                return meant[0] if len(meant) == 1 else None
        return None

    def _complete(self, change: dict[str, Any]) -> None:
        found = self._find(change["new"].strip())
        if found:
            self.choose(found)


def unit_label(unit: Unit) -> str:
    """Return a unit as it stands in a list to choose from."""
    return f"{unit.name}（{unit.code}）"
