"""Controls to type a value by the kind of its field; the readers of intake say what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.field_editing import (
    OTHER_SUFFIX,
    REGION_SEPARATOR,
    EditableField,
    editable_field,
    editable_fields,
    format_value,
    parse_value,
)
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import add_classes, hbox, html_widget, vbox
from kjfp_helpers.reports.data.masked_values import value_text

HINTS = {
    "count": "写数字，如 1200；约数、户数不能作为人数",
    "days": "写天数，如 120",
    "figure": "写数字；确无此项写 0，留空为未填",
    "date": "年月日，如 2020-07-01",
    "regions": f"一处一行，省市县乡村之间用“{REGION_SEPARATOR}”隔开，没有的留空",
    "names": "姓名之间用顿号隔开",
    "id_number": "18位，末位可为 X",
}
_ROWS = {"story": 7, "opinion": 4, "regions": 3, "names": 2}
_NONE = "未填"


@dataclass(frozen=True)
class TypedValue:
    """What was typed into one field; ``problem`` keeps it from being saved, ``doubts`` ask."""

    entry: EditableField
    value: Any
    problem: str = ""
    doubts: tuple[Problem, ...] = ()


class FieldEditor:
    """One field: its control, filled with the value unless that is veiled."""

    def __init__(
        self,
        kind: str,
        entry: EditableField,
        value: Any,
        on_edit: Callable[[], None],
        *,
        open: bool = True,
    ) -> None:
        self.entry, self.open, self._value = entry, open, value
        shown = value_text(kind, entry.name, value)
        self._veiled = not open and shown != format_value(entry, value)
        self._control = self._make(entry, value, shown)
        for control in self._controls():
            control.observe(lambda _: on_edit(), "value")
        title = html_widget(
            render_template("editor_title", title=entry.label, hint=HINTS.get(entry.kind, ""))
        )
        self.widget = vbox(title, self._control, classes=("kj-editor",))

    def read(self) -> TypedValue:
        """Return what stands in the control; a veiled value left alone is as it was."""
        text = self._text()
        if self._veiled and not text.strip():
            return TypedValue(self.entry, self._value)
        reading = parse_value(self.entry, text)
        if reading.findings and reading.value in (None, ()):
            told = "；".join(f"要求{one.expected}，填的是{one.found}" for one in reading.findings)
            return TypedValue(self.entry, self._value, f"“{self.entry.label}”不能保存：{told}。")
        return TypedValue(self.entry, reading.value, doubts=reading.findings)

    @property
    def is_changed(self) -> bool:
        """Whether something else stands there than before."""
        typed = self.read()
        return bool(typed.problem or typed.value != self._value)

    def _controls(self) -> tuple[widgets.Widget, ...]:
        boxes = isinstance(self._control, widgets.HBox)
        return tuple(self._control.children) if boxes else (self._control,)

    def _make(self, entry: EditableField, value: Any, shown: str) -> widgets.Widget:
        if entry.kind == "options":
            words = dict.fromkeys((*entry.options, *(value or ())))
            boxes = [
                widgets.Checkbox(
                    value=word in (value or ()),
                    description=word,
                    indent=False,
                    layout={"width": "auto"},
                )
                for word in words
            ]
            return hbox(*boxes, classes=("kj-options",))
        if entry.kind == "gender":
            return widgets.ToggleButtons(
                options=list(dict.fromkeys((_NONE, "男", "女", value or _NONE))),
                value=value or _NONE,
                style={"button_width": "60px"},
            )
        text = "" if self._veiled else format_value(entry, value)
        hint = f"{shown[:40]}（点“显示号码”后可改）" if self._veiled else _NONE
        if entry.kind in _ROWS:
            return widgets.Textarea(
                value=text, placeholder=hint, rows=_ROWS[entry.kind], layout={"width": "100%"}
            )
        return add_classes(
            widgets.Text(value=text, placeholder=hint, layout={"width": "100%"}), "kj-left"
        )

    def _text(self) -> str:
        if self.entry.kind == "options":
            return "、".join(box.description for box in self._control.children if box.value)
        value = str(self._control.value)
        return "" if self.entry.kind == "gender" and value == _NONE else value


class FieldEditors:
    """Several fields of one record, one below the other; what was typed out of sight is kept."""

    def __init__(self, on_edit: Callable[[], None]) -> None:
        self._on_edit, self._kind = on_edit, ""
        self._parts: dict[tuple[str, str], FieldEditor] = {}
        self.widget = vbox(classes=("kj-editors",))

    def clear(self) -> None:
        """Forget what was typed before."""
        self._parts.clear()

    def fill(self, kind: str, names: tuple[str, ...], values: Any, *, open: bool = True) -> None:
        """Show fields with the values that an object holds under their names."""
        self._kind = kind
        shown = []
        for entry in (entry for name in names if (entry := editable_field(kind, name))):
            part = self._parts.get((kind, entry.name))
            if part is None or (part.open != open and not part.is_changed):
                value = getattr(values, entry.name)
                part = FieldEditor(kind, entry, value, self._on_edit, open=open)
                self._parts[kind, entry.name] = part
            shown.append(part.widget)
        self.widget.children = shown

    def read(self) -> list[TypedValue]:
        """Return the fields that were changed, or cannot be read."""
        parts = [part for (kind, _), part in self._parts.items() if kind == self._kind]
        typed = [(part, part.read()) for part in parts]
        return [one for part, one in typed if part.is_changed]


def fields_edited_together(kind: str, name: str) -> tuple[str, ...]:
    """Return the fields edited at once: options with what 其他 says, an opinion with its date."""
    stem = name.removesuffix(OTHER_SUFFIX)
    pair = {"recommendation": ("recommend_date",), "recommend_date": ("recommendation",)}
    names = (stem, f"{stem}{OTHER_SUFFIX}", *pair.get(name, ()))
    return tuple(entry.name for entry in editable_fields(kind) if entry.name in names)
