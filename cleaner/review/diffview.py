"""A comparison for a terminal: the sums, then the largest changes as a diff of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from cleaner.review.compare import Change, Comparison, Sums
from cleaner.review.pieces import paragraphs_of
from cleaner.review.terminal import safe

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["show_comparison", "word_diff"]

_SITES = 10
_CONTEXT = 8  # words around a change
_LONGEST = 2_000  # words of two paragraphs that are compared word by word
_PARAGRAPHS = 12  # changed paragraphs that are shown of a document

Part = tuple[str, str]
"""A sign (" " in both, "-" only before, "+" only after) and text."""


def word_diff(before: str, after: str) -> Iterator[list[Part]]:
    """The paragraphs that differ, each as parts in order; what both have is cut to a few words around a change.

    >>> list(word_diff("The river rose fast.", "The river rose."))
    [[(' ', 'The river'), ('-', 'rose fast.'), ('+', 'rose.')]]
    """
    old, new = paragraphs_of(before), paragraphs_of(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield from _changed(old[a:b], new[c:d])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Part]]:
    """Paragraphs in place of others: word by word where they are as many and not endless, else whole."""
    if len(old) != len(new) or sum(len(text.split()) for text in (*old, *new)) > _LONGEST:
        yield from ([("-", text)] for text in old)
        yield from ([("+", text)] for text in new)
        return
    for one, other in zip(old, new, strict=True):
        before, after = one.split(), other.split()
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        if matcher.ratio() < 0.3:  # two paragraphs, not one that changed
            yield from ([("-", one)], [("+", other)])
            continue
        yield list(_parts(before, after, matcher.get_opcodes()))


def _parts(
    before: Sequence[str], after: Sequence[str], codes: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[Part]:
    for at, (kind, a, b, c, d) in enumerate(codes):
        if kind == "equal":
            words = before[a:b]
            head, tail = (0 if at == 0 else _CONTEXT), (0 if at == len(codes) - 1 else _CONTEXT)
            if len(words) > head + tail:
                words = [*words[:head], "…", *words[len(words) - tail :]]
            yield " ", " ".join(words)
            continue
        if b > a:
            yield "-", " ".join(before[a:b])
        if d > c:
            yield "+", " ".join(after[c:d])


def show_comparison(console: Console, comparison: Comparison) -> None:
    """Print the sums and the largest changes."""
    for line in _sums(comparison.sums):
        console.print(line)
    for change in comparison.largest:
        console.print()
        console.print(_title(change))
        for text in _body(change):
            console.print(text)


def _sums(sums: Sums) -> Iterator[str]:
    yield f"{sums.before:,} documents before, {sums.after:,} after: {sums.same:,} the same, " + ", ".join(
        f"{sums.kinds[kind]:,} {kind}" for kind in ("changed", "gone", "new")
    )
    if sums.reasons:
        yield "rejected: " + ", ".join(f"{safe(name)} {n:,}" for name, n in sums.reasons.most_common())
    yield f"{sums.bodies:,} bodies changed; words lost {sums.lost:,}, gained {sums.gained:,}"
    if sums.fields:
        yield "fields changed: " + ", ".join(f"{name} {n:,}" for name, n in sums.fields.most_common())
    if any(sums.removed.values()):
        ranked = sorted(sums.removed.items(), key=lambda item: (-abs(item[1]), item[0]))
        yield "characters removed: " + ", ".join(f"{safe(name)} {n:+,}" for name, n in ranked if n)
    ranked_sites = sums.ranked_sites()
    for name in ranked_sites[:_SITES]:
        site = sums.sites[name]
        yield (
            f"  {safe(name) or '(no site)'}: {site['documents']:,} documents, "
            f"words lost {site['lost']:,}, gained {site['gained']:,}"
        )
    if len(ranked_sites) > _SITES:
        yield f"  and {len(ranked_sites) - _SITES:,} sites more"


def _title(change: Change) -> Text:
    from rich.text import Text

    reason = f" ({safe(change.reason)})" if change.reason else ""
    words = f"  words -{change.lost:,} +{change.gained:,}"
    return Text.assemble((f"{safe(change.id)}", "bold"), f"  {safe(change.site)}  {change.kind}{reason}{words}")


def _body(change: Change) -> Iterator[Text]:
    from rich.text import Text

    for name, (old, new) in change.fields.items():
        yield Text.assemble(f"  {name}: ", (_brief(old), "red"), " → ", (_brief(new), "green"))
    if change.kind != "changed":
        return
    styles = {" ": "", "-": "red strike", "+": "green"}
    for shown, parts in enumerate(word_diff(change.before, change.after)):
        if shown == _PARAGRAPHS:
            yield Text("  …")
            return
        text = Text("  ")
        for sign, words in parts:
            marked = {"-": f"[-{words}-]", "+": f"{{+{words}+}}"}.get(sign, words)
            text.append(safe(marked) + " ", styles[sign])
        yield text


def _brief(value: object) -> str:
    text = safe(" ".join(str(value).split()))
    return text if len(text) <= 100 else text[:99] + "…"
