"""What stands open before a list is ripe (clause 二): until then every list is a draft."""

from kjfp_helpers.derivation.frozen_rules import freeze_state
from kjfp_helpers.derivation.packet import gather_all
from kjfp_helpers.derivation.queue import answered
from kjfp_helpers.derivation.review import Review
from kjfp_helpers.derivation.tie_questions import open_ties
from kjfp_helpers.eligibility import reopened
from kjfp_helpers.events import MarksClosed, find_last
from kjfp_helpers.findings import Finding, Severity

_LISTED = ("listed", "added")


def open_findings(review: Review) -> tuple[Finding, ...]:
    """Return the findings that nobody answered in the queue and no ruling settled."""
    done = answered(review)
    settled = reopened.settled(review.cases, review.findings, review.events)
    return tuple(
        found
        for found in review.findings
        if found not in done
        and not {(found.case, found.code, mark) for mark in ("", found.mark)} & settled
    )


def open_points(review: Review) -> tuple[str, ...]:
    """Return what is not done yet before the list may be published, in Chinese; nothing if ripe.

    Members who have not declared, sealed or signed, marks that are not closed, rules that are not
    frozen, and names on the list with something to correct or to explain.
    """
    return (*_packets(review), *_round(review), *_names(review))


def draft_lines(review: Review) -> tuple[str, ...]:
    """Return the line that marks papers as a draft, nothing once the list is ripe."""
    points = open_points(review)
    return (f"草案，不得公布：{'；'.join(points)}",) if points else ()


def listed_with_questions(review: Review) -> list[str]:
    """Return the cases on the list with something to correct or to explain that nobody settled."""
    listed = review.shortlist[review.shortlist["status"].isin(_LISTED)]["case"]
    asked = {
        found.case for found in open_findings(review) if found.severity is not Severity.WARNING
    }
    return sorted(asked & set(listed))


def _packets(review: Review) -> list[str]:
    packets = [packet for packet in gather_all(review).values() if not packet.left]
    counts = {
        "声明": sum(bool(packet.declared) for packet in packets),
        "封存": sum(bool(packet.sealed) for packet in packets),
        "签字": sum(bool(packet.signed) and not packet.resign for packet in packets),
    }
    total = len(packets)
    open = [f"{what}{done}/{total}" for what, done in counts.items() if done < total]
    return [f"评委{'、'.join(open)}"] if open else []


def _round(review: Review) -> list[str]:
    points = []
    if find_last(review.events, MarksClosed) is None:
        points.append("评分未截止")
    if ties := open_ties(review):
        points.append(f"评委利害关系待裁定{len(ties)}项")
    if freeze_state(review.round, review.events) != "frozen":
        points.append("规则未冻结或有改动")
    return points


def _names(review: Review) -> list[str]:
    count = len(listed_with_questions(review))
    return [f"入围{count}件有未了结的问题"] if count else []
