"""HTML is told from text by tags at work; a text that mentions tags stays text."""

from __future__ import annotations

import pytest

from cleaner import clean
from cleaner.text.markup import is_html

HTML = [
    "<span>The river rose.</span> Again.",
    "<ul>\n<li>One</li>",
    "<ol><li>a</li></ol>",
    "<figure><img src=x></figure><p>Hi</p>",
    "<table><tr><td>a</td></tr></table>",
    "<blockquote>Hi</blockquote>",
    "<b>Title</b><br>Text",
    "<strong>Hi</strong> there",
    "<em>Hi</em> there",
    "<script>var a=1;</script>text",
    "<script src='x'></script>",
    "<style>p{}</style><p>a</p>",
    "<link rel=stylesheet href=x>\n<p>Hi</p>",
    "<nav><a href=/>Home</a></nav>",
    "<header><h1>x</h1></header>",
    "<footer>x</footer>",
    "<aside>x</aside>",
    "<form action=x>",
    "<img src=x> text",
    "<br>Text<br>Text",
    "<br/>\nText",
    "<a href='x'>Home</a> text",
    "<pre>code</pre>",
    "<svg viewBox='0'><path/></svg><p>x</p>",
    "<!-- " + "x" * 20_000 + " --><p>Hi</p>",
    "\ufeff<p>Hi</p>",
    "\ufeff\n<!DOCTYPE html><html>",
    "<?xml version='1.0'?><html>",
    "Headline\n<p>The river rose.</p>\n<p>It fell.</p>",
    "<p>Hi",
    "<p>\nHi there\n<p>\nAgain",
    "<h1>Title</h1>",
    "<div class=x>Hi",
    "Text with <b>bold</b> and <a href='x'>links</a>.<br>And <i>more</i>.<br><br>End.",
    "<HTML><BODY>x",
    "<p>One<p>Two<p>Three",
    "<p>One paragraph without its end",
    "<section>\n  <p>x</p>",
    "<img src='a.png'/>",
    "<center><font size=2>Hi</font></center>",
    "<p> Hi there </p><p> again </p>",
]
TEXT = [
    "The <p> tag opens a paragraph.",
    "<p> is the tag for paragraphs.",
    "<b> makes text bold, they say.",
    "Use <b>, <i> and <u> with care; <br> breaks a line, <hr> draws one and <p> opens a paragraph.",
    "<3 the river",
    "<The river rose>",
    "a < b and c > d",
    "<john@x.org> wrote:",
    "<b> and <i> are tags; so is </b>.",
    "The river rose. " * 200 + "<b>bold</b>",
    "To write a list, type <ul> and then <li> for each item and close it with </li> and </ul> at the end.",
    "<br> breaks a line.",
    "<div> and <span> differ in one point.",
    "Write <p>Hello</p> in the file and open it. " + "The river rose again. " * 60,
    "<a> links.",
    "x<y",
    "<!-- more -->\nThe river rose.",
]


@pytest.mark.parametrize("dump", HTML, ids=lambda dump: dump[:40])
def test_html_is_html(dump: str) -> None:
    """A dump that begins with a tag at work, or has many of them, is HTML."""
    assert is_html(dump)


@pytest.mark.parametrize("dump", TEXT, ids=lambda dump: dump[:40])
def test_text_is_text(dump: str) -> None:
    """A text that speaks of tags, or only looks like one, is text."""
    assert not is_html(dump)


def test_no_tag_stays_in_the_body() -> None:
    """A fragment that begins with a list or a script is cleaned as HTML."""
    body = clean("<script>var a = 1;</script><span>The river <b>rose</b> again on Monday, said the mayor.</span>").body
    assert body == "The river rose again on Monday, said the mayor."
