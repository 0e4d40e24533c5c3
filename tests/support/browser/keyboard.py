"""A member at the scoring panel who uses the keyboard alone, and remembers what was typed."""

from kjfp_helpers.core.events import ReadingsAssigned, ScoreGiven


class Member:
    """Types into a page; ``given`` holds the marks by the case's number and question."""

    def __init__(self, page):
        self.page, self.given, self.comments = page, {}, {}

    def declare(self):
        """No further tie: tick, go on, confirm."""
        self.page.wait_for_selector(".kp-declare")
        self.page.focus("#kp-none")  # Lab may take the focus once more while it still loads
        self.page.keyboard.press("Space")
        self.page.wait_for_function("document.querySelector('#kp-none').checked")
        for key in ("Tab", "Enter"):
            self.page.keyboard.press(key)
        self.page.wait_for_selector(".kp-criterion")

    @property
    def number(self):
        """Number of the case on the screen."""
        return self.page.eval_on_selector(".kp-jump", "node => node.value")

    def score(self, marks, comment=""):
        """Type the marks of the case on the screen, then go to the next unscored one."""
        questions = self.page.eval_on_selector_all(
            ".kp-mark", "nodes => nodes.map(node => node.dataset.question)"
        )
        self.given[self.number] = dict(zip(questions, map(float, marks), strict=True))
        self.type(marks)
        while shown(self.page) != [str(mark) for mark in marks]:  # a veil came: type them again
            self.page.wait_for_selector(".kp-cover", state="hidden")
            self.page.focus(".kp-mark")
            self.type(marks)
        if any(mark < 60 or mark >= 95 for mark in marks):
            self.comments[self.number] = comment
            self.page.keyboard.insert_text(comment)
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("n")
        else:
            self.page.keyboard.press("Enter")

    def type(self, marks):
        """Type marks; Enter records each."""
        for mark in marks:
            self.page.keyboard.type(str(mark))
            self.page.keyboard.press("Enter")

    def confirm(self):
        """Agree to what is asked: to get there takes another key than Enter."""
        self.page.wait_for_selector(".kp-agree")
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")

    def saved(self):
        """Wait until nothing is unsaved."""
        self.page.wait_for_function(
            "() => document.querySelector('.kp-queue').textContent === ''"
            " && !document.querySelector('.kp-state.dirty, .kp-state.failed')"
        )


def shown(page):
    """Return the marks of the case on the screen, as texts."""
    return page.eval_on_selector_all(
        ".kp-mark", "nodes => nodes.map(node => node.value || node.placeholder)"
    )


class Record:
    """What the ledger holds of a member, by the number of the case."""

    def __init__(self, session, member):
        self.session, self.member = session, member
        bodies = [event.body for event in session.ledger.events()]
        (assigned,) = [body for body in bodies if isinstance(body, ReadingsAssigned)]
        order = enumerate(assigned.readings[member], start=1)
        self.numbers = {case: str(number) for number, case in order}

    @property
    def marks(self):
        """Last marks of every case that has any event, and the comments that are not empty."""
        bodies = [event.body for event in self.session.ledger.events()]
        last = {
            self.numbers[body.case]: body
            for body in bodies
            if isinstance(body, ScoreGiven) and body.member == self.member
        }
        marks = {key: dict(body.scores) for key, body in last.items() if body.scores}
        return marks, {key: body.comment for key, body in last.items() if body.comment}


def reopen(page):
    """From the veil, by keyboard: one key opens the page again."""
    page.wait_for_selector(".kp-cover button", state="visible")
    page.wait_for_function("() => document.activeElement.matches('.kp-cover button')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kp-cover", state="hidden")
    page.wait_for_selector(".kp-mark")
