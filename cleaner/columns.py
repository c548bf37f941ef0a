"""A batch as columns: lists in, lists of the same length out. What the integrations stand on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from numbers import Number
from types import MappingProxyType
from typing import Any, NamedTuple

from cleaner.arguments import check_settings
from cleaner.batch.jobs import Spoilt
from cleaner.batch.records import CRAWLED, Outcome, Recipe, Task, clean_task, lost_record
from cleaner.detectors.sites import House
from cleaner.engines.guard import Guard
from cleaner.errors import CleanerError, SettingsError
from cleaner.io.readers import Dump
from cleaner.io.rows import TEXT_KEYS, URL_KEYS
from cleaner.model import mend_surrogates
from cleaner.settings import Settings
from cleaner.templates.houses import HouseFile
from cleaner.templates.keys import SITE_COLUMNS, site_of

__all__ = ["SCHEMA", "BatchCleaner", "Layout", "clean_batch"]

SCHEMA: Mapping[str, Any] = MappingProxyType(
    {
        "status": "string",
        "error": "string",
        "title": "string",
        "authors": ["string"],
        "date": "string",
        "date_modified": "string",
        "site_name": "string",
        "url": "string",
        "language": "string",
        "description": "string",
        "tags": ["string"],
        "image": "string",
        "license": "string",
        "section": "string",
        "paywalled": "bool",
        "word_count": "int",
        "reading_minutes": "int",
        "metadata_sources": [{"field": "string", "source": "string"}],
        "body": "string",
        "confidence": "float",
        "source_format": "string",
        "fixes": [{"fix": "string", "count": "int"}],
        "widgets": [
            {
                "kind": "string",
                "question": "string",
                "options": [{"label": "string", "percent": "float", "votes": "int"}],
                "total_votes": "int",
            }
        ],
        "body_markdown": "string",
        "removed": [
            {
                "text": "string",
                "category": "string",
                "evidence": "string",
                "score": "float",
                "start": "int",
                "end": "int",
                "at": "int",
                "path": "string",
            }
        ],
    }
)
"""The columns of `clean_batch` and their kinds: string, bool, int (64 bits), float (64 bits), `[kind]` for a list and
`{name: kind}` for a structure. Any value but a list may be null. `body_markdown` and `removed` are there on demand."""

_OWN = frozenset(SCHEMA)
_LISTS = tuple(name for name, kind in SCHEMA.items() if isinstance(kind, list))


class Layout(NamedTuple):
    """What the columns of a batch are for, by their place."""

    text: int | None
    url: int | None
    crawled: tuple[int, ...]
    sites: tuple[int, ...]
    passed: tuple[tuple[int, str], ...]
    """The columns that pass through, and their names in the output."""

    @property
    def read(self) -> frozenset[int]:
        """The columns of which a cleaner reads the cells."""
        return frozenset(i for i in (self.text, self.url, *self.crawled, *self.sites) if i is not None)

    def told(self, row: Mapping[int, Any]) -> tuple[Any, Any, Any]:
        """What the cells of a row, by their place, tell of its text: address, time of the crawl, site."""
        crawled = next((row[i] for i in self.crawled if _is_time(row[i])), None)
        site = next((row[i] for i in self.sites if not _is_null(row[i])), None)
        return row[self.url] if self.url is not None else None, crawled, site


@dataclass(frozen=True)
class BatchCleaner:
    """Cleans batches of columns; small, and travels to other processes by pickle.

    Args:
        settings: options of `clean`.
        text_key: the column of the dumps; None finds it by the usual names (`raw`, `html`, `text`, `content` …).
        url_key: the column of the addresses; None finds it by the usual names (`url`, `link`, `uri` …).
        source_format: "html", "text", or "auto" to tell them apart.
        include_removed: whether to have the column `removed`: every piece that was left behind, and why.
        markdown: whether to have the column `body_markdown`.
        crawled_key: the column that tells when a dump was fetched; None finds it (`crawled`, `crawl_date`, `warc_date` …).
        templates: a file that `cleaner sites learn` wrote; what it knows of a row's site is used. The file is read by
            each process that cleans, and must be in that place wherever that is.
        site_key: the column that names the site; None takes the host of the address, or a usual name (`site`, `domain` …).
        timeout: seconds that one dump may take, else its status is `timeout`; None for no limit. A limit costs a
            process for each one that calls, and a trip there and back for each dump.

    Raises `SettingsError`, `InputError` (of templates that cannot be read) or `TypeError` when it is made with options
    that cannot be; a call never raises for a dump.

    >>> BatchCleaner(text_key="page", include_removed=True)({"page": ["One river.\\n\\nSubscribe"]})["removed"][0][0]["category"]
    'paywall'
    """

    settings: Settings | None = None
    text_key: str | None = None
    url_key: str | None = None
    source_format: str = "auto"
    include_removed: bool = False
    markdown: bool = False
    crawled_key: str | None = None
    timeout: float | None = None
    templates: str | None = None
    site_key: str | None = None
    _recipe: Recipe = field(init=False, repr=False, compare=False)
    _houses: HouseFile | None = field(init=False, repr=False, compare=False)
    _guard: Guard | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_settings(self.settings)
        if self.source_format not in ("auto", "html", "text"):
            raise SettingsError(f"source_format must be 'auto', 'html' or 'text', not {self.source_format!r}.")
        if self.timeout is not None and not 0 < self.timeout < float("inf"):
            raise SettingsError(f"timeout must be a number of seconds above 0, or None, not {self.timeout!r}.")
        settings = self.settings or Settings()
        recipe = Recipe(settings, self.include_removed, self.source_format, self.markdown, self.site_key)
        houses = None if self.templates is None else HouseFile(os.fspath(self.templates))
        if houses is not None:
            houses.load()
        object.__setattr__(self, "_recipe", recipe)
        object.__setattr__(self, "_houses", houses)
        object.__setattr__(self, "_guard", None if self.timeout is None else Guard(self.timeout))

    def __call__(self, columns: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
        """The columns of `SCHEMA`, then the batch's own but the text; each as long as the batch.

        A column of the batch that is called like one of `SCHEMA` becomes `input_NAME`. A row that cannot be cleaned has
        its reason in `status` (else `ok`), the detail in `error`, and no body. Where columns differ in length, the rows
        that some of them lack have the status `short_column`.

        Raises `TypeError` when `columns` is not a mapping of names to columns.
        """
        if not isinstance(columns, Mapping):
            raise TypeError(
                f"a batch must be a mapping of names to lists, not {type(columns).__name__}{_mend(columns)}"
            )
        layout = self.layout(list(columns))
        lists = [_as_list(name, column) for name, column in columns.items()]
        whole = min(map(len, lists), default=0)
        rows = max(map(len, lists), default=0)
        out = self.clean_columns([cells[:whole] for cells in lists], layout, whole)
        short = [name for name, cells in zip(columns, lists, strict=True) if len(cells) < rows]
        for _ in range(rows - whole):
            row = self._failed(
                "short_column", f"the column {short[0]!r} ends before the others; make them equally long"
            )
            for name, cells in out.items():
                cells.append(row[name])
        return out | {name: lists[i] + [None] * (rows - len(lists[i])) for i, name in layout.passed}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that a call adds, in order."""
        absent = {"removed": not self.include_removed, "body_markdown": not self.markdown}
        return tuple(name for name in SCHEMA if not absent.get(name))

    def layout(self, names: Sequence[str], text_apart: bool = False) -> Layout:
        """What each column of a batch with these names is for. The names alone decide, so that all batches agree.

        `text_apart` says that the text does not stand among them.

        >>> BatchCleaner().layout(["id", "Text", "url"])
        Layout(text=1, url=2, crawled=(), sites=(), passed=((0, 'id'), (2, 'input_url')))
        """
        text = None if text_apart else next(_places(names, self.text_key, TEXT_KEYS), None)
        url = next(_places(names, self.url_key, URL_KEYS), None)
        crawled = tuple(_places(names, self.crawled_key, CRAWLED))
        known = self._houses is not None or self._recipe.settings.sites
        sites = tuple(_places(names, self.site_key, SITE_COLUMNS)) if known else ()
        taken, passed = set(_OWN), dict[int, str]()
        rest = [i for i in range(len(names)) if i != text]
        for clashes in (False, True):  # a name that is free keeps its column, whatever stands before it
            for i in rest:
                if i in passed or (names[i] in taken) != clashes:
                    continue
                name = names[i]
                while name in taken:
                    name = f"input_{name}"
                passed[i] = name
                taken.add(name)
        return Layout(text, url, crawled, sites, tuple(sorted(passed.items())))

    def clean_columns(self, lists: Sequence[Sequence[Any]], layout: Layout, rows: int) -> dict[str, list[Any]]:
        """The columns of `SCHEMA` for the rows of a batch; of `lists` only those are read that `layout` names."""
        out: dict[str, list[Any]] = {name: [] for name in self.columns}
        read = layout.read
        for i in range(rows):
            if layout.text is None:
                want = "none is called " + " or ".join(TEXT_KEYS) if self.text_key is None else f"no {self.text_key!r}"
                row = self._failed(
                    "no_text_column", f"the batch has no column of texts ({want}); name it with text_key"
                )
            else:
                row = self.clean_row(lists[layout.text][i], *layout.told({j: lists[j][i] for j in read}))
            for name, cells in out.items():
                cells.append(row[name])
        return out

    def clean_row(self, raw: Any, url: Any = None, crawled: Any = None, site: Any = None) -> dict[str, Any]:
        """One dump to its cells by name, as in a row of the batch. Never raises for a dump."""
        if not isinstance(raw, (str, bytes, bytearray, memoryview)):
            if _is_null(raw):
                return self._failed("empty", "there is no text here, the cell is null")
            return self._failed("wrong_type", f"the text is a {type(raw).__name__}, not a string or bytes")
        extra = {CRAWLED[0]: str(crawled)} if _is_time(crawled) else {}
        extra |= {self.site_key or SITE_COLUMNS[0]: str(site)} if isinstance(site, (str, int)) else {}
        dump = Dump("", raw if isinstance(raw, str) else bytes(raw), url if _is_text(url) else None, "auto", extra)
        outcome = self._clean(Task(dump, self._house_of(dump)))
        if outcome.reject is not None:
            return self._failed(outcome.reject["reason"], outcome.reject["detail"])
        return {name: _cell(name, (outcome.row or {}).get(name), SCHEMA[name]) for name in self.columns} | {
            "status": "ok"
        }

    def _house_of(self, dump: Dump) -> House | None:
        if self._houses is None:
            return None
        site = site_of(dump, self.site_key)
        return None if site is None else self._houses.get(site)

    def _clean(self, task: Task) -> Outcome:
        work = partial(clean_task, recipe=self._recipe)
        if self._guard is None:
            return work(task)
        try:
            found = self._guard.call(work, task)
        except CleanerError as exc:  # no process can be started
            return Outcome("", reject={"reason": exc.reason, "detail": str(exc)})
        except Exception as exc:  # what cannot travel to the process
            return Outcome("", reject={"reason": "internal", "detail": f"{type(exc).__name__}: {exc}"})
        return lost_record(task.record, found.reason) if isinstance(found, Spoilt) else found

    def _failed(self, reason: str, detail: str) -> dict[str, Any]:
        row: dict[str, Any] = {name: [] if name in _LISTS else None for name in self.columns}
        return row | {"status": reason, "error": mend_surrogates(detail)}


def clean_batch(columns: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """Clean a batch of columns, with the usual names of columns and the default settings.

    Gives the columns of `cleaner.columns.SCHEMA` (`status`, `error`, `title` … `body` …), then the batch's own but the
    text, all of the same length and in the same order. Never raises for what is in a row: its `status` tells.
    `BatchCleaner` has options.

    >>> clean_batch({"id": [1, 2], "text": ["The river rose.\\n\\nSubscribe", None]})["status"]
    ['ok', 'empty']
    """
    return _DEFAULT(columns)


_DEFAULT = BatchCleaner()


def _places(names: Sequence[str], wanted: str | None, usual: Sequence[str]) -> Iterator[int]:
    """Where the wanted column stands, or those with a usual name in any case, in the order of the usual names."""
    if wanted is not None:
        yield from (i for i, name in enumerate(names) if name == wanted)
    else:
        lower = [str(name).lower() for name in names]
        yield from (i for known in usual for i, name in enumerate(lower) if name == known)


def _as_list(name: Any, column: Any) -> list[Any]:
    """The cells of a column as Python objects: of a list, an array of NumPy or Arrow, a series of pandas or Polars."""
    if isinstance(column, list):
        return column
    if isinstance(column, (str, bytes, bytearray, Mapping)) or not isinstance(column, Iterable):
        raise TypeError(
            f"the column {name!r} is a {type(column).__name__}, not a list of cells; for one dump there is clean, and "
            "map of datasets needs batched=True"
        )
    for method in ("to_pylist", "to_list", "tolist"):
        convert = getattr(column, method, None)
        if callable(convert) and isinstance(cells := convert(), list):
            return cells
    return list(column)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_time(value: object) -> bool:
    return isinstance(value, date) or _is_text(value)


def _is_null(value: object) -> bool:
    """Whether a value stands for nothing: None, NaN, the NaT and NA of pandas."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return isinstance(value, Number) and bool(value != value)
    except Exception:  # a signalling NaN
        return False


def _cell(name: str, value: Any, kind: Any) -> Any:
    """A value of an article's row in the shape of its column: mappings become lists of pairs, text becomes UTF-8."""
    if isinstance(kind, list):
        if isinstance(value, Mapping):
            key, worth = kind[0]
            value = [{key: k, worth: v} for k, v in value.items()]
        return [_cell(name, item, kind[0]) for item in value or ()]
    if isinstance(kind, Mapping):
        return {key: _cell(key, value.get(key), sort) for key, sort in kind.items()}
    if value is None:
        return None
    return mend_surrogates(value) if kind == "string" else float(value) if kind == "float" else value


def _mend(columns: object) -> str:
    module = type(columns).__module__.partition(".")[0]
    known = {"pandas": "pandas", "polars": "polars", "pyarrow": "arrow", "datasets": "huggingface", "pyspark": "spark"}
    return f"; cleaner.integrations.{known[module]} takes it" if module in known else ""
