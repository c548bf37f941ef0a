"""Labelled pages: rows of JSONL → pages cut into blocks, with the label of each block and the fold of their site."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import md5
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.scores import block_words
from cleaner.errors import InputError
from cleaner.extractors.html import parse_html
from cleaner.io.files import READ_ERRORS, open_bytes
from cleaner.layout import Layout
from cleaner.model import Page
from cleaner.text.encoding import decode
from cleaner.training.align import align

__all__ = ["FOLDS", "LabelledPage", "read_pages", "rows_of", "site_of", "with_weak_labels"]

FOLDS = 5
_LEAST_COVERAGE = 0.75  # of the gold's words that the blocks must hold: less means a cut or foreign gold
_SECOND_LEVEL = re.compile(r"\.(?:co|com|org|net|gov|ac|edu)\.[a-z]{2}$")
_SNIPPET = 9  # letters of a snippet that can be told from other text
_BODY, _NOT_BODY = 0.8, 0.15  # probabilities beyond which a model's word is a weak label
_WEAK = 0.7  # weight of a page with weak labels
_POWER = 0.6  # of a block's share of the page in its weight: long blocks count more, but not as their length


@dataclass(slots=True)
class LabelledPage:
    """A page with its labelled body. `labels` is empty where only snippets are known, or the gold cannot be aligned."""

    row: dict[str, Any]
    page: Page
    layout: Layout
    words: list[list[str]]
    labels: tuple[bool | None, ...]
    fold: int
    weight: float

    @property
    def texts(self) -> list[str]:
        return [self.page.text[b.start : b.end] for b in self.page.blocks]

    def block_weights(self) -> NDArray[np.float64]:
        """How much each block counts in training."""
        size = np.asarray([len(w) for w in self.words], dtype=np.float64)
        return np.asarray(self.weight * ((size + 2.0) / (size.sum() + 1.0)) ** _POWER, dtype=np.float64)


def with_weak_labels(page: LabelledPage, probability: NDArray[np.float64]) -> LabelledPage:
    """A page of which only snippets are known, labelled by a model that never saw its site, where that is sure.

    A block with a snippet that must be in the body is body, one with a snippet that must not be is not, whatever the
    model says. Left as it is where less than two blocks would be body.
    """
    wanted, unwanted = (
        [squashed for s in page.row.get(key) or () if len(squashed := " ".join(s.split())) >= _SNIPPET]
        for key in ("with_", "without")
    )
    labels: list[bool | None] = []
    for text, value in zip(page.texts, probability.tolist(), strict=True):
        flat = " ".join(text.split())
        label = True if value > _BODY else False if value < _NOT_BODY else None
        label = True if any(s in flat for s in wanted) else label
        labels.append(False if any(s in flat for s in unwanted) else label)
    if labels.count(True) < 2:
        return page
    return replace(page, labels=tuple(labels), weight=_WEAK)


def site_of(url: str) -> str:
    """The registered domain, by a rule of thumb: enough to keep pages of one site in one fold.

    >>> site_of("https://www.news.example.co.uk/a"), site_of("https://blog.example.com/")
    ('example.co.uk', 'example.com')
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return ".".join(host.split(".")[-3 if _SECOND_LEVEL.search(host) else -2 :])


def read_pages(paths: Iterable[str]) -> list[LabelledPage]:
    """Read labelled pages from JSONL files, also `.gz` and `.zst`; `FILE=4` makes the pages of a file count four times.

    A row holds `html` (or `html_b64`), `url`, and `gold`, the text of its body; optionally `id`, `type` (pages of type
    "article" count double), and the lists `with_` and `without` of snippets that must and must not be in the body.
    Pages without a visible block are left out.

    Raises `InputError` for a file that cannot be read or a row that is no labelled page.
    """
    found = []
    for path in paths:
        name, weight = _weighted(path)
        found += [page for row in rows_of(name, ("html", "html_b64")) if (page := _prepare(row, weight)) is not None]
    return found


def _weighted(path: str) -> tuple[str, float]:
    """A path and the weight after its last `=`."""
    name, sign, number = path.rpartition("=")
    try:
        return (name, float(number)) if sign else (path, 1.0)
    except ValueError:
        return path, 1.0


def rows_of(path: str, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a labelled file; each must have one of the fields. Raises `InputError` for any other file."""
    try:
        with open_bytes(path) as stream:
            for number, line in enumerate(stream, 1):
                row = json.loads(line)
                if not isinstance(row, dict) or not any(name in row for name in fields):
                    named = " or ".join(f"`{name}`" for name in fields)
                    raise InputError(f"{path}, line {number}: no {named} in it.")
                yield row
    except ValueError as exc:
        raise InputError(f"{path}: a line is not JSON ({exc}). Each line must be one labelled row.") from exc
    except READ_ERRORS as exc:
        raise InputError(f"{path}: cannot be read ({exc}).") from exc


def _prepare(row: dict[str, Any], weight: float) -> LabelledPage | None:
    raw = base64.b64decode(row.pop("html_b64")) if "html_b64" in row else row.pop("html")
    document = parse_html(decode(raw).text if isinstance(raw, bytes) else raw)
    page, layout = document.page, document.layout
    if not page.blocks:
        return None
    labels: tuple[bool | None, ...] = ()
    if row.get("gold"):
        aligned = align([page.text[b.start : b.end] for b in page.blocks], row["gold"])
        if aligned.coverage >= _LEAST_COVERAGE and any(aligned.labels):
            labels = aligned.labels
    site = site_of(row.get("url") or "") or str(row.get("id"))
    fold = int(md5(site.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS
    weight *= 2.0 if row.get("type") == "article" else 1.0
    return LabelledPage(row, page, layout, block_words(page), labels, fold, weight)
