"""Steps in other pipelines, each with the real package."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import BatchCleaner, Settings, clean_batch
from cleaner.columns import SCHEMA
from cleaner.integrations.dolma import attributes, spans
from tests.conftest import FIXTURES

STORY = "The ferry will sail again in May.\n\nSign up for our newsletter"
BODY = "The ferry will sail again in May."
PAGE = f"<html><body><article><p>{BODY}</p></article><nav><a href='/a'>Home</a></nav></body></html>"
ROWS: list[dict[str, Any]] = [
    {"id": "a", "url": "https://example.org/a", "title": "given", "text": STORY},
    {"id": "b", "url": None, "title": None, "text": " "},
    {"id": "c", "url": "https://example.org/c", "title": None, "text": PAGE},
]
STATUS = ["ok", "empty", "ok"]
NOTHING_MENDED = Settings(fixes=())
FULL = BatchCleaner(include_removed=True, markdown=True, timeout=60)


def needs(package: str) -> Any:
    return pytest.importorskip(package, reason=f"needs {package}, of the extra integrations-test")


@pytest.fixture
def dumps(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "dumps.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return path


def rows_of(folder: Path) -> list[dict[str, Any]]:
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return sorted((json.loads(line) for line in lines), key=lambda row: str(row["id"]))


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [
        ("arrow", "pyarrow", "parquet"),
        ("datatrove", "datatrove", "datatrove"),
        ("huggingface", "datasets", "huggingface"),
        ("pandas", "pandas", "pandas"),
        ("polars", "polars", "polars"),
        ("ray", "ray", "ray"),
        ("scrapy", "scrapy", "scrapy"),
        ("spark", "pyspark", "spark"),
    ],
)
def test_a_missing_package_names_its_extra(module: str, package: str, extra: str) -> None:
    """Without the package the import fails with an error of ours that is an ImportError and tells the mend."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from cleaner import CleanerError\n"
        f"try: import cleaner.integrations.{module}\n"
        "except ImportError as exc: print(isinstance(exc, CleanerError), exc)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("True ") and f"'article-cleaner[{extra}]'" in done.stdout


def test_columns_load_none_of_these_packages() -> None:
    """`clean_batch` itself needs no package of anybody, nor Arrow."""
    code = (
        "import sys, cleaner; cleaner.clean_batch({'text': ['The river rose.']})\n"
        "print({'pyarrow', 'pandas', 'polars', 'ray', 'pyspark', 'datasets'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.integrations
@pytest.mark.parametrize("workers", [1, 2])
def test_datatrove_over_jsonl(dumps: Path, tmp_path: Path, workers: int) -> None:
    """The executor cleans in one process or in two; rejects are counted by reason and written apart, nothing is lost."""
    needs("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.integrations.datatrove import ArticleCleaner

    (dumps.parent / "more.jsonl").write_text(json.dumps({"id": "d", "text": STORY}) + "\n", "utf-8")
    out, rejects = (
        JsonlWriter(str(tmp_path / "out"), compression=None),
        JsonlWriter(str(tmp_path / "no"), compression=None),
    )
    steps = [JsonlReader(str(dumps.parent)), ArticleCleaner(FULL, exclusion_writer=rejects), out]
    logs = str(tmp_path / "logs")
    stats = LocalPipelineExecutor(steps, tasks=2, workers=workers, logging_dir=logs).run()
    kept, dropped = rows_of(tmp_path / "out"), rows_of(tmp_path / "no")
    assert [(row["id"], row["text"]) for row in kept] == [("a", BODY), ("c", BODY), ("d", BODY)]
    assert kept[0]["metadata"]["input_title"] == "given" and kept[0]["metadata"]["status"] == "ok"
    assert kept[0]["metadata"]["input_url"] == "https://example.org/a"
    assert kept[0]["metadata"]["removed"][0]["category"] == "newsletter"
    assert [(row["id"], row["metadata"]["status"], row["text"]) for row in dropped] == [("b", "empty", " ")]
    counted = {name: stat.total for name, stat in stats.stats[1].stats.items()}
    assert (counted["total"], counted["forwarded"], counted["dropped"], counted["dropped_empty"]) == (4, 3, 1, 1)


@pytest.mark.integrations
def test_datatrove_keeps_rejects_when_told() -> None:
    """A document that cannot be cleaned goes on as it was, with its status."""
    needs("datatrove")
    from datatrove.data import Document

    from cleaner.integrations.datatrove import ArticleCleaner

    documents = [Document(text=row["text"], id=row["id"], metadata={"text": "mine"}) for row in ROWS]
    found = list(ArticleCleaner(keep_rejects=True).run(documents))
    assert [doc.text for doc in found] == [BODY, " ", BODY]
    assert [doc.metadata["status"] for doc in found] == STATUS
    assert [doc.metadata["text"] for doc in found] == ["mine"] * 3


@pytest.mark.integrations
def test_datatrove_over_warc(tmp_path: Path) -> None:
    """A web archive: the page of each response is cleaned, no date is later than its crawl."""
    needs("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import WarcReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.integrations.datatrove import ArticleCleaner

    (tmp_path / "in").mkdir()
    dated = PAGE.replace("<body>", "<head><meta property='article:published_time' content='2031-05-01'></head><body>")
    write_warc(tmp_path / "in" / "pages.warc.gz", [PAGE, dated])
    reader = WarcReader(str(tmp_path / "in"), glob_pattern="*.warc.gz")
    step = ArticleCleaner(BatchCleaner(crawled_key="date"))
    out = JsonlWriter(str(tmp_path / "out"), compression=None)
    LocalPipelineExecutor([reader, step, out], logging_dir=str(tmp_path / "logs")).run()
    rows = rows_of(tmp_path / "out")
    assert [row["text"] for row in rows] == [BODY, BODY]
    assert [row["metadata"]["date"] for row in rows] == [None, None]
    assert {row["metadata"]["input_date"] for row in rows} == {"2025-03-14T10:00:00Z"}
    assert {row["metadata"]["source_format"] for row in rows} == {"html"}


def write_warc(path: Path, pages: list[str]) -> None:
    """A web archive as crawlers write them: each record a gzip member of its own."""
    with path.open("wb") as file:
        for number, page in enumerate(pages):
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
            head = (
                "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
                f"WARC-Record-ID: <urn:uuid:{UUID(int=number)}>\r\nWARC-Target-URI: https://example.org/{number}\r\n"
                "WARC-Date: 2025-03-14T10:00:00Z\r\nWARC-Identified-Payload-Type: text/html\r\n"
                f"Content-Length: {len(block)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + block + b"\r\n\r\n"))


@pytest.mark.integrations
def test_huggingface_types_do_not_depend_on_the_first_rows(tmp_path: Path) -> None:
    """A field that the first batch lacks may turn up later, in any of two processes; columns keep their types."""
    needs("datasets")
    from datasets import Dataset

    from cleaner.integrations.huggingface import clean_dataset

    rows = [*ROWS, ROWS[0] | {"text": "By Ines Calloway\n\n14 March 2025\n\n" + STORY}] * 2
    pages = Dataset.from_list(rows, features=Dataset.from_list(rows).features)
    for options in ({"batch_size": 1}, {"num_proc": 2}):
        made = clean_dataset(pages, FULL, **options)
        assert made["status"][:] == [*STATUS, "ok"] * 2
        assert made.column_names == [*FULL.columns, "id", "input_url", "input_title"]
        assert made["input_title"][:4] == ["given", None, None, "given"]
        assert made["removed"][0][0]["category"] == "newsletter"


@pytest.mark.integrations
def test_huggingface_plain_map() -> None:
    """`map(clean_batch, batched=True)` works, without more."""
    needs("datasets")
    from datasets import Dataset

    made = Dataset.from_list(ROWS).map(clean_batch, batched=True)
    assert made["status"][:] == STATUS and made["body"][0] == BODY and made["text"][0] == STORY


@pytest.mark.integrations
@pytest.mark.filterwarnings("default")  # of ray itself
def test_ray_over_arrow_pandas_and_numpy() -> None:
    """The three formats of batches give the same articles, in order, in Ray's workers."""
    ray = needs("ray")
    needs("pandas")
    from cleaner.integrations.pandas import clean_frame
    from cleaner.integrations.ray import clean_dataset

    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    try:
        pages = ray.data.from_items(ROWS)
        made = sorted(clean_dataset(pages, FULL, batch_size=2).take_all(), key=lambda row: row["id"])
        assert [(row["id"], row["status"], row["body"]) for row in made] == [
            ("a", "ok", BODY),
            ("b", "empty", None),
            ("c", "ok", BODY),
        ]
        assert made[0]["removed"][0]["category"] == "newsletter"
        assert list(made[0]) == [*FULL.columns, "id", "input_url", "input_title"]
        for function, kind in ((clean_frame, "pandas"), (clean_batch, "numpy")):
            others = pages.map_batches(function, batch_format=kind).take_all()
            assert sorted(row["status"] for row in others) == sorted(STATUS)
    finally:
        ray.shutdown()


@pytest.mark.integrations
@pytest.mark.filterwarnings("default")  # of pyspark itself
def test_spark_keeps_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data frame has the announced schema, and columns that pass keep their type."""
    needs("pyspark")
    from pyspark.sql import SparkSession

    from cleaner.integrations.spark import clean_frame

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        kinds = "id string, url string, title string, text string, seen timestamp, price decimal(9,2)"
        frame = spark.createDataFrame([(*row.values(), None, None) for row in ROWS], kinds)
        made = clean_frame(frame, FULL)
        assert made.columns == [*FULL.columns, "id", "input_url", "input_title", "seen", "price"]
        assert made.schema["price"].dataType == frame.schema["price"].dataType
        found = sorted(made.collect(), key=lambda row: str(row.id))
        assert [row.status for row in found] == STATUS and found[0].body == BODY
        assert found[0].removed[0].category == "newsletter" and found[0].input_title == "given"
    finally:
        spark.stop()


@pytest.mark.integrations
def test_pandas_keeps_index_and_types() -> None:
    """Rows stay under their labels, also doubled ones; types are the same with and without rows."""
    pd = needs("pandas")
    from cleaner.integrations.pandas import clean_frame

    frame = pd.DataFrame(ROWS, index=[5, 5, 7])
    made = clean_frame(frame, FULL)
    assert list(made.index) == [5, 5, 7] and list(made["status"]) == STATUS
    assert list(made.columns) == [*FULL.columns, "id", "input_url", "input_title"]
    assert clean_frame(frame.iloc[:0], FULL).dtypes.equals(made.dtypes)
    assert made["word_count"].dtype == "Int64" and made["body"].isna().tolist() == [False, True, False]
    assert clean_batch({"text": frame["text"].astype("string")})["status"] == STATUS
    with pytest.raises(TypeError, match=r"cleaner\.integrations\.pandas"):
        clean_batch(frame)


@pytest.mark.integrations
def test_polars_frames_and_expressions() -> None:
    """A frame or an expression, eager or lazy, gives the same columns with the announced types."""
    pl = needs("polars")
    from cleaner.integrations.polars import clean_frame, cleaned, polars_schema

    frame = pl.DataFrame(ROWS)
    made = clean_frame(frame, FULL)
    assert made["status"].to_list() == STATUS and made.columns[-3:] == ["id", "input_url", "input_title"]
    lazy = frame.lazy().select(cleaned("text", "url", FULL)).unnest("article").collect()
    assert lazy.equals(made.select(FULL.columns), null_equal=True)
    assert (
        dict(lazy.schema) == polars_schema(FULL) == dict(clean_frame(frame.clear(), FULL).select(FULL.columns).schema)
    )
    assert frame.with_columns(cleaned()).filter(pl.col("article").struct.field("status") == "ok").height == 2


SPIDER = """
import scrapy, sys
from scrapy.crawler import CrawlerProcess

class Story(scrapy.Item):
    url, html, article = scrapy.Field(), scrapy.Field(), scrapy.Field()

class News(scrapy.Spider):
    name = "news"
    start_urls = [sys.argv[1] + name for name in ("page.html", "empty.html")]

    def parse(self, response):
        yield {"url": response.url, "html": response, "kind": "response"}
        yield Story(url=response.url, html=response.body)
        yield {"url": response.url, "html": response.text, "kind": "text"}

process = CrawlerProcess({
    "ITEM_PIPELINES": {"cleaner.integrations.scrapy.CleanerPipeline": 300},
    "CLEANER_OPTIONS": {"include_removed": True, "timeout": 60},
    "CLEANER_KEEP_REJECTS": sys.argv[2] == "keep",
    "FEEDS": {"out.jsonl": {"format": "jsonlines"}}, "LOG_LEVEL": "CRITICAL",
})
crawler = process.create_crawler(News)
process.crawl(crawler)
process.start()
print({k: v for k, v in crawler.stats.get_stats().items() if k.startswith(("cleaner/", "item_"))})
"""


@pytest.mark.integrations
@pytest.mark.parametrize("rejects", ["drop", "keep"])
def test_scrapy_cleans_as_pages_arrive(tmp_path: Path, rejects: str) -> None:
    """Responses, bytes and texts, in dicts and declared items, of a real crawl; rejects are counted, dropped or kept."""
    needs("scrapy")
    from tests.test_integrations_docs import serve

    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "empty.html").write_text("<html><body> </body></html>", "utf-8")
    (tmp_path / "spider.py").write_text(SPIDER, "utf-8")
    with serve(tmp_path) as port:
        call = [sys.executable, "spider.py", f"http://localhost:{port}/", rejects]
        done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert "'cleaner/ok': 3" in done.stdout and ("'item_dropped_count': 3" in done.stdout) == (rejects == "drop")
    items = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    good = [item for item in items if item["article"]["status"] == "ok"]
    assert [item["article"]["body"] for item in good] == [BODY] * 3 and all("html" not in item for item in good)
    assert set(good[0]["article"]) <= set(SCHEMA)
    bad = sorted(item["kind"] for item in items if item["article"]["status"] == "no_article" and "html" in item)
    assert bad == (["response", "text"] if rejects == "keep" else [])  # a page in bytes does not go into JSON
    assert "'cleaner/no_article': 3" in done.stdout


@settings(deadline=None)
@given(
    st.text(max_size=200)
    | st.sampled_from([STORY, "One.\r\n\r\nTwo &amp; three\u2028Subscribe\x00", "\ufeffThe river"])
)
def test_dolma_spans_lie_in_the_text(text: str) -> None:
    """Spans are triples of two places of the text and a score, as dolma's `OutputSpec` wants, and do not overlap."""
    row = attributes({"id": "x", "text": text, "source": "s"})
    assert set(row) == {"id", "attributes", "source"}
    found = sorted(tuple(span) for places in row["attributes"].values() for span in places)
    ends = [0, *(end for _, end, _ in found)]
    assert all(0 <= start <= end <= len(text) and 0 <= score <= 1 for start, end, score in found)
    assert all(end <= start for end, (start, _, _) in zip(ends, found, strict=False))


def test_dolma_spans_leave_the_body() -> None:
    """What is left of a dump without its spans is, white space aside, the body."""
    for path in sorted(FIXTURES.glob("realistic/*.txt"))[:20]:
        text = path.read_text("utf-8")
        left, end = "", 0
        for start, stop, _ in sorted(span for places in spans(text).values() for span in places):
            left, end = left + text[end:start], stop
        body = BatchCleaner(NOTHING_MENDED, source_format="text")({"text": [text]})["body"][0]
        assert (left + text[end:]).split() == body.split()


def test_dolma_runs_the_tagger(tmp_path: Path) -> None:
    """`dolma tag` itself finds the tagger, and writes the file that `attributes` would."""
    pytest.importorskip("dolma", reason="dolma wants an environment of its own, see docs/integrations.md")
    documents, found = tmp_path / "documents", tmp_path / "attributes"
    documents.mkdir()
    rows = [{"id": row["id"], "text": row["text"], "source": "test"} for row in ROWS]
    with gzip.open(documents / "a.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    call = [Path(sys.executable).with_name("dolma"), "tag", "--documents", documents / "*", "--destination", found]
    call += ["--experiment", "article_cleaner", "--taggers", "article_cleaner", "--processes", "1"]
    call += ["--tagger_modules", "cleaner.integrations.dolma"]
    done = subprocess.run(list(map(str, call)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with gzip.open(found / "a.jsonl.gz", "rt") as file:
        told = [json.loads(line) for line in file]
    assert told == [attributes(row) for row in rows] and told[0]["attributes"]
