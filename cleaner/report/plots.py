"""The report's tables and plots: SVG and HTML as text, every word from outside escaped.

No element has a style of its own, since the page's policy allows one style sheet; sizes are SVG attributes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from cleaner.data import categories
from cleaner.detectors.sites import House
from cleaner.report.collect import BINS, Group, Summary

__all__ = ["cards", "category_class", "groups", "histograms", "houses", "legend", "notes", "rejects", "removed"]

_ROWS = 25  # rows of a table, before those that are left are counted together
_HOUSES, _LINES = 50, 12  # sites, and lines of each, that are shown of what was learned
_HIGH, _WIDE = 120, 400  # of a histogram


def category_class(name: str) -> str:
    """The class that carries a category's colour.

    >>> category_class("metadata"), category_class("no such")
    ('k0', 'kx')
    """
    names = list(categories())
    return f"k{names.index(name)}" if name in names else "kx"


def cards(summary: Summary) -> str:
    """The totals."""
    total = summary.total
    told = [
        ("documents", f"{total.documents:,}"),
        ("rejected", f"{summary.rejects.total():,}"),
        ("words kept", f"{summary.words:,}"),
        ("pieces removed", f"{summary.pieces:,}" if summary.has_removed else "not told"),
        ("of all characters removed", f"{total.share:.1%}" if summary.has_removed else "not told"),
        ("mean confidence", f"{total.confidence / max(1, total.documents):.3f}"),
        ("sites", f"{len(summary.sites):,}"),
    ]
    items = "".join(f"<div><dd>{value}</dd><dt>{name}</dt></div>" for name, value in told)
    return f'<dl class="cards">{items}</dl>'


def removed(counts: Counter[str]) -> str:
    """Characters removed by category."""
    total = max(1, counts.total())
    top = max(counts.values(), default=1)
    rows = [
        f'<tr><th scope="row">{_button("category", name, name)}</th><td>{_bar([(name, n / top)])}</td>'
        f'<td class="n">{n / total:.1%}</td><td class="n">{n:,}</td></tr>'
        for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return _table(("category", "characters removed", "share", "characters"), rows)


def groups(kind: str, table: Mapping[str, Group]) -> str:
    """Removed share by site or language: the largest, ordered by what was removed of them."""
    largest = sorted(table, key=lambda name: (-table[name].documents, name))[:_ROWS]
    most = max((table[name].share for name in largest), default=0.0) or 1.0
    rows = []
    for name in sorted(largest, key=lambda name: (-table[name].share, name)):
        group = table[name]
        whole = max(1, group.kept + group.removed.total())
        parts = [
            (category, n / whole / most) for category, n in sorted(group.removed.items(), key=lambda i: (-i[1], i[0]))
        ]
        label = _button(kind, name, name or "(unknown)")
        rows.append(
            f'<tr><th scope="row">{label}</th><td>{_bar(parts)}</td>'
            f'<td class="n">{group.share:.1%}</td><td class="n">{group.documents:,}</td></tr>'
        )
    left = len(table) - len(largest)
    more = f'<p class="dim">and {left:,} more with fewer documents</p>' if left > 0 else ""
    return _table((kind, "removed share", "removed", "documents"), rows) + more


def _button(kind: str, value: str, label: str) -> str:
    return (
        f'<button type="button" class="pick" data-kind="{kind}" data-value="{escape(value)}">{escape(label)}</button>'
    )


def _bar(parts: Sequence[tuple[str, float]]) -> str:
    """Parts of one bar, each of its category's colour; 1 is the whole width."""
    at = 0.0
    drawn = []
    for name, share in parts:
        title = f"<title>{escape(name)}</title>"
        drawn.append(
            f'<rect class="{category_class(name)}" x="{at:.2%}" width="{share:.2%}" height="14">{title}</rect>'
        )
        at += share
    return f'<svg class="bar" height="14" aria-hidden="true">{"".join(drawn)}</svg>'


def _table(head: Sequence[str], rows: Iterable[str]) -> str:
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    return f'<table class="plot"><thead><tr>{columns}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def histograms(summary: Summary) -> str:
    """The distributions of confidence and of length."""
    sure = [(f"{at / BINS:.2f}", summary.confidence[at]) for at in range(BINS)]
    top = max(summary.lengths, default=0)
    low = min(summary.lengths, default=0)
    lengths = [(f"{2 ** (at - 1) if at else 0:,}", summary.lengths[at]) for at in range(low, top + 1)]
    return _histogram("Confidence", sure) + _histogram("Words in the body, up to twice the number below", lengths)


def _histogram(name: str, bars: Sequence[tuple[str, int]]) -> str:
    most = max((n for _, n in bars), default=0) or 1
    width = _WIDE / max(1, len(bars))
    every = max(1, -(-len(bars) // 6))
    drawn = []
    for at, (label, n) in enumerate(bars):
        high = max(1.0, _HIGH * n / most) if n else 0.0
        x = at * width + 1
        drawn.append(
            f'<rect x="{x:.1f}" y="{_HIGH - high:.1f}" width="{width - 2:.1f}" height="{high:.1f}">'
            f"<title>{label}: {n:,}</title></rect>"
        )
        if at % every == 0:
            drawn.append(f'<text x="{x:.1f}" y="{_HIGH + 14}">{label}</text>')
    told = ", ".join(f"{label}: {n:,}" for label, n in bars if n)
    return (
        f'<figure><figcaption>{name}</figcaption><svg class="histogram" viewBox="0 0 {_WIDE} {_HIGH + 18}"'
        f' role="img" aria-label="{escape(name)}: {escape(told)}">{"".join(drawn)}</svg></figure>'
    )


def rejects(summary: Summary) -> str:
    """The rejects by reason, with a few of each."""
    if not summary.rejects:
        return '<p class="dim">No dump was rejected, or the rejects are not beside the output.</p>'
    out = []
    for reason, n in summary.rejects.most_common():
        shown = "".join(f"<li><b>{escape(i)}</b> {escape(detail)}</li>" for i, detail in summary.examples[reason])
        out.append(f"<details><summary>{escape(reason)} <b>{n:,}</b></summary><ul>{shown}</ul></details>")
    return "".join(out)


def houses(learned: Mapping[str, House]) -> str:
    """What was learned of the sites, those with the most articles first."""
    out = []
    ranked = sorted(learned.values(), key=lambda house: (-house.articles, house.site))
    for house in ranked[:_HOUSES]:
        lines = [*house.lines.values(), *house.patterns.values(), *house.places.values()]
        lines.sort(key=lambda line: (-line.articles, -line.share, line.text, line.path))
        shown = "".join(
            f'<li><b>{line.share:.0%}</b> <span class="chip {category_class(line.category)}">{escape(line.category)}'
            f"</span> {escape(line.text[:300])}</li>"
            for line in lines[:_LINES]
        )
        out.append(
            f"<details><summary>{escape(house.site)} <b>{len(lines):,}</b> lines of {house.articles:,} articles"
            f"</summary><ul>{shown}</ul></details>"
        )
    left = len(ranked) - len(out)
    return "".join(out) + (f'<p class="dim">and {left:,} sites more</p>' if left > 0 else "")


def notes(account: Mapping[str, object]) -> str:
    """What the run says of itself, a row for each entry and for each of a table within."""
    flat = [(str(key), value) for key, value in account.items() if not isinstance(value, Mapping)]
    flat += [
        (f"{key} · {name}", inner)
        for key, value in account.items()
        if isinstance(value, Mapping)
        for name, inner in value.items()
    ]
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(_told(v))}</td></tr>' for name, v in flat)
    return f'<table class="notes"><tbody>{rows}</tbody></table>'


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_told(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_told(inner) for inner in value)
    return str(value)


def legend() -> str:
    """The style rules of the categories' colours: steps of the golden angle, so that neighbours differ."""
    return "".join(f".k{at}{{--h:{round(at * 137.508) % 360}}}" for at in range(len(categories())))
