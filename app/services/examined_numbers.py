"""Counters of numbers held against the numbers that are there: one put back would give a number twice."""

from collections.abc import Iterator

from app.domain.errors import DomainError
from app.domain.examination import Code, Finding
from app.domain.numbering import reader_of
from app.services import definitions
from app.storage import numbers


def findings() -> Iterator[Finding]:
    """Counters that say less than was given already."""
    known = numbers.counters()
    for key, given in sorted(behind().items()):
        county, kind, year = key
        values = {"kind": kind, "year": year, "value": known.get(key, 0), "given": given}
        yield Finding(Code.NUMBERS_BEHIND, "", "", f"{county}/{kind}/{year}", values)


def behind() -> dict[numbers.Key, int]:
    """The highest serial given, of the counters that say less or are gone."""
    known, highest = numbers.counters(), dict[numbers.Key, int]()
    for county, releases in numbers.releases_in_use().items():
        readers = {(kind, reader_of(format_)) for kind, format_ in _formats(releases)}
        for number in numbers.given(county):
            for kind, reader in readers:
                if (read := reader.fullmatch(number)) is not None:
                    key = (county, kind, int(read["year"]))
                    highest[key] = max(highest.get(key, 0), int(read["serial"]))
    return {key: serial for key, serial in highest.items() if serial > known.get(key, 0)}


def _formats(releases: set[str]) -> set[tuple[str, str]]:
    """How numbers of each kind are or were written. One that cannot be read says nothing: that is found elsewhere."""
    found: set[tuple[str, str]] = set()
    for release in releases:
        try:
            found |= set(definitions.register_of(release).number_formats.items())
        except (DomainError, StopIteration):
            continue
    return found
