"""What the learned detector sees of each block of an HTML page: one row of numbers per feature, one column per block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.characters import codes_of, count_classes
from cleaner.detectors.places import places_of
from cleaner.detectors.scores import Index, Row, Scores, up
from cleaner.detectors.tokens import words_of
from cleaner.layout import Layout
from cleaner.model import Page

__all__ = ["features", "hidden_blocks"]

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_PROSE = 80  # characters of a block of prose
_PLACES = {
    "nav": ("nav",),
    "header": ("header",),
    "footer": ("footer",),
    "aside": ("aside",),
    "article": ("article",),
    "main": ("main",),
    "section": ("section",),
    "form": ("form",),
    "list": ("ul", "ol"),
    "item": ("li",),
    "table": ("table",),
    "figure": ("figure",),
    "caption": ("figcaption", "caption"),
    "definition": ("dl",),
    "pre": ("pre",),
    "paragraph": ("p",),
    "heading": ("h1", "h2", "h3", "h4", "h5", "h6"),
}
_PLACE_OF = {tag: tuple(n for n, tags in _PLACES.items() if tag in tags) for tags in _PLACES.values() for tag in tags}
_NAMED = (
    "comments",
    "related",
    "author_bio",
    "newsletter",
    "advertising",
    "navigation",
    "social",
    "caption",
    "copyright",
)
_CLOSED = re.compile(r"[.!?…。！？।؟][\"'”’»)\]]*$")


def features(page: Page, layout: Layout, scores: Scores) -> dict[str, NDArray[np.float32]]:
    """Feature name → its value for each block, float32. The page must have a block."""
    table = _Table(page, layout, scores)
    table.shape()
    table.places()
    table.names()
    table.containers()
    table.anchors()
    table.groups()
    table.neighbours()
    table.totals()
    return {name: np.asarray(row, dtype=np.float32) for name, row in table.rows.items()}


class _Table:
    """The rows of one page under construction, with the arrays that several of them need."""

    def __init__(self, page: Page, layout: Layout, scores: Scores) -> None:
        self.layout, self.scores = layout, scores
        self.texts = [page.text[b.start : b.end] for b in page.blocks]
        self.count = len(self.texts)
        self.index = np.arange(self.count)
        self.node = np.asarray(layout.node, dtype=np.intp)
        self.parents = np.asarray(layout.parents, dtype=np.intp)
        self.first = np.asarray(layout.first, dtype=np.intp)
        self.last = np.asarray(layout.last, dtype=np.intp)
        self.words = np.asarray([len(w) for w in scores.words], dtype=np.float32)
        self.chars = np.asarray([len(t) for t in self.texts], dtype=np.float32)
        self.linked = np.asarray(layout.link_chars, dtype=np.float32)
        self.density = self.linked / self.chars
        self.closed = np.asarray([bool(_CLOSED.search(t)) for t in self.texts])
        long = (self.chars >= _PROSE) | (self.words >= _PROSE / 2)  # a script without spaces says more in fewer letters
        self.prose = np.where(long & (self.density < 0.4), self.chars, 0.0)
        self.tag = [layout.tags[n] for n in layout.node]
        self.heading = np.asarray([t in _HEADINGS for t in self.tag])
        self.rows: dict[str, NDArray[Any]] = {}

    def total(self, values: Row, first: Index, last: Index) -> Row:
        """Sums of a per-block row over ranges of blocks."""
        sums = np.concatenate(([0.0], np.cumsum(values)))
        return sums[last] - sums[first]

    def shape(self) -> None:
        """The block by itself."""
        rows, texts, words, chars = self.rows, self.texts, self.words, self.chars
        rows["words"] = np.log1p(words)
        rows["chars"] = np.log1p(chars)
        rows["link_density"] = self.density
        rows["links"] = np.minimum(np.asarray(self.layout.links, dtype=np.float32), 30)
        rows["bold"] = np.asarray(self.layout.bold_chars, dtype=np.float32) / chars
        rows["word_length"] = chars / np.maximum(words, 1)
        rows["closed"] = self.closed
        of = count_classes(*codes_of(texts))
        rows["stops"] = of["stop"]
        rows["commas"] = of["comma"] / np.maximum(words, 1)
        rows["capitals"] = of["capital"] / np.maximum(words, 1)
        rows["digits"] = of["digit"] / chars
        rows["signs"] = of["sign"] / chars
        rows["unique"] = np.asarray([len(w) for w in self.scores.unique]) / np.maximum(words, 1)
        rows["text_score"] = self.scores.text
        rows["near_score"] = self.scores.near
        rows["far_score"] = self.scores.far
        rows["name_score"] = self.scores.near + self.scores.far
        rows["inline"] = np.asarray([bool(x) for x in self.layout.inline])
        rows["number"] = np.asarray(self.layout.number)

    def places(self) -> None:
        """The elements around the block: nesting levels above it of each telling tag (0 for none), and its own."""
        depth: list[int] = []
        for parent in self.layout.parents:
            depth.append(depth[parent] + 1 if parent >= 0 else 0)
        self.depth = np.asarray(depth, dtype=np.float32)
        depths = self.depth[self.node]
        innermost = {name: np.zeros(self.count, dtype=np.float32) for name in _PLACES}
        for i, tag in enumerate(self.layout.tags):
            for name in _PLACE_OF.get(tag, ()):
                innermost[name][self.first[i] : self.last[i]] = depth[i] + 1  # inner elements come later
        for name, found in innermost.items():
            self.rows["in_" + name] = np.where(found > 0, depths - found + 2, 0.0)
        self.rows["depth"] = depths
        level = {t: int(t[1]) for t in _HEADINGS}
        self.rows["level"] = np.asarray([level.get(t, 0) for t in self.tag])
        self.rows["hidden"] = hidden_blocks(self.layout)

    def names(self) -> None:
        """What the names of the elements around the block stand for, and how much of the page stands there.

        Readers' posts are the body of a forum and furniture below an article: the share of the prose outside tells.
        """
        page_prose = max(1.0, float(self.prose.sum()))
        categories = np.asarray([category for category, _ in places_of(self.layout)])
        for name in _NAMED:
            here = categories == name
            inside = float(self.prose[here].sum())
            self.rows["prose_in_" + name] = np.full(self.count, inside / page_prose)
            first = int(np.argmax(here)) if here.any() else self.count
            self.rows["prose_before_" + name] = np.full(self.count, np.log1p(float(self.prose[:first].sum())))
        self.rows["named"] = categories != "boilerplate"

    def containers(self) -> None:
        """Sums over the elements around the block, and where it stands to the one that holds most prose."""
        page_chars, page_prose = max(1.0, float(self.chars.sum())), max(1.0, float(self.prose.sum()))
        chars = self.total(self.chars, self.first, self.last)
        linked = self.total(self.linked, self.first, self.last)
        prose = self.total(self.prose, self.first, self.last)
        score = self.total(self.scores.text * self.words, self.first, self.last)
        words = np.maximum(1.0, self.total(self.words, self.first, self.last))
        blocks = (self.last - self.first).astype(np.float32)
        for level in range(5):
            at = np.maximum(up(self.parents, self.node, level), 0)
            name = f"up{level}_"
            self.rows[name + "share"] = chars[at] / page_chars
            self.rows[name + "prose"] = prose[at] / page_prose
            self.rows[name + "density"] = linked[at] / np.maximum(1.0, chars[at])
            self.rows[name + "blocks"] = np.log1p(blocks[at])
            self.rows[name + "score"] = (score / words)[at]
        self.node_prose = prose
        self._dominant(page_prose)

    def _dominant(self, page_prose: float) -> None:
        size = len(self.parents)
        above = np.maximum(up(self.parents, self.node, 1), 0)
        further = np.maximum(up(self.parents, self.node, 2), 0)
        worth = self.prose * (1.0 + np.clip(self.scores.near + self.scores.far, -1.0, 1.0) * 0.5)
        weight = np.bincount(above, worth, size) + 0.5 * np.bincount(further, worth, size)
        dominant = int(np.argmax(weight))
        self.rows["dominant"] = self._distance(dominant)
        self.rows["dominant_share"] = np.full(self.count, self.node_prose[dominant] / page_prose)
        self.rows["beside_dominant"] = (above == dominant) | (self.node == dominant)
        wide = dominant
        while self.parents[wide] >= 0 and self.node_prose[wide] < 0.8 * page_prose:
            wide = int(self.parents[wide])
        self.rows["wide"] = self._distance(wide)
        first, last = int(self.first[dominant]), int(self.last[dominant])
        self.rows["within_dominant"] = (self.index - first) / max(1, last - first)

    def _distance(self, node: int) -> Row:
        """Blocks from the element's range: 0 within, negative before, positive after."""
        first, last = int(self.first[node]), int(self.last[node])
        gap = np.where(self.index < first, self.index - first, np.maximum(0, self.index - last + 1))
        return (np.sign(gap) * np.log1p(np.abs(gap))).astype(np.float32)

    def anchors(self) -> None:
        """Where the block stands to the headline and to the last heading."""
        title = set(words_of([self.layout.title])[0])
        overlap = np.asarray(
            [len(title.intersection(w)) / len(w) if w and len(w) <= 40 else 0.0 for w in self.scores.unique],
            dtype=np.float32,
        )
        self.rows["title_overlap"] = overlap
        head = self._headline(overlap, len(title))
        self.rows["has_headline"] = np.full(self.count, float(head >= 0))
        gap = self.index - max(head, 0)
        self.rows["after_headline"] = np.sign(gap) * np.log1p(np.abs(gap))
        words = np.concatenate(([0.0], np.cumsum(self.words)))
        self.rows["words_after_headline"] = words[:-1] - words[max(head, 0)]
        self._lowest_common(max(head, 0))
        self._articles(max(head, 0))
        tops = np.asarray([t == "h1" for t in self.tag])
        self.rows["headlines_before"] = np.minimum(np.cumsum(tops) - tops, 10)
        last = np.maximum.accumulate(np.where(self.heading, self.index, -1))
        since = np.concatenate(([-1], last[:-1])) if self.count else last
        known = since >= 0
        spot = np.maximum(since, 0)
        self.rows["since_heading"] = np.where(known, np.log1p(self.index - spot), 9.0)
        self.rows["words_since_heading"] = np.log1p(words[:-1] - np.where(known, words[spot], 0.0))
        self.rows["heading_score"] = np.where(known, self.scores.text[spot], 0.0)
        self.rows["heading_density"] = np.where(known, self.density[spot], -1.0)
        self.rows["heading_level"] = np.where(known, self.rows["level"][spot], 0.0)
        shared = self.parents[self.node[spot]] == self.parents[self.node]
        self.rows["heading_shared"] = np.where(known, shared, False)

    def _headline(self, overlap: Row, title_words: int) -> int:
        """The block that is the page's headline; -1 for none."""
        tops = [i for i, t in enumerate(self.tag) if t == "h1"]
        if tops:
            return max(tops, key=lambda i: (float(overlap[i]) * min(float(self.words[i]), 12.0), -i))
        shared = overlap * self.words
        best = int(np.argmax(np.where(overlap > 0.7, shared, 0.0))) if self.count else -1
        return best if best >= 0 and shared[best] >= 0.5 * max(4, title_words) else -1

    def _lowest_common(self, head: int) -> None:
        """The lowest element around both block and headline: how far above either, how much of the page it holds."""
        shared = np.zeros(self.count, dtype=np.intp)
        path, at = [], int(self.node[head])
        while at >= 0:
            path.append(at)
            at = int(self.parents[at])
        for node in reversed(path):
            shared[self.first[node] : self.last[node]] = node
        self.rows["common_above_headline"] = self.depth[self.node[head]] - self.depth[shared]
        self.rows["common_above_block"] = self.depth[self.node] - self.depth[shared]
        self.rows["common_prose"] = self.node_prose[shared] / max(1.0, float(self.prose.sum()))

    def _articles(self, head: int) -> None:
        """Pages that go on and on hold several `<article>`s: which one it is, and whether it is the headline's."""
        article = np.full(self.count, -1, dtype=np.intp)
        for i, tag in enumerate(self.layout.tags):
            if tag == "article" and self.last[i] > self.first[i] and article[self.first[i]] < 0:
                article[self.first[i] : self.last[i]] = i
        mine = article[head]
        self.rows["same_article"] = np.where(article < 0, -1, article == mine) if mine >= 0 else np.full(self.count, -2)
        starts = (article >= 0) & (np.concatenate(([-1], article[:-1])) != article)
        self.rows["article_number"] = np.where(article >= 0, np.minimum(np.cumsum(starts), 20), 0)

    def groups(self) -> None:
        """Blocks that look alike: same names around them, same text, elements repeated side by side."""
        names, parents = self.layout.names, self.layout.parents
        signature = [(names[n], names[parents[n]] if parents[n] >= 0 else "") for n in self.layout.node]
        self._group("group", signature)
        self._group("tag_group", [(names[n],) for n in self.layout.node])
        _, same, counts = np.unique(
            np.asarray([hash_of(t) for t in self.texts], dtype=np.int64), return_inverse=True, return_counts=True
        )
        copies = counts[same]
        self.rows["copies"] = np.minimum(copies, 5)
        seen: dict[int, int] = {}
        order = []
        for key in same.tolist():
            seen[key] = seen.get(key, 0) + 1
            order.append(seen[key])
        self.rows["copy"] = np.minimum(order, 5)
        beside: dict[tuple[int, str], int] = {}
        keys = list(zip(parents, names, strict=True))
        for key2 in keys:
            beside[key2] = beside.get(key2, 0) + 1
        alike = np.asarray([beside[k] for k in keys], dtype=np.float32)
        for level in range(4):
            at = up(self.parents, self.node, level)
            self.rows[f"alike{level}"] = np.where(at >= 0, np.log1p(alike[at]), 0.0)

    def _group(self, name: str, keys: Sequence[tuple[str, ...]]) -> None:
        known: dict[tuple[str, ...], int] = {}
        ids = np.asarray([known.setdefault(k, len(known)) for k in keys], dtype=np.intp)
        count = np.bincount(ids)
        chars = np.bincount(ids, self.chars)
        self.rows[name + "_count"] = np.log1p(count)[ids]
        self.rows[name + "_share"] = (chars / max(1.0, float(self.chars.sum())))[ids]
        self.rows[name + "_density"] = (np.bincount(ids, self.linked) / np.maximum(1.0, chars))[ids]
        self.rows[name + "_score"] = (np.bincount(ids, self.scores.text) / count)[ids]

    def neighbours(self) -> None:
        """The blocks before and after, and averages around."""
        watched = {
            "words": self.rows["words"],
            "density": self.density,
            "text": self.scores.text,
            "names": self.scores.near + self.scores.far,
        }
        for name, row in watched.items():
            for step in (-1, 1) if name in ("words", "density") else (-2, -1, 1, 2):
                self.rows[f"{name}{step:+d}"] = _shifted(row, step)
        for name, row in (("text", self.scores.text), ("names", watched["names"])):
            for width in (3, 9):
                self.rows[f"{name}_around{width}"] = self._around(row, width)
        prose = np.concatenate(([0.0], np.cumsum(self.prose > 0)))
        for width in (4, 12):
            low, high = np.maximum(self.index - width, 0), np.minimum(self.index + width + 1, self.count)
            self.rows[f"prose_before{width}"] = prose[self.index] - prose[low]
            self.rows[f"prose_after{width}"] = prose[high] - prose[np.minimum(self.index + 1, self.count)]

    def _around(self, row: Row, width: int) -> Row:
        """Averages over so many blocks on either side, weighted by words."""
        weight = self.words + 1.0
        sums = np.concatenate(([0.0], np.cumsum(row * weight)))
        weights = np.concatenate(([0.0], np.cumsum(weight)))
        low, high = np.maximum(self.index - width, 0), np.minimum(self.index + width + 1, self.count)
        return np.asarray((sums[high] - sums[low]) / (weights[high] - weights[low]), dtype=np.float32)

    def totals(self) -> None:
        """The page as a whole, and the block's place in it."""
        chars = float(self.chars.sum())
        before = np.concatenate(([0.0], np.cumsum(self.chars)))[:-1]
        prose = np.concatenate(([0.0], np.cumsum(self.prose)))[:-1]
        self.rows["place"] = self.index / max(1, self.count)
        self.rows["place_chars"] = before / max(1.0, chars)
        self.rows["place_prose"] = prose / max(1.0, float(self.prose.sum()))
        self.rows["from_end"] = np.log1p(self.count - self.index)
        whole = {
            "page_chars": np.log1p(chars),
            "page_blocks": np.log1p(self.count),
            "page_density": float(self.linked.sum()) / max(1.0, chars),
            "page_prose": float(self.prose.sum()) / max(1.0, chars),
            "page_paragraphs": float((self.prose > 0).sum()),
            "page_articles": float(min(20, list(self.layout.tags).count("article"))),
            "page_tables": float(min(20, list(self.layout.tags).count("table"))),
            "page_text_score": float(np.average(self.scores.text, weights=self.words + 1.0)) if self.count else 0.0,
        }
        for name, value in whole.items():
            self.rows[name] = np.full(self.count, value, dtype=np.float32)


def hidden_blocks(layout: Layout) -> NDArray[np.bool_]:
    """Which blocks stand in an element that is not shown."""
    hidden = np.zeros(len(layout.node), dtype=np.bool_)
    for first, last, name in zip(layout.first, layout.last, layout.names, strict=True):
        if "!hidden" in name:
            hidden[first:last] = True
    return hidden


def _shifted(row: Row, step: int) -> Row:
    """The row of the blocks so many steps on; zeros beyond the ends."""
    out = np.zeros_like(row)
    if step > 0:
        out[:-step] = row[step:]
    else:
        out[-step:] = row[:step]
    return out


def hash_of(text: str) -> int:
    """A hash of a text that is the same in every process."""
    from zlib import crc32

    return crc32(text.encode("utf-8", "replace"))
