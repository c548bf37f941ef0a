"""The page docs/scale.md: from what was measured, what follows, with the arithmetic shown."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.capacity.measure import POINTS
from tests.capacity.model import Corpus, Forecast, Measured, forecast

__all__ = ["MEASURED", "page", "save"]

MEASURED = Path(__file__).with_name("measured.json")
"""What `python -m tests.capacity` wrote."""

_CRAWLS = Path(__file__).with_name("crawls.toml")
_STAGES = ("1 sketch", "2 learn", "3 clean", "4 commit")

_HEAD = """\
# Past one machine

`cleaner run … --engine ray` runs a batch on a cluster ([Ray](https://docs.ray.io), extra `ray`); `local`, the processes of
one machine, is the default. Both run the same stages:

1. **sketch** each window of the input: what its dumps say of their sites, dealt into partitions by site
2. **learn** each partition: the house lines of its sites
3. **clean** each window, with what was learned of its sites
4. **commit**: put the rows together, in the order of the input

```sh
cleaner run 's3://bucket/crawl/*.warc.gz' -o s3://bucket/clean.jsonl.zst \\
    --engine ray --ray-address auto --checkpoint 20000
```

Nothing but the storage is shared. A task that dies is done again, a dump that kills its task is rejected.

What one dump costs was measured, what a corpus costs is reckoned from that, and the reckoning was checked. Times are
processor time of one core. `python -m tests.capacity && python docs/generate.py` measures all of it anew and writes this
page.
"""


def save(found: Mapping[str, Any]) -> None:
    """Write figures beside those that are there."""
    known = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    MEASURED.write_text(json.dumps({**known, **found}, indent=1) + "\n", "utf-8")


def page() -> str:
    """The page, from the figures that were measured last."""
    found = json.loads(MEASURED.read_text("utf-8"))
    told = tomllib.loads(_CRAWLS.read_text("utf-8"))
    kinds = {name: _measured(kind) for name, kind in found["sample"].items()}
    parts = [_HEAD, *_costs(kinds, found["python"]), *_engines(found["engines"]), *_checked(found["simulation"])]
    parts += ["## What follows\n", _assumed(told["order"])]
    for crawl in told["crawl"]:
        parts += _crawl(crawl, told["order"], kinds[crawl["kind"]])
    return "\n".join(parts)


def _measured(told: Mapping[str, Any]) -> Measured:
    return Measured(**{**told, "learn_s": tuple(map(tuple, told["learn_s"])), "peak_mb": tuple(told["peak_mb"])})


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _costs(kinds: Mapping[str, Measured], python: str) -> Iterator[str]:
    ones = list(kinds.values())
    yield f"## What a dump costs\n\nMeasured with Python {python}, on one core of a machine that had other work to do:\n"
    yield _table(
        ["", *kinds],
        [
            ["dumps measured", *(f"{one.dumps:,}" for one in ones)],
            ["bytes of a dump", *(f"{one.bytes:,.0f}" for one in ones)],
            ["characters of a dump", *(f"{one.chars:,.0f}" for one in ones)],
            ["1 sketch: ms for a dump", *(f"{1000 * one.sketch_s:.2f}" for one in ones)],
            *(
                [
                    f"2 learn: ms for a site of {n} article{'s' * (n > 1)}",
                    *(f"{1000 * dict(one.learn_s)[n]:.1f}" for one in ones),
                ]
                for n in POINTS
            ),
            ["2 learn: ms to read a dump's sketch", *(f"{1000 * one.read_s:.3f}" for one in ones)],
            ["3 clean: ms for a dump", *(f"{1000 * one.clean_s:.2f}" for one in ones)],
            ["4 commit: ms for a dump", *(f"{1000 * one.commit_s:.3f}" for one in ones)],
            ["**dumps a second and core**, cleaned", *(f"**{1 / one.clean_s:,.0f}**" for one in ones)],
            [
                "dumps a second and core, sketched, cleaned and committed",
                *(f"{1 / (one.sketch_s + one.clean_s + one.commit_s):,.0f}" for one in ones),
            ],
            ["MB shuffled for a million dumps", *(f"{one.sketch_bytes:,.0f}" for one in ones)],
            ["bytes of a row", *(f"{one.row_bytes:,.0f}" for one in ones)],
            *(
                [f"{stage}: MB of a task", *(f"{one.peak_mb[number]:,.0f}" for one in ones)]
                for number, stage in enumerate(_STAGES)
            ),
        ],
    )
    yield _DEALT


_DEALT = """\
To learn sites of a given size, text was taken site by site from dumps of 40 sites, pages by turns, as if they were of one
site.
"""


def _engines(found: Mapping[str, Any]) -> Iterator[str]:
    counts, learned, seconds = found["counts"], found["learned"], found["seconds"]
    yield "## The same bytes\n"
    yield (
        f"`python -m tests.same_engines` made {counts['read']:,} dumps of {learned['sites']:,} sites and cleaned them with "
        f"`local` (2 processes) and on a Ray cluster of a head and two nodes of one processor each. Both learned "
        f"{learned['lines']:,} lines of {learned['houses']:,} sites, wrote {counts['written']:,} rows and "
        f"{sum(counts['rejects'].values()):,} rejects, and the files are the same to the byte"
        f" (SHA-256 `{found['rows'][:16]}…`). `local` took {seconds['local']:,.0f} s, Ray {seconds['ray']:,.0f} s, on two cores "
        "that had other work to do.\n"
    )


def _checked(found: Mapping[str, Any]) -> Iterator[str]:
    yield "## How far the arithmetic holds\n"
    yield (
        f"A forecast from {found['sample']} dumps of a synthetic corpus of {found['fingerprints']:,} fingerprints, and what stages 1 and 2 "
        f"then took: dumps of 20 lines, of {found['sites']:,} sites by Zipf's law, one in twenty the text of another one, in "
        f"windows of {found['window']:,}. There are {found['partitions']} partitions, too few to hold all articles, so that "
        "each site keeps fewer.\n"
    )
    rows = [
        [name, f"{told:,.0f}", f"{seen:,.0f}", f"{100 * (told / seen - 1):+.1f} %"]
        for name, (told, seen) in found["checked"].items()
    ]
    yield _table(["", "forecast", "observed", "error"], rows)


def _assumed(order: Mapping[str, Any]) -> str:
    return (
        f"`--checkpoint {order['window']}` and {order['partitions']:,} partitions, which is what a run takes for 2 TB and more. "
        "The pages of a site fall with its rank, by Zipf's law. A page twice as large as those that were measured is taken to "
        "cost twice as much. What is not reckoned: the network, the start of the tasks, and what the storage takes to list "
        "its files.\n"
    )


def _crawl(crawl: Mapping[str, Any], order: Mapping[str, Any], one: Measured) -> Iterator[str]:
    corpus = Corpus(crawl["dumps"], crawl["sites"], order["partitions"], order["window"], order["skew"])
    size = crawl.get("bytes", one.bytes)
    scale = size / one.bytes
    told = forecast(corpus, one, scale)
    yield f"### {crawl['name']}\n\nAssumed: {crawl['dumps']:,} pages of {size:,.0f} bytes, {crawl['sites']:,} sites ({crawl['source']}).\n"
    yield "```text"
    yield from _time(corpus, one, scale, told, order["cores"])
    yield ""
    yield from _space(corpus, one, size, told)
    yield ""
    yield from _memory(corpus, one, scale, told, order["cores"])
    yield "```\n"


def _time(corpus: Corpus, one: Measured, scale: float, told: Forecast, cores: int) -> Iterator[str]:
    factor = "" if scale == 1 else f" × {scale:.2f} (of the size measured)"
    stages = [("1 sketch", one.sketch_s, told.sketch_s), ("3 clean", one.clean_s, told.clean_s)]
    lines = [
        f"{name:9} {corpus.dumps:,} × {1000 * each:.2f} ms{factor} ÷ 3,600,000 = {whole / 3600:,.0f} core-hours"
        for name, each, whole in stages
    ]
    left = f", no room for {100 * told.left_out:.0f} % of the sites" if told.left_out else ""
    lines.insert(
        1,
        f"2 learn   {told.learned:,.0f} sites with {corpus.least} articles or more, of each at most {told.sample:,.0f}{left}"
        f" = {told.learn_s / 3600:,.0f} core-hours, and\n"
        f"          {told.only_read:,.0f} sketches only read × {1000 * one.read_s:.3f} ms{factor} ÷ 3,600,000 = "
        f"{told.only_read_s / 3600:,.0f} core-hours",
    )
    yield from lines
    work = told.sketch_s + told.learn_s + told.only_read_s + told.clean_s
    yield f"together  {work / 3600:,.0f} core-hours ÷ {cores:,} cores = {work / 3600 / cores:,.1f} hours"
    yield (
        f"4 commit  {corpus.dumps:,} × {1000 * one.commit_s:.4f} ms{factor} ÷ 3,600,000 = "
        f"{told.commit_s / 3600:,.1f} hours, in one process"
    )
    yield f"in all    {work / 3600 / cores + told.commit_s / 3600:,.1f} hours"


def _space(corpus: Corpus, one: Measured, size: float, told: Forecast) -> Iterator[str]:
    sketch = told.written / corpus.dumps
    yield f"input     {corpus.dumps:,} × {size:,.0f} bytes = {corpus.dumps * size / 1e9:,.0f} GB unpacked, read twice"
    yield f"shuffled  {corpus.dumps:,} × {sketch:,.0f} bytes = {told.written / 1e9:,.0f} GB written in {told.windows:,} files"
    yield (
        f"          {told.windows:,} files × {corpus.partitions:,} partitions = {told.windows * corpus.partitions:,} pieces, "
        f"{told.read / 1e9:,.0f} GB read with their tables"
    )
    yield f"output    {corpus.dumps:,} × {told.output / corpus.dumps:,.0f} bytes = {told.output / 1e9:,.0f} GB unpacked"


def _memory(corpus: Corpus, one: Measured, scale: float, told: Forecast, cores: int) -> Iterator[str]:
    most = max(told.sketch_mb, told.learn_mb, one.peak_mb[2])
    bytes_ = one.sketch_bytes * scale
    yield (
        f"memory    1 sketch {told.sketch_mb:,.0f} MB: {one.peak_mb[0]:,.0f} MB and 3 × {bytes_:,.0f} bytes for each of "
        f"{corpus.window:,} dumps"
    )
    yield (
        f"of a task 2 learn {told.learn_mb:,.0f} MB: {one.peak_mb[1]:,.0f} MB and {bytes_:,.0f} bytes and 250 more for each of "
        f"{told.held:,.0f} sketches"
    )
    yield f"          3 clean {one.peak_mb[2]:,.0f} MB"
    yield f"          {most:,.0f} MB × {cores:,} cores = {most * cores / 1000:,.0f} GB in all"
