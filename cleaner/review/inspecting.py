"""One article for a terminal: what was kept as it is, what was removed struck out, with its reason at the margin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cleaner.model import Article, Poll
from cleaner.review.pieces import Line, lines_of
from cleaner.review.terminal import colour_of, paged, safe

if TYPE_CHECKING:
    from rich.console import Console, Group, RenderableType
    from rich.table import Table
    from rich.text import Text

__all__ = ["show_article"]

_MARGIN = 34  # columns
_NARROW = 90  # columns; on a narrower terminal the reason stands behind the piece
_PIECE = 600  # characters of a removed piece that are shown


def show_article(console: Console, article: Article, name: str, pager: bool = True) -> None:
    """Print an article; in the pager (if there is to be one) where it is longer than the terminal."""
    parts: list[RenderableType] = [_summary(article, name), _metadata(article), *map(_poll, article.widgets)]
    parts += _text(console, article)
    pages = console.is_terminal and pager
    length = sum(len(console.render_lines(part, pad=False)) for part in parts) if pages else 0
    with paged(console, length):
        for part in parts:
            console.print(part)


def _summary(article: Article, name: str) -> Text:
    from rich.text import Text

    gone = sum(len(removal.text) for removal in article.removed)
    total = max(1, gone + len(article.body))
    return Text.assemble(
        (safe(name), "bold"),
        f"  {article.source_format}, {article.metadata.word_count:,} words kept, {len(article.removed)} pieces removed"
        f" ({gone / total:.0%} of the characters), confidence {article.confidence:.2f}\n",
    )


def _metadata(article: Article) -> Table:
    from rich.table import Table

    told = article.to_dict(include_removed=False)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for column in ("bold", "", "dim"):
        table.add_column(style=column, overflow="fold")
    for field, source in article.metadata.sources.items():
        table.add_row(field, _cell(_brief(told.get(field))), _cell(source))
    return table


def _brief(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _cell(text: str) -> Text:
    """Text as it is: rich would read `[…]` in a plain string as its markup."""
    from rich.text import Text

    return Text(safe(text))


def _poll(poll: Poll) -> Group:
    from rich import box
    from rich.console import Group
    from rich.table import Table

    votes = "" if poll.total_votes is None else f" ({poll.total_votes:,} votes)"
    table = Table(box=box.SIMPLE)
    for column in ("answer", "%", "votes"):
        table.add_column(column, justify="left" if column == "answer" else "right", overflow="fold")
    for option in poll.options:
        percent = "" if option.percent is None else f"{option.percent:g}"
        table.add_row(_cell(option.label), percent, "" if option.votes is None else f"{option.votes:,}")
    return Group("", _cell((poll.question or "poll") + votes), table)


def _text(console: Console, article: Article) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    wide = console.is_terminal and console.width >= _NARROW
    for line in lines_of(article.body, article.removed):
        shown, why = _line(line)
        if not wide:
            yield Text.assemble("\n", shown, "  " if why else "", Text("; ").join(why))
            continue
        grid = Table.grid(padding=(0, 2), expand=True)
        grid.add_column(ratio=1, overflow="fold")  # a line without spaces would end in an ellipsis
        grid.add_column(width=_MARGIN, overflow="fold")
        grid.add_row(shown, Text("\n").join(why))
        yield Text()
        yield grid


def _line(line: Line) -> tuple[Text, list[Text]]:
    """A line with its removed pieces struck out, between signs that show without colour, and why each went."""
    from rich.text import Text

    shown, why = Text(), []
    for segment in line.segments:
        removal = segment.removal
        if removal is None:
            shown.append(safe(segment.text))
            continue
        colour = colour_of(removal.category)
        text = removal.text if len(removal.text) <= _PIECE else removal.text[:_PIECE] + " …"
        space = " " if shown.plain and not shown.plain[-1].isspace() else ""
        shown.append(space)
        shown.append(f"[-{safe(text)}-]", f"{colour} strike")
        reason = f"{removal.category} {removal.score:.2f} {removal.evidence}"
        why.append(Text(safe(reason), style=colour))
    return shown, why
