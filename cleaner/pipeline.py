"""The ordered list of stages and the one loop that runs them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from cleaner.arguments import Raw, check_crawled, check_dump, check_settings, check_site, check_url
from cleaner.data import changed_thresholds, thresholds
from cleaner.detectors.context import detect_context
from cleaner.detectors.flat import is_flat
from cleaner.detectors.forms import detect_forms
from cleaner.detectors.frontmatter import detect_frontmatter
from cleaner.detectors.header import HEADER_LINES, detect_header
from cleaner.detectors.headings import headings, parts_alone, series
from cleaner.detectors.headline import removed_headline
from cleaner.detectors.own import OwnRules, own_rules
from cleaner.detectors.polls import detect_polls
from cleaner.detectors.reading import Findings, Line, Reading, joined, read
from cleaner.detectors.rules import detect_rules
from cleaner.detectors.sites import House, detect_house
from cleaner.detectors.threads import detect_threads
from cleaner.errors import EmptyDumpError, NoArticleError, OversizeDumpError
from cleaner.extractors.plain import extract_text
from cleaner.ledger import Ledger, Paragraph, account
from cleaner.metadata import merge_claims
from cleaner.model import Article, Claim, JudgedPage, Page, Removal, Span, Verdict, Widget
from cleaner.settings import Settings
from cleaner.text.encoding import decode
from cleaner.text.inert import inert
from cleaner.text.markup import is_html
from cleaner.text.mend import IN_MARKUP, mend
from cleaner.text.normalize import INK
from cleaner.text.sites import host_of

if TYPE_CHECKING:
    from cleaner.detectors.lines import LineJudge
    from cleaner.detectors.weights import LineModel

__all__ = ["STAGES", "clean", "clean_text_by", "first_look", "open_dump", "run_rules"]

Cut = tuple[Verdict, tuple[Span, ...]]  # a verdict and where in the source it lay
Stage = Callable[[Reading, Sequence[Verdict]], Findings]
Allowed = Callable[[Sequence[Verdict]], Sequence[Verdict]]  # leaves out the verdicts on what is held

STAGES: tuple[Stage, ...] = (
    detect_frontmatter,
    detect_header,
    detect_polls,
    detect_forms,
    detect_threads,
    detect_rules,
    detect_context,
)
"""The detectors of text, in order: each sees what those before it decided, and an earlier verdict stands."""

# A page has no front matter, and the company that a block keeps is what the judge of pages has weighed already.
_HTML_STAGES = STAGES[1:-1]

_WHOLE_PASSES = 3  # over all that is left, before only the neighbourhoods of cuts are read
_JUDGES = ("model:", "engine:", "place:")  # evidence of a judge of HTML blocks
_SELECTOR = "selector:"  # evidence of a user's selector, who names one place and means it, whatever categories he keeps
_REACH = 24  # lines around a cut that are its neighbourhood; a poll reaches 15 lines
_DEFAULT = Settings()


def clean(
    raw: Raw,
    url: str | None = None,
    source_format: str = "auto",
    settings: Settings | None = None,
    house: House | None = None,
    crawled: str | None = None,
    site: str | None = None,
) -> Article:
    """Take a raw dump, remove what is not the article, and return the clean body with its metadata and account.

    Args:
        raw: the dump; bytes are decoded (byte order mark, UTF-8, the page's declaration, a guess).
        url: where the dump came from; helps the metadata and the headline, is never fetched. A broken one is ignored.
        source_format: "html", "text", or "auto" to tell them apart by the tags at its beginning.
        settings: options; the defaults when None.
        house: what the other articles of the site say, learned by `cleaner sites learn`; nothing when None.
        crawled: when the dump was fetched (ISO 8601), if known: no date of the article may be later.
        site: which table of `settings.sites` is meant, where the host of the `url` does not tell.

    Raises:
        EmptyDumpError, BinaryDumpError, UndecodableDumpError, OversizeDumpError, NoArticleError: all `DumpError`s.
        ValueError: `source_format` is none of the three, or `crawled` is no date.
        TypeError: an argument is not of the type shown.

    >>> clean("The river rose on Monday.\\n\\nSign up for our newsletter").body
    'The river rose on Monday.'
    """
    options, url, crawled = check_settings(settings) or _DEFAULT, check_url(url), check_crawled(crawled)
    text, html, fixes = open_dump(raw, source_format, options)
    case = _Case(
        url, options, house, crawled, (check_site(site) or host_of(url)) if options.sites else check_site(site)
    )
    with changed_thresholds(options.thresholds) if options.thresholds else nullcontext():
        try:
            article = _clean(text, html, case)
        except NoArticleError:  # a site's other articles must never empty this one
            if house is None:
                raise
            article = _clean(text, html, replace(case, house=None))
    return replace(article, fixes=fixes) if fixes else article


@dataclass(frozen=True, slots=True)
class _Case:
    """What is known of a dump besides its text."""

    url: str | None
    options: Settings
    house: House | None
    crawled: str | None
    site: str | None
    model: LineModel | None = None  # of lines, where it is not that of the options


def clean_text_by(model: LineModel, raw: str, url: str | None, options: Settings) -> Article:
    """Clean a text dump as `clean` does, by a line model at hand. Raises `DumpError`s."""
    text, _, _ = open_dump(raw, "text", options)
    return _settle(JudgedPage(extract_text(text)), _Case(url, options, None, None, None, model), None)


def open_dump(raw: Raw, source_format: str, options: Settings) -> tuple[str, bool, Mapping[str, int]]:
    """The text of a dump, decoded and mended, whether it is HTML, and how often which mend was needed.

    Raises what `clean` raises for a dump that cannot be read.
    """
    if source_format not in ("auto", "html", "text"):
        raise ValueError(f"source_format must be 'auto', 'html' or 'text', not {source_format!r}")
    dump = check_dump(raw)
    text = decode(dump).text if isinstance(dump, bytes) else dump
    if len(text) > options.max_chars:
        raise OversizeDumpError(f"{len(text):,} characters; the limit is {options.max_chars:,} (setting max_chars)")
    if not INK.search(text):
        raise EmptyDumpError("the dump is empty or only white space")
    html = source_format == "html" or (source_format == "auto" and is_html(text))
    text, fixes = mend(text, [name for name in options.fixes if not html or name in IN_MARKUP])
    return text, html, fixes


def _clean(text: str, html: bool, case: _Case) -> Article:
    own = own_rules(case.options, case.site)
    return _settle(_judge(text, html, case, own), case, own)


def _judge(text: str, html: bool, case: _Case, own: OwnRules | None) -> JudgedPage:
    if html:
        from cleaner.pages import judge_page  # heavy imports only where there is HTML

        judge = judge_page(text, case.url, case.options, case.house, case.site)
    else:
        judge = JudgedPage(extract_text(text))
    return own.hold(judge) if own is not None else judge


@dataclass
class _Notes:
    """What was taken out and found so far."""

    removed: list[tuple[Span, Verdict, str | None]]
    claims: list[Claim]
    widgets: dict[Widget, None]
    held: Sequence[Span] = ()  # of the source, which no detector may touch
    known: dict[str, Line] = field(default_factory=dict)  # what lines were read as

    def allowed(self, ledger: Ledger, verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
        """The verdicts that leave alone what is held."""
        return [v for v in verdicts if not ledger.meets(v, self.held)] if self.held else verdicts

    def note(self, page: Page, findings: Findings, cuts: Iterable[Cut]) -> None:
        self.removed += [(span, v, _path_at(page, span)) for v, spans in cuts for span in spans]
        self.claims += findings.claims
        self.widgets.update(dict.fromkeys(findings.widgets))


def _settle(judge: JudgedPage, case: _Case, own: OwnRules | None) -> Article:
    """Run the stages over what is left until nothing more goes, so that cleaning a clean body changes nothing.

    The last pass is one over all that is left and changes nothing. Every other one removes ink or joins paragraphs, and
    nothing adds either: the loop ends.
    """
    page, options = judge.page, case.options
    judged = {v.start: v for v in judge.verdicts if v.category not in options.keep or v.evidence.startswith(_SELECTOR)}
    paths = {b.start: b.path for b in page.blocks}
    taken = [(Span(v.start, v.end), v, paths.get(v.start)) for v in judged.values()]
    notes = _Notes(taken, list(page.claims), dict.fromkeys(judge.widgets), judge.held)
    ledger = Ledger.open(page.text, [b for b in page.blocks if b.start not in judged])
    stages = _Stages(STAGES if page.layout is None else _HTML_STAGES, options, case.house, own, case.model)
    for turn in count(1):
        view = ledger.page()
        findings = stages.run_all(stages.read(view, case.url, notes.known), partial(notes.allowed, ledger))
        after, cuts = ledger.cut(view, notes.allowed(ledger, findings.verdicts))
        notes.note(page, findings, cuts)
        if after.view == ledger.view:
            break
        ledger = after if turn < _WHOLE_PASSES else _settle_near(after, cuts, page, case.url, stages, notes)
    removed = notes.removed
    if not INK.search(ledger.view) or _are_fewer(ledger.view, options.min_body_words):
        raise NoArticleError(f"no article text is left after removing {len(removed)} pieces of furniture")
    rows = [(span, v.category, v.evidence, v.score, path) for span, v, path in removed]
    removals, kept = account(ledger, rows)
    metadata = merge_claims(notes.claims, ledger.view, removals, case.url, case.crawled)
    finds = tuple(notes.widgets)
    confidence = round(judge.trust * _confidence(ledger, removals, len(page.text), page.layout is not None), 3)
    markdown = inert(ledger.view)
    if page.layout is not None:
        from cleaner.markdown import to_markdown

        markdown = to_markdown(page, page.layout, ledger.paragraphs)
    return Article(ledger.view, metadata, removals, finds, confidence, kept, page.text, page.source_format, markdown)


def _settle_near(
    ledger: Ledger, cuts: Iterable[Cut], page: Page, url: str | None, stages: _Stages, notes: _Notes
) -> Ledger:
    """Settle the neighbourhoods of cuts alone: furniture nested a thousand deep must not cost a thousand whole passes.

    What reaches the edge of a neighbourhood is judged in a larger one; what depends on lines far away, in whole passes.
    """
    paragraphs = list(ledger.paragraphs)
    spots = _spots(paragraphs, cuts)
    reach = _REACH
    while spots:
        last = first = spots.pop()
        while spots and spots[-1] >= first - reach:
            first = spots.pop()
        low, high = max(0, first - reach), last + reach
        if low < HEADER_LINES:
            low, high = 0, max(high, HEADER_LINES + reach)
        part = Ledger.of(ledger.source, paragraphs[low:high])
        view = part.page()
        reading = stages.read(view, url, notes.known, top=low == 0, bottom=high >= len(paragraphs))
        findings = stages.run(reading, partial(notes.allowed, part))
        if _at_edge(reading, findings.verdicts):
            spots += [first, last]
            reach *= 2
            continue
        after, here = part.cut(view, notes.allowed(part, findings.verdicts))
        notes.note(page, findings, here)
        paragraphs[low:high] = after.paragraphs
        spots += [low + spot for spot in _spots(after.paragraphs, here)]
        reach = _REACH
    return Ledger.of(ledger.source, paragraphs)


def _spots(paragraphs: Sequence[Paragraph], cuts: Iterable[Cut]) -> list[int]:
    """The paragraphs behind which something was cut out."""
    starts = [p.spans[0].start for p in paragraphs]
    return sorted({bisect_right(starts, span.start) for _, spans in cuts for span in spans})


def _at_edge(reading: Reading, verdicts: Sequence[Verdict]) -> bool:
    """Whether the first or last line of a part of a document is judged: it may belong to something larger."""
    starts = {v.start for v in verdicts}
    if not reading.lines:
        return False
    above = not reading.top and reading.lines[0].start in starts
    return above or (not reading.bottom and reading.lines[-1].start in starts)


@dataclass(slots=True)
class _Stages:
    """The detectors of one document, what its site has to say before and after each, and the line model behind them."""

    detectors: Sequence[Stage]
    options: Settings
    house: House | None = None
    own: OwnRules | None = None
    model: LineModel | None = None
    judge: LineJudge | None = None  # made when the first text comes that is long enough for it

    def read(
        self, page: Page, url: str | None, known: dict[str, Line], *, top: bool = True, bottom: bool = True
    ) -> Reading:
        """The lines of a page, and the phrases in them, the user's too."""
        phrases = self.own.phrases if self.own is not None else None
        return read(page, url, top=top, bottom=bottom, known=known, phrases=phrases)

    def run_all(self, reading: Reading, allowed: Allowed) -> Findings:
        """One pass, and then the line model, which may revise what the detectors say of a text.

        Where a site was learned, its own lines are known, and nobody need guess.
        """
        findings = self.run(reading, allowed)
        learned = self.house is not None or self.options.judge == "rules"
        if findings.alone or learned or self.detectors is not STAGES or not _is_worth_judging(reading):
            return findings
        if self.judge is None:
            from cleaner.detectors.lines import LineJudge  # needs numpy, which a short text can do without
            from cleaner.detectors.weights import load_line_model

            model = self.model or load_line_model(self.options.line_model)
            self.judge = LineJudge(model, self.options.mode, run_rules)
        revised = self.judge.judge(reading, findings.verdicts)
        keep, lines, ruled = self.options.keep, reading.lines, {v.start for v in findings.verdicts}
        stays = set(headings(lines, findings.verdicts))
        parts = parts_alone(lines, findings.verdicts, revised)
        stays |= (series(lines, {v.start for v in revised}) - ruled) | parts.keys()
        standing = [v for v in revised if v.start not in stays]
        standing, claims = _with_title(reading, standing, findings.claims)
        verdicts = [v for v in standing if v.category not in keep]
        return replace(findings, verdicts=joined(verdicts, (v for row in parts.values() for v in row)), claims=claims)

    def run(self, reading: Reading, allowed: Allowed) -> Findings:
        """One pass. Lines that only the user or the site knows go first, alone: they are no company for what stands
        beside them. What is held (not `allowed`) cannot go, and must not keep the others waiting."""
        house, keep = self.house, self.options.keep
        verdicts: list[Verdict] = []
        alone = self.own.drops(reading) if self.own is not None else []
        if house is not None:
            known, verdicts = detect_house(reading, house)
            alone = joined(alone, (v for v in known if v.category not in keep))
        if alone and (first := allowed(alone)):
            return Findings(first, alone=True)
        widgets: list[Widget] = []
        claims: list[Claim] = []
        for stage in self.detectors:
            found = stage(reading, verdicts)
            verdicts = joined(verdicts, (v for v in found.verdicts if house is None or house.stands(v)))
            widgets += found.widgets
            claims += found.claims
        return Findings([v for v in verdicts if v.category not in keep], widgets, claims)


def _with_title(
    reading: Reading, verdicts: list[Verdict], claims: Sequence[Claim]
) -> tuple[list[Verdict], Sequence[Claim]]:
    """The headline that only the line model took is the title, if no rule knows another."""
    found = None
    if reading.top and not any(claim.field == "title" for claim in claims):
        found = removed_headline(reading.lines, verdicts)
    if found is None:
        return verdicts, claims
    verdict, line = found
    named = [v._replace(category="metadata") if v is verdict else v for v in verdicts]
    return named, [*claims, Claim("title", line.text.strip(), "line model")]


def _is_worth_judging(reading: Reading) -> bool:
    """Whether a text has lines enough for the line model, or has lost its line breaks."""
    return len(reading.lines) >= thresholds()["lines"]["least_lines"] or is_flat(reading.lines)


def first_look(raw: Raw, url: str | None, options: Settings, site: str | None = None) -> tuple[str, Sequence[Verdict]]:
    """The text of a dump and the verdicts of one pass over it, for a dump of which nothing might be left.

    Raises what `clean` raises for a dump that cannot be read.
    """
    text, html, _ = open_dump(raw, "auto", options)
    case = _Case(url, options, None, None, site or host_of(url))
    own = own_rules(options, case.site)
    judge = _judge(text, html, case, own)
    stages = _Stages(STAGES if judge.page.layout is None else _HTML_STAGES, options, None, own)
    reading = stages.read(judge.page, url, {})
    with changed_thresholds(options.thresholds):
        first = stages.run(reading, list)
        if first.alone:
            stages.own = None
            first = Findings(joined(first.verdicts, stages.run(reading, list).verdicts))
    return judge.page.text, joined(sorted(judge.verdicts, key=lambda v: v.start), first.verdicts)


def run_rules(reading: Reading) -> list[Verdict]:
    """The verdicts of all detectors but the line model, which learns from them."""
    return list(_Stages(STAGES, _DEFAULT).run(reading, list).verdicts)


def _are_fewer(text: str, words: int) -> bool:
    """Whether a text has fewer words than so many."""
    return len(text.split(None, words)) < words


def _path_at(page: Page, span: Span) -> str | None:
    if page.source_format == "text":
        return None
    return page.blocks[bisect_right(page.blocks, span.start, key=lambda b: b.start) - 1].path


def _confidence(ledger: Ledger, removals: Sequence[Removal], size: int, html: bool) -> float:
    """How far the body can be trusted: less where much was removed, on weak evidence, or the rest is short lines."""
    level = thresholds()["confidence"]
    if html:  # a page is mostly furniture, and its judge has said how sure it is
        removals = [r for r in removals if not r.evidence.startswith(_JUDGES)]
        size = len(ledger.view) + sum(r.end - r.start for r in removals)
    gone = sum(r.end - r.start for r in removals)
    weak = sum(r.end - r.start for r in removals if r.evidence.startswith("context:"))
    words = int(thresholds()["context"]["prose_words"])
    short = sum(len(p.text) for p in ledger.paragraphs if _are_fewer(p.text, words))
    doubt = level["furnished"] * gone / max(1, size) + level["weak"] * weak / max(1, gone)
    return round(max(0.0, 1.0 - doubt - level["unsure"] * short / max(1, len(ledger.view))), 3)
