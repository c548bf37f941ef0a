"""Readers' comments: a run of name, time and text under a line that announces comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.model import Verdict

__all__ = ["announces_comments", "detect_threads", "is_mark"]

_STEP = 4  # lines between the marks of two comments that follow each other
_LEAST = 2  # marks that make a thread
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_MARK_WORDS = 12


def detect_threads(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Verdicts on threads of comments. Without an announcing line above, and two marks, nothing is a thread."""
    lines = reading.lines
    announced = next((i for i, ln in enumerate(lines) if ln.hits and announces_comments(ln)), None)
    if announced is None:
        return Findings()
    marks = [i for i in range(announced + 1, len(lines)) if is_mark(lines[i])]
    found: list[Verdict] = []
    for run in _runs(marks):
        first = run[0] - 1 if run[0] - 1 > announced and not lines[run[0] - 1].closed else run[0]
        last = min(len(lines) - 1, run[-1] + (not _is_button(lines[run[-1]])))  # the text stands under its time
        found += [Verdict(ln.start, ln.end, "comments", "thread", 0.85) for ln in lines[first : last + 1]]
    done = {v.start for v in taken}
    return Findings([v for v in found if v.start not in done])


def announces_comments(line: Line) -> bool:
    """`3 Comments`, `Leave a reply`."""
    for hit in line.hits:
        if hit.start > 1:  # they come by their start
            return False
        if hit.entry.category == "comments" and hit.entry.kind in ("whole", "heads", "opens"):
            return True
    return False


def is_mark(line: Line) -> bool:
    """A time stamp with the time of day, a line such as "3 hours ago", or a reply button."""
    if len(line.words) > _MARK_WORDS:
        return False
    if _is_button(line) or _is_whole(line, "reading_time"):  # "3 hours ago" stands under that category
        return True
    return bool(_CLOCK.search(line.text)) and line.date is not None


def _is_button(line: Line) -> bool:
    """`Reply`, `View all comments`."""
    return len(line.words) <= _MARK_WORDS and _is_whole(line, "comments")


def _is_whole(line: Line, category: str) -> bool:
    return any(
        h.entry.category == category and h.entry.kind == "whole" and h.end - h.start >= len(line.words) - 1
        for h in line.hits
    )


def _runs(marks: Sequence[int]) -> list[list[int]]:
    """Marks close behind each other."""
    runs: list[list[int]] = []
    for mark in marks:
        if runs and mark - runs[-1][-1] <= _STEP:
            runs[-1].append(mark)
        else:
            runs.append([mark])
    return [run for run in runs if len(run) >= _LEAST]
