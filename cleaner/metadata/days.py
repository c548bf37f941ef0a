"""The day (and time) of publication that most trust stands behind."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.metadata.votes import Ballot, Winner
from cleaner.model import Claim
from cleaner.text.dates import iso_date

__all__ = ["choose_date"]

_FIRST = "1990"


def choose_date(field: str, claims: Sequence[Claim], crawled: str | None) -> Winner[str] | None:
    """The day that most trust stands behind, with the time of the most trusted source that has one.

    A day before 1990 counts only where the page states it in its own data; one after `crawled` (ISO 8601) never does.
    """
    ballot: Ballot[str] = Ballot(field, lambda iso: iso[:10])
    for claim in claims:
        iso = iso_date(claim.value) if isinstance(claim.value, str) else None
        if not iso or (crawled and iso[:10] > crawled[:10]) or iso < _FIRST:
            continue
        ballot.add(iso, claim.source)
    best = ballot.winner()
    if best and len(best.value) == 10:
        timed = [row for row in ballot.rows[best.value] if len(row[2]) > 10]
        if timed:
            row = max(timed)
            return Winner(row[2], row[3], best.votes)
    return best
