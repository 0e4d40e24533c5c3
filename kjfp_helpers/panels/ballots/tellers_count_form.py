"""Counting a vote: two tellers one after the other, neither sees what the other wrote."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import BallotCounted, BallotOpened, BallotVoided
from kjfp_helpers.panels.ballots.paper_entry import PaperEntry
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    message_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.selection.ballot_papers import PaperCount, count_papers
from kjfp_helpers.selection.meeting_ballots import (
    Ballot,
    find_count_faults,
    find_same_account,
)
from kjfp_helpers.selection.point_papers import gives_points, purpose_title, vote_titles
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.office_conflicts import conflict_error
from kjfp_helpers.state.revocations import has_two_names


class NumberEntry:
    """A small field for a number; blank is no number. In ``box`` it stands behind its title."""

    def __init__(self, title: str) -> None:
        text = widgets.Text(placeholder="请填整数", layout={"width": "84px"})
        self.text = name_control(text, title)
        self.box = hbox(html_widget(render_template("entry_title", title=title)), self.text)

    @property
    def number(self) -> int | None:
        """The number, ``None`` where none stands there."""
        said = self.text.value.strip()
        return int(said) if said.isdecimal() else None

    @number.setter
    def number(self, value: int | None) -> None:
        self.text.value = "" if value is None else str(value)


class BallotCountForm:
    """The fields of one count; they are blank again as soon as it is saved."""

    def __init__(self, session: RoundSession, on_done: Callable[[], None]) -> None:
        self._session, self._done = session, on_done
        self._ballot: Ballot | None = None
        self._cells: dict[str, tuple[NumberEntry, ...]] = {}
        self._head, self._grid = html_widget(), vbox()
        self._teller = widgets.Text(placeholder="姓名", layout={"width": "120px"})
        self._returned, self._spoiled = NumberEntry("收回票数"), NumberEntry("废票")
        self._save = widgets.Button(description="保存计票", button_style="primary")
        self._reason = widgets.Text(placeholder="作废的理由", layout={"width": "260px"})
        self._by = [
            widgets.Text(placeholder=f"经办人{n}", layout={"width": "100px"}) for n in "一二"
        ]
        self._void = widgets.Button(description="作废此次投票", button_style="danger")
        self._saving = SaveStatus(session, "", before="")
        self._papers = PaperEntry(self._saving, self._show_sums)
        who = html_widget('<span class="kj-small kj-muted">计票人</span>')
        may = session.access().may_record
        self._counts = may(BallotCounted)
        self._barred = html_widget()
        self._fields = vbox(
            hbox(who, self._teller, self._returned.box, self._spoiled.box), self._grid
        )
        voiding = hbox(self._reason, *self._by, self._void)
        self._body = vbox(
            self._head,
            *([self._barred, self._fields, self._save, self._papers] if self._counts else []),
            *([voiding] if may(BallotVoided) else []),
            classes=("kj-pane", "kj-decision"),
        )
        self.widget = vbox(self._body, self._saving.widget)
        self._save.on_click(lambda _: self._count())
        self._void.on_click(lambda _: self._discard())

    def show(self, ballots: Sequence[Ballot]) -> None:
        """Show the fields of the first vote that is being counted."""
        ballot = ballots[0] if ballots else None
        set_visible(self._body, ballot is not None)
        before, self._ballot = self._ballot, ballot
        if ballot is None:
            return
        self._head.value = render_template(
            "ballot_counting",
            title=ballot.title,
            purpose=purpose_title(ballot.opened),
            issued=ballot.opened.issued,
            tellers=list(ballot.counts),
            faults=ballot.faults,
        )
        refused = (
            conflict_error(
                self._session.current_state(),
                self._session.access(),
                BallotCounted,
                ballot.opened.cases,
            )
            if self._counts
            else None
        )
        self._bar(str(refused) if refused else "")
        if self._counts and (before is None or before.opened != ballot.opened):
            self._lay_out(ballot.opened)

    def _bar(self, problem: str) -> None:
        """Take the fields from who is tied to a case of the vote, and say who can count."""
        self._barred.value = message_widget(problem).value if problem else ""
        for part in (self._fields, self._save):
            set_visible(part, not problem)

    def _lay_out(self, opened: BallotOpened) -> None:
        names = vote_titles(opened)
        heads = [html_widget(name, "kj-small", "kj-muted", "kj-votes") for name in names]
        lines = [hbox(html_widget("", "kj-votes-name"), *heads)]
        cases = self._session.current_state().screening.case_by_id
        self._cells = {}
        for case in opened.cases:
            self._cells[case] = tuple(NumberEntry(f"{cases[case].name}，{name}") for name in names)
            recused = len(set(opened.recused.get(case, ())) & set(opened.present))
            label = render_template(
                "ballot_case", name=cases[case].name, case=case, recused=recused
            )
            lines.append(
                hbox(html_widget(label, "kj-votes-name"), *(e.text for e in self._cells[case]))
            )
        self._papers.offer(opened, [cases[case].name for case in opened.cases])
        self._grid.children = [add_classes(line, "kj-votes-row") for line in lines]

    def _count(self) -> None:
        assert self._ballot is not None
        opened, teller = self._ballot.opened, self._teller.value.strip()
        body = self._body_of(opened, teller)
        ruling = self._session.round.notice.ruling
        faults = (
            [*find_count_faults(opened, body, ruling), *self._teller_faults(body)]
            if body
            else ["计票人、收回、废票和各件票数都须填写"]
        )
        again = teller in self._ballot.counts
        who = self._session.actor_label(BallotCounted, teller) if teller else ""
        note = f"{teller}的计票已{'更正' if again else '保存'}"
        problem = "；".join(faults) + "。" if faults else None
        if (
            self._saving.record_if_valid(problem, *([body] if body else []), note=note, actor=who)
            is not None
        ):
            self._clear()
            self._done()

    def _body_of(self, opened: BallotOpened, teller: str) -> BallotCounted | None:
        """Return the count, ``None`` while something is blank."""
        returned, spoiled = self._returned.number, self._spoiled.number
        given = {case: [cell.number for cell in cells] for case, cells in self._cells.items()}
        numbers = [number for one in given.values() for number in one]
        if not teller or returned is None or spoiled is None or None in numbers:
            return None
        votes = {}
        for case, one in given.items():
            away = len(set(opened.recused.get(case, ())) & set(opened.present))
            yes, no, abstained = one if len(one) == 3 else (one[0], 0, None)
            left = max(returned - spoiled - away - (yes or 0), 0)
            abstained = 0 if gives_points(opened) else abstained
            votes[case] = (yes or 0, no or 0, left if abstained is None else abstained)
        access = self._session.access()
        return BallotCounted(
            ballot=opened.ballot,
            teller=teller,
            returned=returned,
            spoiled=spoiled,
            votes=votes,
            papers=self._papers.lines,
            account="" if access.is_unrestricted else access.user,
        )

    def _teller_faults(self, body: BallotCounted) -> list[str]:
        """Return why this account, or these papers, cannot stand for the count."""
        assert self._ballot is not None
        faults, access = [], self._session.access()
        names = [row.name for row in access.round.roles if row.user == body.account]
        if names and body.teller not in names:
            faults.append(f"账号“{body.account}”登记的姓名是{names[0]}，计票人请照此填写")
        if other := find_same_account(body, self._ballot.counts):
            faults.append(f"{other}已用账号“{body.account}”计票，第二人须用自己的账号")
        if body.papers:
            try:
                counted = count_papers(body.papers, self._ballot.opened)
            except KjfpError as error:
                return [*faults, str(error).rstrip("。")]
            if (counted.returned, counted.spoiled, counted.votes) != (
                body.returned,
                body.spoiled,
                body.votes,
            ):
                faults.append("合计与逐票录入不符，请再按“按票汇总”，或清空逐票录入")
        return faults

    def _show_sums(self, counted: PaperCount) -> None:
        """Fill in the figures that the papers sum up to; nothing is saved yet."""
        self._returned.number, self._spoiled.number = counted.returned, counted.spoiled
        for case, cells in self._cells.items():
            for cell, number in zip(cells, counted.votes[case], strict=False):
                cell.number = number
        self._saving.mark_edited()

    def _discard(self) -> None:
        assert self._ballot is not None
        reason, by = self._reason.value.strip(), tuple(one.value.strip() for one in self._by)
        body = BallotVoided(ballot=self._ballot.opened.ballot, reason=reason, by=by)
        named = reason and has_two_names(by)
        problem = None if named else "请先写明作废的理由和两名经办人（不同的人）。"
        if (
            self._saving.record_if_valid(problem, body, note=f"{self._ballot.title}已作废")
            is not None
        ):
            self._clear()
            self._done()

    def _clear(self) -> None:
        for line in (self._teller, self._reason, *self._by):
            line.value = ""
        for entry in (self._returned, self._spoiled, *(e for c in self._cells.values() for e in c)):
            entry.number = None
        self._papers.clear()
