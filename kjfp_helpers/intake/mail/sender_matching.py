"""Identify the sending unit: by mail domain, then by subject and text of the materials."""

from collections.abc import Iterable

from kjfp_helpers.rules import Unit


class SenderMatcher:
    """Looks up units by domain and by name; ambiguous matches give no unit.

    A domain shared by several units identifies none of them; then the names in the text decide.
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
        self._unit_by_domain = {domain: _single_code(codes) for domain, codes in domains.items()}
        self._codes_by_name = sorted(names.items(), key=lambda item: (-len(item[0]), item[0]))

    def unit_of_address(self, address: str) -> str:
        """Return the unit whose mail domain an address belongs to, ``""`` for none."""
        domain = address.rpartition("@")[2].lower()
        while domain:
            if domain in self._unit_by_domain:
                return self._unit_by_domain[domain]
            domain = domain.partition(".")[2]
        return ""

    def unit_of_text(self, text: str) -> str:
        """Return the unit with the longest name in a text, ``""`` for none or several."""
        matches: set[str] = set()
        longest = 0
        for name, codes in self._codes_by_name:
            if len(name) < longest:
                break
            if name in text:
                matches |= codes
                longest = len(name)
        return _single_code(matches)

    def find_unit(self, addresses: Iterable[str], texts: Iterable[str]) -> str:
        """Return the unit of the first known address, else of the first text that names one."""
        for address in addresses:
            if unit := self.unit_of_address(address):
                return unit
        for text in texts:
            if unit := self.unit_of_text(text):
                return unit
        return ""


def _single_code(codes: set[str]) -> str:
    return next(iter(codes)) if len(codes) == 1 else ""
