"""The report as one HTML page that needs nothing and can reach nothing: its policy names its own style and script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

from cleaner.detectors.sites import House
from cleaner.model import mend_surrogates
from cleaner.report import plots
from cleaner.report.collect import Summary
from cleaner.report.documents import data_of, embedded

__all__ = ["make_page"]

_HOW = (
    "This output has no removed pieces, so there is nothing to highlight and nothing is counted by category. "
    "Run again with <code>cleaner run … --include-removed</code>."
)


def make_page(summary: Summary, name: str, account: Mapping[str, Any], learned: Mapping[str, House] | None) -> str:
    """The page. `name` is what the output is called, `account` what the run said of itself, `learned` its templates."""
    style = plots.legend() + _asset("report.css")
    script = _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    total = sum(summary.rejects.values()) + summary.total.documents
    parts = {
        "policy": policy,
        "style": style,
        "name": escape(name),
        "told": f"{len(summary.sample):,} of {summary.total.documents:,} documents shown, {total:,} dumps read",
        "cards": plots.cards(summary),
        "notice": "" if summary.has_removed else f'<p class="notice" role="note">{_HOW}</p>',
        "removed": plots.removed(summary.total.removed),
        "sites": plots.groups("site", summary.sites),
        "languages": plots.groups("language", summary.languages),
        "histograms": plots.histograms(summary),
        "rejects": plots.rejects(summary),
        "houses": _section("Site templates", plots.houses(learned)) if learned else "",
        "account": _section("The run", plots.notes(account)) if account else "",
        "data": embedded(data_of(summary)),
        "script": script,
    }
    return mend_surrogates(_fill(_asset("report.html"), parts))


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>"


def _asset(name: str) -> str:
    return files("cleaner.report").joinpath("assets", name).read_text("utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _fill(template: str, parts: Mapping[str, str]) -> str:
    """The template with `{{name}}` filled in, once: what is filled in is not looked at again."""
    out = []
    for at, piece in enumerate(template.split("{{")):
        name, found, rest = piece.partition("}}")
        out.append(parts[name] + rest if at and found else piece)
    return "".join(out)
