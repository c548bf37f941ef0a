"""The sketches of a site → its `House`: what stands in so many of its different articles that it is furniture.

More is asked of a line in the middle of the prose than of one at the edges, more of a sentence than of a scrap, and a
line that always stands above the same kind of text is its heading and stays: columns have titles, recipes ingredients.
A line that a rule knows needs least.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cleaner.data import thresholds
from cleaner.detectors.reading import read
from cleaner.detectors.rules import detect_rules
from cleaner.detectors.sites import OURS, House, HouseLine, habit_of
from cleaner.errors import DumpError
from cleaner.extractors.plain import BULLET, extract_text
from cleaner.model import Verdict
from cleaner.pipeline import clean
from cleaner.templates.copies import fold_copies
from cleaner.templates.sketch import Place, Sketch, lines_of
from cleaner.text.fingerprint import pattern
from cleaner.text.lexicon import vocabulary, words_of
from cleaner.text.sentences import ends_sentence

__all__ = ["learn_house"]

_STRUCTURE = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "caption", "pre", "code"])
_LETTERS = 2  # that a line must have to say anything


@dataclass(slots=True)
class _Tally:
    """In how many articles a line stands, by where; `text` is the smallest of its wordings.

    Of those in the middle (`inside`), `prose` stand above prose of the article's own, and `rows` above a short line.
    `structure` counts those that the HTML makes a heading, a row of a list or a table, or code.
    """

    text: str
    edge: int = 0
    inside: int = 0
    prose: int = 0
    rows: int = 0
    paths: Counter[str] = field(default_factory=Counter)
    structure: int = 0

    @property
    def total(self) -> int:
        return self.edge + self.inside


def learn_house(site: str, sketches: Iterable[Sketch], *, watch: bool = True) -> House | None:
    """What the articles of one site teach; None where there are fewer than `least_articles` different ones.

    With `watch` the rules are tried on some of the articles, so that the site can deny those it never bears out.
    """
    level = thresholds()["sites"]
    copies = [lines_of(sketch) for sketch in sketches]
    groups = fold_copies(copies)
    if len(groups) < level["least_articles"]:
        return None
    articles = [[copies[i] for i in group] for group in groups]
    by_key, by_pattern, base = _tally(articles)
    lines = {key: line for key, tally in by_key.items() if (line := _judge(tally, len(groups), base))}
    told = {(pattern(line.text), line.articles) for line in lines.values()}  # patterns that say no more than a line
    patterns = {
        key: line
        for key, tally in by_pattern.items()
        if (key, tally.total) not in told and (line := _judge(tally, len(groups), base))
    }
    places = {
        (path, key): replace(line, path=path)
        for key, tally in by_key.items()
        if key not in lines
        for path, line in _judge_places(tally, len(groups))
    }
    house = House(site, len(groups), lines, patterns, places)
    return _watch(house, [copies[0] for copies in articles]) if watch else house


def _tally(articles: Sequence[Sequence[list[Place]]]) -> tuple[dict[str, _Tally], dict[str, _Tally], float]:
    """Each line and each pattern, counted once for each article, where it stands in the first of its copies.

    The third is the share of the articles' own lines that stand above prose and not above a short line.
    """
    common = Counter(key for copies in articles for key in {line.key for lines in copies for line in lines})
    most = max(1, thresholds()["sites"]["prose_share"] * len(articles))
    own = {key for key, count in common.items() if count <= most}
    by_key: dict[str, _Tally] = {}
    by_pattern: dict[str, _Tally] = {}
    base: list[float] = []
    for copies in articles:
        seen: set[str] = set()
        for lines in copies:
            stand = _places(lines, own)
            base.append(_above_prose([places for line, places in zip(lines, stand, strict=True) if line.key in own]))
            for line, places in zip(lines, stand, strict=True):
                mask = pattern(line.text)
                for name, table in ((line.key, by_key), (mask, by_pattern)):
                    if name is not None and (key := f"{table is by_key}{name}") not in seen:
                        seen.add(key)
                        _note(table, name, line, places)
    return by_key, by_pattern, math.fsum(base) / len(base)


def _above_prose(places: Iterable[tuple[str, ...]]) -> float:
    """The share of lines above prose among those above prose or short lines; neither 0 nor 1, of which too much follows."""
    counts = Counter(place for line in places for place in line)
    return (counts["prose"] + 1) / (counts["prose"] + counts["rows"] + 2)


def _note(table: dict[str, _Tally], name: str, line: Place, places: Sequence[str]) -> None:
    tally = table.get(name)
    if tally is None:
        tally = table[name] = _Tally(line.text)
    tally.text = min(tally.text, line.text)
    for place in places:
        setattr(tally, place, getattr(tally, place) + 1)
    if line.path:
        tally.paths[line.path] += 1
        tally.structure += _is_structure(line.path)


def _is_structure(path: str) -> bool:
    """Whether the innermost element of a path is one that structures an article."""
    return re.split(r"[.#@~]", path.rpartition("/")[2], maxsplit=1)[0] in _STRUCTURE


def _places(lines: Sequence[Place], own: set[str]) -> list[tuple[str, ...]]:
    """For each line what it adds to its tally. The edges are above the first and below the last own prose."""
    level = thresholds()["sites"]
    sizes = [len(line.text.split()) if line.key in own else 0 for line in lines]
    closed = [line.key.startswith("#") or ends_sentence(line.text) for line in lines]
    prose = [i for i in range(len(lines)) if closed[i] and sizes[i] >= level["prose_words"]]
    if not prose:  # verses, lists, a few words: its own lines are its prose
        prose = [i for i, size in enumerate(sizes) if size]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    out: list[tuple[str, ...]] = []
    for i in range(len(lines)):
        if not first <= i <= last:
            out.append(("edge",))
        elif i == last or not sizes[i + 1]:
            out.append(("inside",))
        else:
            out.append(("inside", "prose" if closed[i + 1] and sizes[i + 1] >= level["headed_words"] else "rows"))
    return out


def _judge(tally: _Tally, articles: int, base: float) -> HouseLine | None:
    """The house line, if enough articles have it for where it stands and what it is."""
    level = thresholds()["sites"]
    if tally.total < max(level["ruled_count"], level["ruled_share"] * articles):
        return None
    verdict = _rule(tally.text)
    kind = None if _is_form(tally) and not verdict else _kind(tally, base)
    kind = "ruled" if verdict and kind else _second_opinion(kind, tally.text)
    if kind is None or tally.total < max(level[f"{kind}_count"], level[f"{kind}_share"] * articles):
        return None
    return _line(tally.text, tally.total, articles, verdict)


def _is_form(tally: _Tally) -> bool:
    """Whether a line is what articles of a kind are made of: `System requirements`, `- Memory: 8 GB`, `}`.

    The judge of HTML pages has seen the menus among such; what it keeps is more often the article's.
    """
    return 2 * tally.structure > tally.total or sum(map(str.isalpha, tally.text)) < _LETTERS


def _kind(tally: _Tally, base: float) -> str | None:
    """Where a line mostly stands and what it is; None for the heading of what follows it, which is never furniture."""
    level = thresholds()["sites"]
    if tally.edge >= level["edge"] * tally.total:
        return "edge"
    if ends_sentence(tally.text) or BULLET.match(tally.text):
        return "sentence"
    if len(tally.text.split()) > level["heading_words"]:
        return "inside"
    if tuple(words_of(tally.text)) in vocabulary("heading", "content"):
        return None
    if max(tally.prose, tally.rows) >= level["heads"] * tally.inside and not min(tally.prose, tally.rows):
        return None  # nothing speaks against a heading
    odds = _heading_odds(tally, base)
    return None if odds >= level["heading_odds"] else "heading" if odds >= level["perhaps_odds"] else "inside"


def _second_opinion(kind: str | None, text: str) -> str | None:
    """A line in the middle of the prose is asked as much as a sentence where the line model's words are sure that it is
    the article's, and a sentence no more than a scrap where they are sure that it is furniture.

    >>> _second_opinion("sentence", "Sign up for our newsletter to get the best stories in your inbox.")
    'inside'
    >>> _second_opinion("inside", "She said that he had told the police what happened that night, but nobody listened")
    'sentence'
    """
    from cleaner.detectors.weights import load_line_model  # needs numpy

    if kind not in ("inside", "sentence"):
        return kind
    odds, sure = load_line_model().table.score(words_of(text)), thresholds()["sites"]["opinion"]
    return "sentence" if odds >= sure else "inside" if odds <= -sure else kind


def _heading_odds(tally: _Tally, base: float) -> float:
    """How far what stands below a line speaks for a heading (log-odds).

    A heading stands above prose (or, as that of a recipe's list, above short lines) wherever it is; furniture stands
    above whatever comes, as the site's own lines do. House lines below say nothing.
    """
    sure = thresholds()["sites"]["heading_sure"]
    above_prose = tally.prose * math.log(sure / base) + tally.rows * math.log((1 - sure) / (1 - base))
    above_rows = tally.rows * math.log(sure / (1 - base)) + tally.prose * math.log((1 - sure) / base)
    return max(above_prose, above_rows)


def _judge_places(tally: _Tally, articles: int) -> Iterable[tuple[str, HouseLine]]:
    """Where in the HTML tree a line stands on so many pages that it is furniture at that place."""
    level = thresholds()["sites"]
    if sum(map(str.isalpha, tally.text)) < _LETTERS:
        return
    for path, count in sorted(tally.paths.items()):
        if not _is_structure(path) and count >= max(level["place_count"], level["place_share"] * articles):
            yield path, _line(tally.text, count, articles, _rule(tally.text))


def _line(text: str, count: int, articles: int, verdict: Verdict | None) -> HouseLine:
    share = round(count / articles, 3)
    return HouseLine(
        text, count, share, verdict.category if verdict else "boilerplate", verdict.evidence if verdict else ""
    )


def _rule(text: str) -> Verdict | None:
    """What the rules call a line that they know as a whole."""
    page = extract_text(text)
    verdicts = detect_rules(read(page), ()).verdicts
    whole = [v for v in verdicts if len(page.blocks) == 1 and (v.start, v.end) == (0, len(text))]
    return whole[0] if whole else None


def _watch(house: House, articles: Sequence[Sequence[Place]]) -> House:
    """The house with the habits of the rules on its text articles."""
    level = thresholds()["sites"]
    habits, watched = Counter[str](), 0
    for lines in articles[: int(level["watch_most"])]:
        if any(line.path for line in lines):
            continue
        watched += 1
        try:
            removed = clean("\n\n".join(line.text for line in lines), None, "text", house=house).removed
        except DumpError:
            continue
        found = [Verdict(0, 0, r.category, r.evidence, r.score) for r in removed if not r.evidence.startswith(OURS)]
        habits.update({name for verdict in found for name in (habit_of(verdict), verdict.category)})
    return replace(house, habits={name: count for name, count in sorted(habits.items()) if count > 1}, watched=watched)
