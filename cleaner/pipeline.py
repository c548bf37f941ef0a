"""The ordered list of stages and the one loop that runs them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from cleaner.arguments import Raw, check_dump, check_settings, check_url
from cleaner.data import thresholds
from cleaner.detectors.context import detect_context
from cleaner.detectors.forms import detect_forms
from cleaner.detectors.header import detect_header
from cleaner.detectors.places import judge_by_place
from cleaner.detectors.polls import detect_polls
from cleaner.detectors.reading import Findings, Reading, read
from cleaner.detectors.rules import detect_rules
from cleaner.detectors.threads import detect_threads
from cleaner.errors import EmptyDumpError, NoArticleError, OversizeDumpError
from cleaner.extractors.plain import extract_text
from cleaner.ledger import Ledger, account
from cleaner.metadata import merge_claims
from cleaner.model import Article, Claim, Page, Removal, Span, Verdict, Widget
from cleaner.settings import Settings
from cleaner.text.encoding import decode
from cleaner.text.normalize import INK

__all__ = ["STAGES", "clean"]

Stage = Callable[[Reading, Sequence[Verdict]], Findings]

STAGES: tuple[Stage, ...] = (detect_header, detect_polls, detect_forms, detect_threads, detect_rules, detect_context)
"""The detectors of text, in order: each sees what those before it decided, and an earlier verdict stands."""

_MAX_PASSES = 8
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|title|article|main|div|section|p|h[1-6])\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULT = Settings()


def clean(raw: Raw, url: str | None = None, source_format: str = "auto", settings: Settings | None = None) -> Article:
    """Take a raw dump, remove what is not the article, and return the clean body with its metadata and account.

    Args:
        raw: the dump; bytes are decoded (byte order mark, UTF-8, the page's declaration, a guess).
        url: where the dump came from; helps the metadata and the headline, is never fetched. A broken one is ignored.
        source_format: "html", "text", or "auto" to tell them apart by how the dump begins.
        settings: options; the defaults when None.

    Raises:
        EmptyDumpError, BinaryDumpError, UndecodableDumpError, OversizeDumpError, NoArticleError: all `DumpError`s.
        ValueError: `source_format` is none of the three.
        TypeError: an argument is not of the type shown.

    >>> clean("The river rose on Monday.\\n\\nSign up for our newsletter").body
    'The river rose on Monday.'
    """
    if source_format not in ("auto", "html", "text"):
        raise ValueError(f"source_format must be 'auto', 'html' or 'text', not {source_format!r}")
    options, url, dump = check_settings(settings) or _DEFAULT, check_url(url), check_dump(raw)
    text = decode(dump).text if isinstance(dump, bytes) else dump
    if len(text) > options.max_chars:
        raise OversizeDumpError(f"{len(text):,} characters; the limit is {options.max_chars:,} (setting max_chars)")
    if not INK.search(text):
        raise EmptyDumpError("the dump is empty or only white space")
    if source_format == "html" or (source_format == "auto" and _HTML.match(text)):
        return _clean_html(text, url, options)
    page = extract_text(text)
    return _settle(page, (), (), url, options)


def _clean_html(text: str, url: str | None, options: Settings) -> Article:
    from cleaner.detectors.engine import judge_by_output  # heavy imports only where there is HTML
    from cleaner.extractors.html import parse_html
    from cleaner.extractors.metadata import html_claims
    from cleaner.extractors.peer import run_trafilatura
    from cleaner.extractors.widgets import find_polls, may_hold_poll

    document = parse_html(text)
    page, output, claims = document.page, "", html_claims(document.tree, url)
    if not page.blocks:
        raise NoArticleError("the page has no visible text")
    if options.engine == "trafilatura" and document.tree is not None:
        output, more = run_trafilatura(document.tree, url)
        claims += more
    verdicts = judge_by_output(page, output) if INK.search(output) else judge_by_place(page)
    if len(verdicts) == len(page.blocks):  # the engine's body is nowhere in the page: do not empty the document
        verdicts = judge_by_place(page)
    polls = find_polls(text) if may_hold_poll(text) else ()
    page = Page(page.text, page.blocks, "html", claims)
    return _settle(page, verdicts, polls, url, options)


def _settle(
    page: Page, verdicts: Sequence[Verdict], widgets: Sequence[Widget], url: str | None, options: Settings
) -> Article:
    """Run the stages over what is left until nothing more goes, so that cleaning a clean body changes nothing."""
    judged = {v.start: v for v in verdicts if v.category not in options.keep}
    paths = {b.start: b.path for b in page.blocks}
    removed = [(Span(v.start, v.end), v, paths.get(v.start)) for v in judged.values()]
    ledger = Ledger.open(page.text, [b for b in page.blocks if b.start not in judged])
    claims, finds = list(page.claims), list(widgets)
    for turn in range(_MAX_PASSES):
        view = ledger.page()
        findings = _run_stages(read(view, url, turn == 0), options)
        claims += findings.claims
        finds += [w for w in findings.widgets if w not in finds]
        after, cuts = ledger.cut(view, findings.verdicts)
        removed += [(span, v, _path_at(page, span)) for v, spans in cuts for span in spans]
        if after.view == ledger.view:
            break
        ledger = after
    if not INK.search(ledger.view) or len(ledger.view.split()) < options.min_body_words:
        raise NoArticleError(f"no article text is left after removing {len(removed)} pieces of furniture")
    rows = [(span, v.category, v.evidence, v.score, path) for span, v, path in removed]
    removals, kept = account(page.text, rows, [s for p in ledger.paragraphs for s in p.spans])
    metadata = merge_claims(claims, ledger.view, removals, url)
    confidence = _confidence(ledger, removals, len(page.text))
    return Article(ledger.view, metadata, removals, tuple(finds), confidence, kept, page.text, page.source_format)


def _run_stages(reading: Reading, options: Settings) -> Findings:
    verdicts: list[Verdict] = []
    widgets: list[Widget] = []
    claims: list[Claim] = []
    for stage in STAGES:
        found = stage(reading, verdicts)
        verdicts = _joined(verdicts, found.verdicts)
        widgets += found.widgets
        claims += found.claims
    return Findings([v for v in verdicts if v.category not in options.keep], widgets, claims)


def _joined(verdicts: Sequence[Verdict], more: Iterable[Verdict]) -> list[Verdict]:
    """Both, sorted; where two overlap the earlier stage's stands and the later one is dropped."""
    out, starts = list(verdicts), [v.start for v in verdicts]  # sorted and apart, so that only neighbours can overlap
    for verdict in more:
        at = bisect_right(starts, verdict.start)
        if (at and out[at - 1].end > verdict.start) or (at < len(out) and starts[at] < verdict.end):
            continue
        out.insert(at, verdict)
        starts.insert(at, verdict.start)
    return out


def _path_at(page: Page, span: Span) -> str | None:
    if page.source_format == "text":
        return None
    return page.blocks[bisect_right(page.blocks, span.start, key=lambda b: b.start) - 1].path


def _confidence(ledger: Ledger, removals: Sequence[Removal], size: int) -> float:
    """How far the body can be trusted: less where much was removed, on weak evidence, or the rest is short lines."""
    level = thresholds()["confidence"]
    gone = sum(r.end - r.start for r in removals)
    weak = sum(r.end - r.start for r in removals if r.evidence.startswith("context:"))
    short = sum(len(p.text) for p in ledger.paragraphs if len(p.text.split()) < thresholds()["context"]["prose_words"])
    doubt = level["furnished"] * gone / max(1, size) + level["weak"] * weak / max(1, gone)
    return round(max(0.0, 1.0 - doubt - level["unsure"] * short / max(1, len(ledger.view))), 3)
