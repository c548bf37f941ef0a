"""What the address of a page says: which it is, and its day."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cleaner.extractors.metadata.scan import Scan
from cleaner.model import Claim
from cleaner.text.dates import iso_date

__all__ = ["address_claims", "own_address"]

_YEAR = r"(?<![0-9a-z])((?:19[9]|20[0-4])\d)"
_DAY = re.compile(_YEAR + r"([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9])", re.IGNORECASE)
_DAY_LAST = re.compile(_YEAR + r"/([01]?\d)/([0-3]?\d)(?=[/_.-]|$)")
_WRITTEN = re.compile(r"/((?:19|20)\d\d)/([^\W\d_]{3,12})/(\d{1,2})(?=/)")
_EUROPEAN = re.compile(r"(?<![0-9])(0[1-9]|[12]\d|3[01])[._-](0[1-9]|1[0-2])[._-](20[0-4]\d)(?![0-9])")


def own_address(found: Scan, url: str | None) -> str:
    """The page's address without scheme, query and fragment: as it was given, else as the page declares it."""
    declared = [href for rel, href in found.links if "canonical" in rel] + [v for n, v in found.metas if n == "og:url"]
    for address in [url, *declared]:
        if address and "//" in address:
            return "//" + address.split("//", 1)[1].split("#")[0].split("?")[0].rstrip("/")
    return ""


def address_claims(address: str) -> list[Claim]:
    """The day in the path, if there is one.

    >>> address_claims("//example.org/2024/03/05/river-rises")
    [Claim(field='date', value='2024-03-05', source='url')]
    """
    path = urlsplit(address).path
    for pattern, order in ((_DAY, (1, 3, 4)), (_DAY_LAST, (1, 2, 3)), (_EUROPEAN, (3, 2, 1))):
        match = pattern.search(path)
        if match:
            year, month, day = (int(match[i]) for i in order)
            if 1 <= month <= 12 and 1 <= day <= 31:
                return [Claim("date", f"{year}-{month:02}-{day:02}", "url")]
    words = _WRITTEN.search(path)
    written = iso_date(f"{words[3]} {words[2]} {words[1]}") if words else None
    return [Claim("date", written, "url")] if written else []
