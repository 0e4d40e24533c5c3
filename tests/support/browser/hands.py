"""Two ways to use a screen: by mouse alone and by keyboard alone; both count what they do."""

IS_AT = "node => node === document.activeElement || node.contains(document.activeElement)"
IS_AHEAD = """node => {
  const at = document.activeElement ?? document.body;
  return at === document.body || Boolean(at.compareDocumentPosition(node) & (4 | 16));
}"""
FARTHEST = 250
"""Presses of Tab after which a control counts as out of reach."""


class Mouse:
    """Points and clicks; types only into the field that it clicked."""

    name = "mouse"

    def __init__(self, page) -> None:
        self.page, self.acts, self.farthest = page, 0, 0

    def press(self, target) -> None:
        """Press a button, tick a box, follow a link."""
        self.acts += 1
        target.click()

    def open_tab(self, title) -> None:
        """Bring a tab to the front."""
        self.press(_tab(self.page, title))

    def type(self, target, text) -> None:
        """Fill a field."""
        self.press(target)
        self.page.keyboard.insert_text(text)

    def choose(self, target, index) -> None:
        """Choose of a drop-down list; its open list is the browser's own and cannot be clicked here."""
        self.press(target)
        target.select_option(index=index)
        self.page.keyboard.press("Escape")


class Keyboard:
    """Goes from control to control with Tab, as somebody does who has no mouse."""

    name = "keyboard"

    def __init__(self, page) -> None:
        self.page, self.acts, self.farthest = page, 0, 0

    def go(self, target) -> None:
        """Tab to a control, forward or back."""
        target.wait_for()
        presses, key = 0, "Tab" if target.evaluate(IS_AHEAD) else "Shift+Tab"
        while not target.evaluate(IS_AT):
            if presses == FARTHEST:
                raise AssertionError(f"out of reach by keyboard: {target}")
            self.page.keyboard.press(key)
            presses += 1
        self.acts += presses
        self.farthest = max(self.farthest, presses)

    def press(self, target) -> None:
        """Press a button, tick a box, follow a link."""
        self.go(target)
        box = target.evaluate("node => node.matches('[type=checkbox], [type=radio]')")
        self._key("Space" if box else "Enter")

    def open_tab(self, title) -> None:
        """Bring a tab to the front: Tab to the titles, arrows along them, Enter."""
        wanted = _tab(self.page, title)
        wanted.wait_for()
        titles = wanted.locator("xpath=..").locator("[role=tab]")
        self.go(titles.locator("xpath=self::*[@tabindex='0']").first)
        for _ in range(titles.count()):
            if wanted.evaluate(IS_AT):
                break
            self._key("ArrowRight")
        self._key("Enter")

    def type(self, target, text) -> None:
        """Fill a field."""
        self.go(target)
        self.page.keyboard.insert_text(text)
        self.acts += 1

    def choose(self, target, index) -> None:
        """Choose of a drop-down list with the arrow keys."""
        self.go(target)
        for _ in range(index - target.evaluate("node => node.selectedIndex")):
            self._key("ArrowDown")

    def keys(self, *names) -> None:
        """Press keys of the screen's own."""
        for name in names:
            self._key(name)

    def _key(self, key) -> None:
        self.acts += 1
        self.page.keyboard.press(key)


def _tab(page, title):
    return page.locator(".lm-TabBar-tab:visible").filter(has_text=title).first
