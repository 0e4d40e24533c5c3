"""The scoring page as its handler sees it: the messages it sends, and the events recorded."""

import json

from kjfp_helpers.panels.scoring.scoring_handler import ScoringHandler


class Page:
    """A page that says exactly what it is told to say.

    With ``cards`` each case of a welcome has what is read of it.
    """

    cards = False

    def __init__(self, session, window="w1", member="M01", declared=True, *, cards=False):
        self.session, self.window, self.count, self.cards = session, window, 0, cards
        self.handler = ScoringHandler(session, session.current_state(), member)
        self.welcome = self.say("hello")
        if declared and not self.welcome["declared"]:
            self.say("declare", statement="", none=True)
            self.welcome = self.say("hello")

    def say(self, type, **message):
        self.count += 1
        given = {"window": self.window, "request_id": f"{self.window}-{self.count}", **message}
        packet = getattr(self, "welcome", {}).get("packet")
        message = json.loads(json.dumps({"type": type, "packet": packet, **given}))
        reply = self.handler.handle(message)
        return with_cards(self.handler, reply) if self.cards else reply

    def save(self, case="1", base_seq=None, comment="", **message):
        answers = message.pop("answers", {"outcome": 80})
        return self.say(
            "save", case=case, base_seq=base_seq, answers=answers, comment=comment, **message
        )

    def ids(self, case="1"):
        kind = next(one["kind"] for one in self.welcome["cases"] if one["key"] == case)
        return [question["id"] for question in self.welcome["questions"][kind]]

    def full(self, mark, case="1"):
        return dict.fromkeys(self.ids(case), mark)


def with_cards(handler, reply):
    """Ask for what is read of each case of a welcome, as the page does one by one."""
    for case in reply.get("cases", ()) if reply else ():
        case["page"] = handler.handle({"type": "card", "window": "w", "case": case["key"]})["page"]
    return reply


def bodies(session, kind):
    return [event.body for event in session.ledger.events() if isinstance(event.body, kind)]
