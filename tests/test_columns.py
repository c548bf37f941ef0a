"""Batches as columns: a fixed schema, as many rows as came in, and no exception for what is in them."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Article, BatchCleaner, Metadata, Settings, SettingsError, clean, clean_batch
from cleaner.columns import SCHEMA
from cleaner.integrations.arrow import arrow_schema, clean_table
from tests.conftest import FIXTURES

STORY = "The ferry will sail again in May.\n\nSign up for our newsletter"
FULL = BatchCleaner(include_removed=True, markdown=True)


def fits(out: dict[str, list[Any]], cleaner: BatchCleaner, rows: int) -> None:
    """Every column is there, as long as the batch, and of the type that the schema says."""
    assert tuple(out)[: len(cleaner.columns)] == cleaner.columns
    assert {len(cells) for cells in out.values()} == {rows}
    for column in arrow_schema(cleaner):
        array = pa.array(out[column.name], column.type)
        array.validate(full=True)
        assert array.to_pylist() == out[column.name]
    for status, error, body in zip(out["status"], out["error"], out["body"], strict=True):
        assert (status == "ok") == (error is None) == (body is not None)


def test_schema_names_every_column_of_an_article() -> None:
    """What an article says is in the schema, and nothing else but the status."""
    assert set(SCHEMA) == {"status", "error", *Article("", Metadata()).to_dict(markdown=True)}


def test_equals_clean_on_the_fixtures() -> None:
    """A row says what `clean` says, mappings as pairs."""
    paths = sorted(FIXTURES.glob("realistic/*.*"))[:40]
    texts = [path.read_bytes() for path in paths if path.suffix in (".txt", ".html")]
    out = FULL({"raw": texts})
    fits(out, FULL, len(texts))
    for i, text in enumerate(texts):
        told = clean(text).to_dict(markdown=True)
        row = {name: cells[i] for name, cells in out.items()}
        assert (row.pop("status"), row.pop("error")) == ("ok", None)
        assert {pair["field"]: pair["source"] for pair in row.pop("metadata_sources")} == told.pop("metadata_sources")
        assert {pair["fix"]: pair["count"] for pair in row.pop("fixes")} == told.pop("fixes")
        for piece in row["removed"]:
            if piece["path"] is None:
                del piece["path"]
        assert row == told


CELLS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.binary(max_size=20),
    st.integers(),
    st.floats(),
    st.lists(st.text(max_size=3), max_size=2),
    st.dates(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(["text", "HTML", "url", "title", "crawled", "x", "input_title", 7]),
        st.lists(CELLS, max_size=4),
        max_size=5,
    )
)
def test_never_raises_and_always_fits(columns: dict[Any, list[Any]]) -> None:
    """Whatever the columns hold, also when they differ in length, each row has its status and the schema holds."""
    rows = max(map(len, columns.values()), default=0)
    fits(FULL(columns), FULL, rows)


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        (STORY, "ok"),
        (STORY.encode(), "ok"),
        (bytearray(STORY.encode()), "ok"),
        (memoryview(STORY.encode()), "ok"),
        (np.str_(STORY), "ok"),
        (None, "empty"),
        (float("nan"), "empty"),
        (np.float32("nan"), "empty"),
        (Decimal("NaN"), "empty"),
        (Decimal("sNaN"), "wrong_type"),
        ("", "empty"),
        (" \n", "empty"),
        (b"%PDF-1.7\n\x00\x01", "binary"),
        (7, "wrong_type"),
        (np.array([]), "wrong_type"),
        ([[["deep"]]], "wrong_type"),
        ({"text": STORY}, "wrong_type"),
        ("ship " * 300, "oversize"),
        ('<html><script type="application/ld+json">{"headline": "\\ud800 sinks"}</script><p>The mill was sold.', "ok"),
    ],
)
def test_each_cell_has_its_status(cell: Any, status: str) -> None:
    """Nulls, wrong types, binary and oversized dumps are statuses of their rows; their neighbours are cleaned."""
    cleaner = BatchCleaner(Settings(max_chars=1000))
    out = cleaner({"text": [STORY, cell, STORY]})
    fits(out, cleaner, 3)
    assert out["status"] == ["ok", status, "ok"]


def test_empty_batches_have_the_schema() -> None:
    """No rows, or no columns at all: the columns are there and empty."""
    fits(clean_batch({}), BatchCleaner(), 0)
    fits(clean_batch({"text": []}), BatchCleaner(), 0)
    assert "x" in clean_batch({"text": [], "x": []})


def test_a_batch_without_texts_says_so() -> None:
    """A missing column of texts is the status of every row, and the message tells the option."""
    assert clean_batch({"x": [1, 2]})["status"] == ["no_text_column"] * 2
    assert "text_key" in BatchCleaner(text_key="page")({"text": [STORY]})["error"][0]


def test_columns_of_unequal_length_lose_nothing() -> None:
    """The rows that all columns have are cleaned, the others keep what there is and say which column is short."""
    out = clean_batch({"text": [STORY], "x": [1, 2]})
    assert out["status"] == ["ok", "short_column"] and out["x"] == [1, 2]
    assert "'text'" in out["error"][1]


@pytest.mark.parametrize("columns", [[STORY], STORY, None, {"text": STORY}, {"text": None}, {"text": {"a": STORY}}])
def test_what_is_no_batch_is_refused(columns: Any) -> None:
    """One dump instead of a column, or no mapping at all, is a mistake of the caller."""
    with pytest.raises(TypeError):
        clean_batch(columns)


@pytest.mark.parametrize(
    ("names", "passed"),
    [
        (["id", "text", "title"], ["id", "input_title"]),
        (["title", "text", "input_title"], ["input_input_title", "input_title"]),
        (["x", "x", "text"], ["x", "input_x"]),
        (["removed", "body_markdown", "text"], ["input_removed", "input_body_markdown"]),
        (["body", "text", "status"], ["input_body", "input_status"]),
        ([0, "text", 0], [0, "input_0"]),
    ],
)
def test_columns_keep_saying_who_they_are_by(names: list[Any], passed: list[Any]) -> None:
    """A column that is called like one of the article's, or like another, is renamed; the others pass as they are."""
    assert [name for _, name in BatchCleaner().layout(names).passed] == passed


@pytest.mark.parametrize(
    ("names", "text"), [(["text", "html"], 1), (["Text", "x"], 0), (["CONTENT", "body"], 0), (["x"], None)]
)
def test_names_alone_choose_the_text(names: list[str], text: int | None) -> None:
    """The usual names are tried in their order, in any case."""
    assert BatchCleaner().layout(names).text == text


@pytest.mark.parametrize("crawled", ["2024-06-01T10:00:00Z", date(2024, 6, 1)])
def test_the_crawl_bounds_the_dates(crawled: Any) -> None:
    """A column that tells the time of the crawl does for the date what `clean` does with it."""
    text = "Posted on 14 March 2025\n\nThe ferry will sail again in May, said the harbour board on Friday."
    assert clean(text).metadata.date == "2025-03-14"
    assert clean_batch({"text": [text], "warc_date": [crawled]})["date"] == [None]
    assert BatchCleaner(crawled_key="seen")({"text": [text], "seen": [crawled]})["date"] == [None]


def test_arrays_are_columns() -> None:
    """Arrays of NumPy and Arrow, tuples and generators do as well as lists."""
    column = [STORY, None]
    arrays = [np.array(column, dtype=object), pa.array(column), pa.chunked_array([column]), tuple(column), iter(column)]
    for array in arrays:
        assert clean_batch({"text": array, "n": np.arange(2)})["status"] == ["ok", "empty"]


def test_arrow_tables_keep_types_and_rows() -> None:
    """Tables and record batches, empty ones too, come out with the announced schema; what passes keeps its type."""
    days = pa.array([date(2025, 3, 14), None])
    table = pa.table({"day": days, "html": pa.array([STORY, None], pa.large_string()), "url": pa.array(["a", "b"])})
    for batch in (table, table.to_batches()[0], table.slice(0, 0), pa.table({"x": [1]})):
        out = clean_table(batch, FULL)
        assert type(out) is type(batch) and out.num_rows == batch.num_rows
        assert out.schema == arrow_schema(FULL, batch.schema)
    out = clean_table(table)
    assert out.column("day").combine_chunks().equals(days)
    assert out.column("input_url").to_pylist() == ["a", "b"]
    coded = pa.table({"text": pa.array([STORY, STORY]).dictionary_encode()})
    assert clean_table(coded).column("status").to_pylist() == ["ok", "ok"]


def test_a_hundred_thousand_rows() -> None:
    """A big batch costs nothing but its rows."""
    out = clean_batch({"id": list(range(100_000)), "text": [STORY, *[None] * 99_999]})
    assert len(out["body"]) == 100_000 and out["id"][-1] == 99_999 and out["status"].count("empty") == 99_999


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_travels_to_other_processes(method: str) -> None:
    """Function and options go by pickle, and the results come back the same, also with a limit of time."""
    batches: list[Any] = [{"text": [STORY, None], "id": [i, i]} for i in range(3)]
    guarded = BatchCleaner(timeout=60)
    here = list(map(clean_batch, batches))
    assert list(map(guarded, batches)) == here
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.map(clean_batch, batches) == here
        assert pool.map(guarded, batches) == here
    assert guarded(batches[0]) == here[0]


def test_pickles_small_and_equal() -> None:
    """A cleaner is equal to its copy, and adds little to a task."""
    cleaner = BatchCleaner(Settings(keep=("caption",)), "page", timeout=3)
    data = pickle.dumps(cleaner)
    assert pickle.loads(data) == cleaner and len(data) < 1500


def test_a_limit_of_time_is_a_status() -> None:
    """A dump that takes too long is the status of its row, its neighbours are cleaned."""
    cleaner = BatchCleaner(timeout=0.5)
    assert cleaner({"text": [STORY]})["status"] == ["ok"]
    slow = "\n\n".join(
        f"Ferry number {n} left the harbour at noon, said the keeper of pier {n}." for n in range(40_000)
    )
    out = cleaner({"text": [slow, STORY]})
    fits(out, cleaner, 2)
    assert out["status"] == ["timeout", "ok"] and "limit" in out["error"][0]


@pytest.mark.parametrize("options", [{"timeout": 0}, {"timeout": float("nan")}, {"source_format": "pdf"}])
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    """What cannot be is said when the cleaner is made, not in every row."""
    with pytest.raises(SettingsError):
        BatchCleaner(**options)


def test_a_notebook_needs_no_guard() -> None:
    """Code without a file and without `if __name__ == "__main__"` runs, also with a limit of time."""
    code = f"from cleaner import BatchCleaner\nprint(BatchCleaner(timeout=60)({{'text': [{STORY!r}]}})['body'])"
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['The ferry will sail again in May.']" and done.stderr == ""
