"""A member at the scoring panel who uses the keyboard alone, and remembers what was typed."""

MOST = 15_000


class Member:
    """Types into a page; ``given`` holds the marks by the case's number and question."""

    def __init__(self, page):
        self.page, self.given, self.comments = page, {}, {}

    def declare(self):
        """No further tie: tick, go on, confirm."""
        self.page.wait_for_selector(".kp-declare", timeout=MOST)
        for key in ("Space", "Tab", "Enter"):
            self.page.keyboard.press(key)
        self.page.wait_for_selector(".kp-criterion", timeout=MOST)

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
        for mark in marks:
            self.page.keyboard.type(str(mark))
            if mark <= 10:
                self.page.keyboard.press("Enter")
        if any(mark < 60 or mark >= 95 for mark in marks):
            self.comments[self.number] = comment
            self.page.keyboard.insert_text(comment)
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("n")
        else:
            self.page.keyboard.press("Enter")

    def saved(self):
        """Wait until nothing is unsaved."""
        self.page.wait_for_function(
            "() => document.querySelector('.kp-queue').textContent === ''"
            " && !document.querySelector('.kp-state.dirty, .kp-state.failed')",
            timeout=MOST,
        )


def shown(page):
    """Return the marks of the case on the screen, as texts."""
    return page.eval_on_selector_all(".kp-mark", "nodes => nodes.map(node => node.innerText)")


def ledger_marks(desk, member):
    """Return the last marks and comments of a member by the case's number, from the ledger."""
    from kjfp_helpers.panels.packet import gather

    packet = gather(desk.review(), member)
    numbers = {case: str(number) for case, number in packet.numbers.items()}
    marks = {numbers[case]: marks for case, marks in packet.marks.items() if marks.seq}
    return (
        {key: one.scores for key, one in marks.items()},
        {key: one.comment for key, one in marks.items() if one.comment},
    )
