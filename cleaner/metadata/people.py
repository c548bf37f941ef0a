"""The authors that most trust stands behind."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.metadata.votes import Ballot, Winner
from cleaner.model import Claim
from cleaner.text.lexicon import words_of
from cleaner.text.people import clean_people, is_company, is_person
from cleaner.text.sites import site_keys, squeezed

__all__ = ["choose_authors"]

_SITE = 0.3  # share of its trust that a claim gives to the site itself, or to a company, as the author
_OWNER = 0.7  # the same where the site bears what may be the name of a person, who writes it
_HANDLE = 0.7  # the same for single words, which may be names of users


def choose_authors(claims: Sequence[Claim], names: Sequence[str], url: str | None) -> Winner[tuple[str, ...]] | None:
    """The names that most trust stands behind; sets that agree up to order add up.

    The site itself is an author only where nobody else is: it is left out beside persons, and counts less alone.
    """
    keys = site_keys(names, url)
    ballot: Ballot[tuple[str, ...]] = Ballot("authors", _key)
    rows = []
    for claim in claims:
        people = clean_people([claim.value] if isinstance(claim.value, str) else claim.value, site=keys)
        own = tuple(name for name in people if squeezed(name) not in keys)
        if people:
            rows.append((own or people, claim.source, _share(people, own)))
    for people, source, share in rows:
        ballot.add(people, source, share)
    return ballot.winner()


def _share(people: tuple[str, ...], own: tuple[str, ...]) -> float:
    """How much of its trust a claim gives to these names, of which `own` are not the site's."""
    if not own:
        return _OWNER if all(map(is_person, people)) else _SITE
    if all(map(is_company, own)):
        return _SITE
    return _HANDLE if all(len(name.split()) == 1 for name in people) else 1.0


def _key(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(words_of(name)) for name in names)
