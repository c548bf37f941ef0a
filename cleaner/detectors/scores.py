"""The linear models' opinions of a page: every token of its text and of its element names is looked up once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.tokens import LinearModel, words_of
from cleaner.layout import Layout
from cleaner.model import Page

__all__ = ["Index", "Row", "Scores", "block_words", "score_page", "up"]

Row: TypeAlias = NDArray[np.floating[Any]]
Index: TypeAlias = NDArray[np.intp]

_NEAR = 3  # innermost elements whose names count as near


@dataclass(frozen=True, slots=True)
class Scores:
    """The linear models' opinions: of each block's text, of the names near it, of those further up; and its words, all and once."""

    text: Row
    near: Row
    far: Row
    words: Sequence[Sequence[str]]
    unique: Sequence[Collection[str]]


def block_words(page: Page) -> list[list[str]]:
    """The folded words of each block."""
    text = page.text
    return words_of([text[b.start : b.end] for b in page.blocks]) if page.blocks else []


def score_page(page: Page, layout: Layout, text: LinearModel, names: LinearModel) -> Scores:
    """Look up every token of a page once."""
    words = block_words(page)
    unique = [dict.fromkeys(row) for row in words]  # in order, since sums of floats depend on it
    known = names.of_names((*layout.names, *layout.inline))
    near_of = np.asarray([known[name][0] for name in layout.names])
    far_sum: list[float] = []
    for name, parent in zip(layout.names, layout.parents, strict=True):
        far_sum.append((far_sum[parent] if parent >= 0 else 0.0) + known[name][1])
    parents, nodes = np.asarray(layout.parents, dtype=np.intp), np.asarray(layout.node, dtype=np.intp)
    near = np.asarray([known[name][0] for name in layout.inline])
    for _ in range(_NEAR):
        near = near + np.where(nodes >= 0, near_of[nodes], 0.0)
        nodes = up(parents, nodes, 1)
    far = np.where(nodes >= 0, np.asarray(far_sum)[nodes], 0.0)
    judged = np.asarray(text.of_words(words, unique))
    return Scores(judged.astype(np.float32), near.astype(np.float32), far.astype(np.float32), words, unique)


def up(parents: Index, nodes: Index, levels: int) -> Index:
    """The ancestor so many levels above each node; -1 above the root."""
    for _ in range(levels):
        nodes = np.where(nodes >= 0, parents[nodes], -1)
    return nodes
