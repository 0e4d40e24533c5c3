"""The queue's screen as a person uses it: buttons by their words, items by what they say."""

import ipywidgets as widgets

from kjfp_helpers import panels
from kjfp_helpers.panels.queue.item_list import ListWidget
from kjfp_helpers.panels.queue.queue_page import QueuePage
from kjfp_helpers.panels.queue.unit_picker import UnitPicker
from support.pages.widget_tree import press_in_list


class QueueScreen:
    """The queue by itself, or in front of the other tabs of its page (``whole``)."""

    def __init__(self, session, *, whole=False):
        self.session = session
        if whole:
            self.widget = panels.show_intake(session)
            (self.tabs,) = (one for one in self.parts() if type(one) is widgets.Tab)
            self.queue = self.tabs.children[0]
        else:
            self.widget = self.queue = QueuePage(session, lambda: None).widget

    def parts(self, widget=None):
        widget = widget or self.widget
        yield widget
        for child in getattr(widget, "children", ()):
            yield from self.parts(child)

    def shown(self, widget=None):
        """Widgets that are on the screen."""
        widget = widget or self.queue
        if "kj-gone" in widget._dom_classes:
            return
        yield widget
        for child in getattr(widget, "children", ()):
            yield from self.shown(child)

    def of_kind(self, kind):
        return [one for one in self.parts(self.queue) if type(one) is kind]

    def visible(self, kind):
        return [one for one in self.shown() if type(one) is kind]

    def by_class(self, name):
        return next(one for one in self.parts() if name in one._dom_classes)

    @property
    def text(self):
        return "\n".join(one.value for one in self.visible(widgets.HTML))

    @property
    def everything(self):
        """All that the page holds, typed and offered words too."""
        words = []
        for one in self.parts(self.queue):
            words += [
                str(getattr(one, name, "")) for name in ("value", "placeholder", "description")
            ]
            words += [str(option) for option in getattr(one, "options", ())]
        return "\n".join(words)

    @property
    def card(self):
        return self.by_class("kj-item").value

    @property
    def past(self):
        return self.by_class("kj-history").value

    @property
    def list(self):
        return next(one for one in self.parts() if isinstance(one, ListWidget))

    @property
    def lines(self):
        return {row["key"]: f"{row['about']}　{row['told']}" for row in self.list.rows}

    @property
    def keys(self):
        return list(self.lines)

    @property
    def current(self):
        return self.list.current

    def pick(self, key):
        press_in_list(self.list, key)

    def walk(self):
        for key in self.keys:
            self.pick(key)
            yield key

    def go(self, words):
        """Go to the item whose line, or else whose card, has these words."""
        for key, line in self.lines.items():
            if words in line:
                self.pick(key)
                return
        for _ in self.walk():
            if words in self.card:
                return
        raise AssertionError(words)

    def click(self, words):
        next(one for one in self.visible(widgets.Button) if one.description == words).click()

    def toggle(self, words):
        button = next(one for one in self.visible(widgets.ToggleButton) if one.description == words)
        button.value = not button.value

    def _choice(self, words):
        return next(
            one
            for one in self.visible(widgets.ToggleButtons)
            if words in [str(o[0] if isinstance(o, tuple) else o) for o in one.options]
        )

    @property
    def answers(self):
        """The choice among the answers that the item can have."""
        return self.by_class("kj-answering").children[0]

    def answer(self, words):
        self._choice("更正").value = words

    def state(self, words):
        self._choice("待处理").value = words

    def kind_of_form(self, words):
        self._choice(words).label = words

    def reason(self):
        return self.by_class("kj-reason")

    def texts(self):
        """The lines to type values into, from the top."""
        return [one for one in self.visible(widgets.Text) if "kj-reason" not in one._dom_classes]

    def titles(self):
        """Labels of the lines to type into."""
        found = []
        for one in self.shown():
            if "kj-editor" in one._dom_classes and type(one.children[1]) is widgets.Text:
                found.append(one.children[0].value.split("<b>")[1].split("</b>")[0])
        return found

    def box(self, words):
        return next(one for one in self.visible(widgets.Checkbox) if words in one.description)

    def dropdown(self, words):
        return next(
            one
            for one in self.visible(widgets.Dropdown)
            if words in [label for label, _ in one.options]
        )

    def combobox(self):
        (found,) = self.visible(UnitPicker)
        return found

    def events(self, kind):
        return [event for event in self.session.ledger.events() if isinstance(event.body, kind)]
