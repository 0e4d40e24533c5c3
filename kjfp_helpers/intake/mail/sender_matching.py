"""Whose mail it is: by the sender's domain, by the subject, then by the materials' own words."""

from collections.abc import Iterable

from kjfp_helpers.rules import Unit


class SenderMatcher:
    """Looks up units by domain and by name; two that fit equally well are nobody.

    A domain that several units share tells none of them: the words decide.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        domains: dict[str, set[str]] = {}
        names: dict[str, set[str]] = {}
        for unit in units:
            for domain in unit.domains:
                domains.setdefault(domain.lower(), set()).add(unit.code)
            for name in (unit.name, unit.short_name, *unit.aliases):
                if len(name) > 1:
                    names.setdefault(name, set()).add(unit.code)
        self._domains = {domain: _only(codes) for domain, codes in domains.items()}
        self._names = sorted(names.items(), key=lambda item: (-len(item[0]), item[0]))

    def unit_of_address(self, address: str) -> str:
        """Return the unit whose mail domain an address lies in, ``""`` for none."""
        domain = address.rpartition("@")[2].lower()
        while domain:
            if domain in self._domains:
                return self._domains[domain]
            domain = domain.partition(".")[2]
        return ""

    def unit_of_text(self, text: str) -> str:
        """Return the unit of the longest name in a text, ``""`` for none or for several."""
        found: set[str] = set()
        longest = 0
        for name, codes in self._names:
            if len(name) < longest:
                break
            if name in text:
                found |= codes
                longest = len(name)
        return _only(found)

    def find_unit(self, addresses: Iterable[str], words: Iterable[str]) -> str:
        """Return the unit by the first address that is known, else by the first words."""
        for address in addresses:
            if unit := self.unit_of_address(address):
                return unit
        for text in words:
            if unit := self.unit_of_text(text):
                return unit
        return ""


def _only(codes: set[str]) -> str:
    return next(iter(codes)) if len(codes) == 1 else ""
