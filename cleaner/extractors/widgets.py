"""Polls in an HTML page → data, from the form and result markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from cleaner.data import categories
from cleaner.model import Poll, PollOption
from cleaner.text.lexicon import vocabulary
from cleaner.text.normalize import tidy

if TYPE_CHECKING:
    from bs4 import Tag
    from lxml.etree import _Element

__all__ = ["find_polls"]

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s?%")
_NUMBER = r"\d[\d.,\u00a0 ]{0,12}"
_MOST_OPTIONS = 20
_HOLDERS = ("form", "div", "section", "aside", "fieldset", "article")
_MOST_HOLDERS = 100  # of them in an element that is still a widget and not a whole page
_ROWS = ("li", "tr", "div", "p", "dd", "label")
_ROW_LEVELS = 8  # elements around a percentage among which its row is looked for
_SIGN = re.compile("%")
_LARGEST = 100_000  # characters of an element that is still a widget and not a whole page


@cache
def _signs() -> tuple[str, ...]:
    return tuple(sign.lower() for sign in categories()["poll"]["places"])


@cache
def _sign() -> re.Pattern[str]:
    """What in the class or id of an element says poll."""
    return re.compile(rf"(?:^|[-_. '#])(?:{'|'.join(map(re.escape, categories()['poll']['places']))})", re.IGNORECASE)


@cache
def _votes() -> re.Pattern[str]:
    """A number of votes."""
    return re.compile(rf"({_NUMBER})\s*(?:{_any_of('votes')})", re.IGNORECASE)


def _any_of(key: str) -> str:
    """The phrases of a list of the poll vocabulary as alternatives, longest first."""
    phrases = [r"\s+".join(map(re.escape, words)) for words in vocabulary("poll", key)]
    return "|".join(sorted(phrases, key=lambda p: (-len(p), p)))


def find_polls(tree: _Element, names: Iterable[str]) -> tuple[Poll, ...]:
    """The polls of a page in document order. `names` are those of its elements (`Layout.names`).

    A poll is an element with two or more radio options, or with two or more labelled percentages, whose class says
    poll, or whose text asks a question. Only the elements that may be one are read by the slow, forgiving parser.
    """
    marked = _sign().search("\n".join(name for name in set(names) if any(s in name.lower() for s in _signs())))
    if not marked and sum(i.get("type", "").lower() == "radio" for i in tree.iter("input")) < 2:
        return ()
    polls: list[Poll] = []
    for source in _candidate_sources(tree):
        polls += _polls_in(source)
    return tuple(polls)


def _candidate_sources(tree: _Element) -> Iterator[str]:
    """The source of the outermost elements that may be a poll."""
    from lxml import etree

    sign = _sign().search
    inside: set[_Element] = set()
    for element in tree.iter(*_HOLDERS):
        if element in inside:  # document order: an element comes after those around it
            continue
        named = sign(element.get("class") or "") or sign(element.get("id") or "")
        if not named and not (element.tag in ("form", "fieldset") and _radios(element) >= 2):
            continue
        holders = list(islice(element.iter(*_HOLDERS), _MOST_HOLDERS + 1))
        if len(holders) > _MOST_HOLDERS:  # a whole page whose class says poll: the widget is further in
            continue
        inside.update(holders)
        source = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        if len(source) <= _LARGEST:
            yield source


def _radios(element: _Element) -> int:
    return sum(i.get("type", "").lower() == "radio" for i in element.iter("input"))


def _polls_in(source: str) -> Iterator[Poll]:
    from bs4 import BeautifulSoup

    seen: set[int] = set()
    for element in _candidates(BeautifulSoup(source, "lxml")):
        if not seen.isdisjoint(map(id, (element, *element.parents))):
            continue
        options = _options(element)
        question = _question(element, [o.label for o in options])
        if len(options) >= 2 and question:
            seen.add(id(element))
            yield Poll(question, tuple(options), _total(element))


def _candidates(soup: Tag) -> Iterator[Tag]:
    for element in soup.find_all(list(_HOLDERS)):
        marked = _sign().search(" ".join(element.get_attribute_list("class")) + " " + str(element.get("id") or ""))
        if marked or (element.name in ("form", "fieldset") and len(element.find_all("input", type="radio")) >= 2):
            yield element


def _options(element: Tag) -> list[PollOption]:
    """Radio labels, with the percentages of the result rows where they are told."""
    results = {o.label.lower(): o for o in _results(element)}
    labels = [
        label for radio in element.find_all("input", type="radio")[:_MOST_OPTIONS] if (label := _label(element, radio))
    ]
    if len(labels) >= 2:
        return [results.get(label.lower(), PollOption(label)) for label in dict.fromkeys(labels)]
    return list(results.values())[:_MOST_OPTIONS]


def _label(element: Tag, radio: Tag) -> str:
    ident = radio.get("id")
    label = element.find("label", attrs={"for": ident}) if ident else None
    label = label or radio.find_parent("label")
    if label is not None:
        return _bare(label.get_text(" "))
    follower = radio.next_sibling
    return _bare(follower if isinstance(follower, str) else str(radio.get("value") or ""))


def _results(element: Tag) -> Iterator[PollOption]:
    """The innermost elements around each percentage whose text is a label and no other percentage."""
    seen: set[int] = set()
    for sign in element.find_all(string=_SIGN):
        around = (row for row in islice(sign.parents, _ROW_LEVELS) if row.name in _ROWS)
        row = next((row for row in around if _bare(_row_text(row))), None)
        if row is None or id(row) in seen:
            continue
        seen.add(id(row))
        text = _row_text(row)
        percents = _PERCENT.findall(text)
        if len(percents) == 1 and len(text) < 200:
            votes = _votes().search(text)
            number = float(percents[0].replace(",", "."))
            count = int(re.sub(r"\D", "", votes[1])) if votes else None
            yield PollOption(_bare(text), int(number) if number.is_integer() else number, count)


def _row_text(row: Tag) -> str:
    """The text of a row of results; with its term, where the row is `<dd>12%</dd>` after `<dt>Yes</dt>`."""
    term = row.find_previous_sibling() if row.name == "dd" else None
    return tidy((term.get_text(" ") + " " if term is not None and term.name == "dt" else "") + row.get_text(" "))


def _bare(text: str) -> str:
    """An option's label without its numbers."""
    text = _votes().sub("", _PERCENT.sub("", tidy(str(text))))
    return tidy(text.strip(" :()-–—•|,"))


def _question(element: Tag, labels: list[str]) -> str | None:
    for found in element.find_all(["legend", "h1", "h2", "h3", "h4", "h5", "p", "strong", "span", "div", "label"]):
        text = tidy(found.get_text(" "))
        if text.endswith("?") and 8 <= len(text) <= 300 and text not in labels:
            return text
    return None


def _total(element: Tag) -> int | None:
    word = re.compile(rf"(?<![^\W\d_])(?:{_any_of('total')})(?![^\W\d_])", re.IGNORECASE)
    for piece in element.find_all(string=word):
        number = re.search(r"\d[\d.,\u00a0 ]*", str(piece.parent.get_text(" ") if piece.parent else piece))
        if number and (digits := re.sub(r"\D", "", number[0])):
            return int(digits)
    return None
