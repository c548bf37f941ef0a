"""The day (and time) of publication that most trust stands behind."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from cleaner.data import metadata_tables
from cleaner.metadata.votes import Ballot, Winner
from cleaner.model import Claim
from cleaner.text.dates import iso_date, readings

__all__ = ["choose_date"]

_FIRST = "1990"
_PROSE = (
    0.4  # share of trust of JSON-LD with a date in words: filled by a template, often with the day of the last edit
)
_MACHINE = re.compile(r"\d{4}-?\d\d|\d{10}")
# The hour of Greenwich at which a day begins in Central Europe: a day without a time was stored as its midnight.
_MIDNIGHT = re.compile(r"\d{4}-(?:(?:0[4-9]|10)-\d\dT22|(?:0[1-3]|1[0-2])-\d\dT23):00:00Z")
_DASHED = re.compile(r"\d\d?-\d\d?-\d{4}")  # day and month are written in both orders, also in America
_AMERICAN = ("en_us", "en", "")  # locales of pages whose 03/04/2025 is the fourth of March


def choose_date(
    field: str, claims: Sequence[Claim], locale: str, crawled: str | None, changed: Sequence[Claim] = ()
) -> Winner[str] | None:
    """The day that most trust stands behind, with the time of the most trusted source that has one.

    Args:
        field: `date` or `date_modified`.
        claims: the claims for it, as they are written.
        locale: of the page, such as `en_US`; settles a date like 03/04/2025 that no other source confirms.
        crawled: ISO 8601; later dates are no dates of this page.
        changed: claims of a date of change, one of which is taken where no date of publication is stated.
    """
    ballot: Ballot[str] = Ballot(field, lambda iso: iso[:10])
    for iso, source, share in _dated(claims, locale):
        if iso >= _FIRST and not (crawled and iso[:10] > crawled[:10]):
            ballot.add(iso, source, share)
    best = _earlier_on_the_page(ballot)
    if best is None and changed:
        fallback = choose_date("date_modified", changed, locale, crawled)
        return fallback and Winner(fallback.value, f"{fallback.source} (date of change)", fallback.votes)
    return _with_time(ballot, best) if best else None


def _dated(claims: Sequence[Claim], locale: str) -> list[tuple[str, str, float]]:
    """ISO date, source and share of trust of each claim; where day and month could be either way round, the reading that others share."""
    month_first = locale.replace("-", "_").lower() in _AMERICAN
    known = {days[0][:10] for c in claims if len(days := readings(str(c.value))) == 1}
    out = []
    for claim in claims:
        both = readings(str(claim.value))
        shared = [iso for iso in both if iso[:10] in known]
        day_first = not month_first or bool(_DASHED.match(str(claim.value)))
        iso = shared[0] if shared else iso_date(str(claim.value), day_first=day_first)
        if iso and _MIDNIGHT.match(iso) and locale[:2].lower() in metadata_tables()["words"]["central_europe"]:
            iso = (datetime.date.fromisoformat(iso[:10]) + datetime.timedelta(days=1)).isoformat()
        if iso:
            prose = claim.source.startswith("json-ld") and not _MACHINE.match(str(claim.value))
            out.append((iso, claim.source, _PROSE if prose else 1.0))
    return out


def _earlier_on_the_page(ballot: Ballot[str]) -> Winner[str] | None:
    """The winner, unless the page shows its readers an earlier day: then the winner is the day of a new edition."""
    best = ballot.winner()
    if (
        best is None
        or best.source.startswith("meta citation_")
        or any(row[3].startswith("visible") for row in ballot.rows[best.value[:10]])
    ):
        return best
    for key, rows in ballot.rows.items():
        kinds = {row[3] for row in rows if row[3].startswith("visible")}
        if len(kinds) > 1 and str(key) < best.value[:10]:
            row = max(rows)
            return Winner(row[2], row[3], best.votes)
    return best


def _with_time(ballot: Ballot[str], best: Winner[str]) -> Winner[str]:
    if len(best.value) > 10:
        return best
    timed = [row for row in ballot.rows[best.value] if len(row[2]) > 10]
    return Winner(max(timed)[2], max(timed)[3], best.votes) if timed else best
