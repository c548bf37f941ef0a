"""trafilatura, called once a page for both its body and its metadata."""

from __future__ import annotations

from cleaner.model import Claim

__all__ = ["run_trafilatura"]

_FIELDS = (
    ("title", "title"),
    ("date", "date"),
    ("sitename", "site_name"),
    ("url", "url"),
    ("description", "description"),
    ("image", "image"),
    ("license", "license"),
)


def run_trafilatura(text: str, url: str | None) -> tuple[str, tuple[Claim, ...]]:
    """The body text (empty where none was found) and the metadata claims of trafilatura on a page.

    It parses the page again, since it needs the elements of `lxml.html` and changes them.
    """
    import trafilatura

    found = trafilatura.bare_extraction(text, url=url, include_comments=False, with_metadata=True)
    if found is None:
        return "", ()
    data = found if isinstance(found, dict) else found.as_dict()
    claims = [Claim(field, str(data[name]), "trafilatura") for name, field in _FIELDS if data.get(name)]
    if data.get("author"):
        claims.append(Claim("authors", tuple(data["author"].split("; ")), "trafilatura"))
    tags = tuple(dict.fromkeys([*(data.get("tags") or ()), *(data.get("categories") or ())]))
    if tags:
        claims.append(Claim("tags", tags, "trafilatura"))
    return str(data.get("text") or ""), tuple(claims)
