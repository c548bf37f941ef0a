"""Whether a dump is HTML source or text; text may mention tags."""

from __future__ import annotations

import re

__all__ = ["is_html"]

_HEAD = 4000  # characters that decide
_LEAST = 4  # tags at work, where the dump does not begin with one
_WORDS = 60  # of text for each of them
_LEADING = re.compile(r"(?:[\s\ufeff\u200b]|<!--.*?(?:-->|\Z)|<\?xml[^>]{0,200}>)*", re.DOTALL | re.IGNORECASE)
_DOCUMENT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b[^<>]*>", re.IGNORECASE)
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_NAMES = (
    "a|abbr|address|article|aside|audio|b|blockquote|body|button|canvas|caption|center|cite|code|dd|del|details|dfn|div|"
    "dl|dt|em|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|html|i|iframe|ins|kbd|label|legend|li|main|"
    "mark|nav|noscript|object|ol|optgroup|option|p|picture|pre|q|s|samp|script|section|select|small|span|strike|strong|"
    "style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video"
)
_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{_NAMES}|{_VOID})(?P<rest>\s[^<>]{{0,2000}})?/?>(?=(?P<next>\s?.?))",
    re.IGNORECASE | re.DOTALL,
)
_IS_VOID = re.compile(_VOID, re.IGNORECASE)
_OPEN = re.compile(  # may stay open, or end behind the characters that are looked at
    "p|li|d[dlt]|t[rdh]|table|tbody|option|div|section|article|main|[uo]l|nav|header|footer|aside|figure|blockquote|"
    "form|pre|script|style|svg|noscript|iframe|template|center|h[1-6]",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\s[\w:-]+\s*=")
_MENTIONED = " \t,.;:!?)'\"’”»`"  # what follows a tag that a sentence speaks of


def is_html(text: str) -> bool:
    """Whether a dump begins with a tag at work, or such tags make up a good part of its beginning.

    A tag is at work when its element is closed or may stay open, or when it has an attribute; a tag that stands in a
    sentence as a word, with a space or a comma behind it, is a mention.

    >>> is_html("<ul><li>One</li></ul>"), is_html("<b>Bold</b> words"), is_html("The river <br> rose. <p> is a tag.")
    (True, True, False)
    """
    leading = _LEADING.match(text)
    start = leading.end() if leading else 0
    if _DOCUMENT.match(text, start):
        return True
    head = text[start : start + _HEAD]
    tags = list(_TAG.finditer(head))
    closed = {m["name"].lower() for m in tags if m["close"]}
    working = [m for m in tags if _works(m, head, closed)]
    if tags and tags[0].start() == 0 and tags[0] in working:
        return True
    return len(working) >= _LEAST and _WORDS * len(working) >= len(head.split()) and 2 * len(working) > len(tags)


def _works(tag: re.Match[str], head: str, closed: set[str]) -> bool:
    if _ATTRIBUTE.match(tag["rest"] or ""):
        return True
    if tag["close"]:  # the text that it ends stands right before it
        return tag.start() > 0 and head[tag.start() - 1] != " "
    following = tag["next"]
    if following[:1] and following[0] in _MENTIONED and not (following[0] == " " and following[1:].isupper()):
        return False
    name = tag["name"].lower()
    return name in closed or bool(_IS_VOID.fullmatch(name) or _OPEN.fullmatch(name))
