"""What can be wrong with an option, each mistake with its mend. Reads data only for options that are given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.data import categories, default_thresholds, languages, phrase_tables, ranges

__all__ = ["ANY", "FIXES", "JUDGES", "MODES", "SITE_KEYS", "Problem", "against_brackets", "hint", "problems_of"]

ANY = "any"
"""The language of phrases that count in every language."""

JUDGES = ("cleaner", "trafilatura", "rules")
FIXES = ("mojibake", "entities", "newlines", "spaces", "invisible", "composed", "hyphens")
MODES = ("balanced", "precision", "recall")
SITE_KEYS = ("drop", "keep", "drop_text", "keep_text", "patterns")

_LONGEST_PHRASE = 200  # characters
_LONGEST_PATTERN = 500
_SIGNS = "()[]|*#"


class Problem(NamedTuple):
    """One mistake: the path of the option, what is wrong with the mend, and the string at fault if it is one of a list."""

    path: tuple[str, ...]
    text: str
    value: str = ""


def hint(name: str, known: Collection[str], otherwise: str = "") -> str:
    """What was perhaps meant.

    >>> hint("captoin", ["caption", "poll"])
    " Did you mean 'caption'?"
    """
    import difflib  # only where there is a mistake

    near = difflib.get_close_matches(name, list(known), 1)
    return f" Did you mean {near[0]!r}?" if near else otherwise


def problems_of(options: Sequence[tuple[str, object, str]]) -> list[Problem]:
    """All mistakes in options, each with its name, its value and the type that it is annotated with.

    What is of the wrong type is told as such, and all the rest is looked at without it.
    """
    wrong = [problem for name, value, kind in options for problem in _type_problems(name, value, kind)]
    bad = {problem.path for problem in wrong}
    typed = {name: _without(value, (name,), bad) for name, value, _ in options if (name,) not in bad}
    return [*wrong, *_value_problems(typed)]


def _without(value: object, path: tuple[str, ...], bad: Collection[tuple[str, ...]]) -> object:
    if not isinstance(value, Mapping):
        return value
    paths = {key: (*path, str(key)) for key in value}
    return {key: _without(inner, paths[key], bad) for key, inner in value.items() if paths[key] not in bad}


def _shown(value: object) -> str:
    """A value as TOML would have it.

    >>> _shown(({"a": True}, "x"))
    "[{a = true}, 'x']"
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return repr(value)


def _type_problems(name: str, value: object, kind: str) -> Iterator[Problem]:
    """Whether a value is of the type that an option is annotated with."""
    if kind.startswith("Mapping"):
        yield from _table_problems(name, value, "float" in kind)
    elif kind == "int":
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem((name,), f"{name} = {_shown(value)} has the wrong type; expected a whole number.")
    elif kind.startswith("tuple"):
        if not _are_strings(value):
            mend = f", such as [{_shown(value)}]" if isinstance(value, str) else ""
            yield Problem((name,), f"{name} = {_shown(value)} has the wrong type; expected a list of strings{mend}.")
    elif not isinstance(value, str):
        yield Problem((name,), f"{name} = {_shown(value)} has the wrong type; expected a string.")


def _table_problems(name: str, value: object, numbers: bool) -> Iterator[Problem]:
    """A table of tables, of numbers or of lists of strings."""
    if not isinstance(value, Mapping):
        yield Problem((name,), f"{name} = {_shown(value)} has the wrong type; expected tables: {_EXAMPLES[name]}.")
        return
    for outer, table in value.items():
        path = (name, str(outer))
        if not isinstance(outer, str) or not isinstance(table, Mapping):
            yield Problem(path, f"{name}.{outer} = {_shown(table)} is no table; write {_EXAMPLES[name]}.")
            continue
        for key, inner in table.items():
            if numbers and (not isinstance(inner, (int, float)) or isinstance(inner, bool)):
                yield Problem((*path, str(key)), f"{name}.{outer}.{key} = {_shown(inner)} is no number.")
            if not numbers and not _are_strings(inner):
                mend = f" Write [{_shown(inner)}]." if isinstance(inner, str) else ""
                yield Problem((*path, str(key)), f"{name}.{outer}.{key} = {_shown(inner)} is no list of strings.{mend}")


_EXAMPLES = {
    "sites": '[sites."example.com"] drop = [".promo"]',
    "phrases": '[phrases.any] newsletter = ["get our weekly digest"]',
    "thresholds": "[thresholds.rules] longest_sentence = 40",
}


def _are_strings(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value)


def _value_problems(options: Mapping[str, Any]) -> Iterator[Problem]:
    """All mistakes in the values of options whose types are right."""
    for name in options.get("keep", ()):
        if name not in categories():
            mean = hint(name, categories())
            text = f"keep: unknown category {name!r}.{mean} `cleaner categories` lists them."
            yield Problem(("keep",), text, name)
    for name in options.get("fixes", ()):
        if name not in FIXES:
            yield Problem(("fixes",), f"fixes: {name!r} is not one of {', '.join(FIXES)}.", name)
    for option, choices in (("judge", JUDGES), ("mode", MODES)):
        value = options.get(option, choices[0])
        if value not in choices:
            yield Problem((option,), f"{option}: {value!r} is not one of {', '.join(choices)}.{hint(value, choices)}")
    for option, least in (("max_chars", 1), ("min_body_words", 0)):
        if options.get(option, least) < least:
            yield Problem((option,), f"{option} must be at least {least}.")
    for domain, rules in options.get("sites", {}).items():
        yield from _site_problems(domain, rules)
    for language, table in options.get("phrases", {}).items():
        yield from _language_problems(language, table)
    for name, numbers in options.get("thresholds", {}).items():
        yield from _threshold_problems(name, numbers)


def _site_problems(domain: str, rules: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    if wrong := _against_site(domain):
        yield Problem(("sites", domain), f"sites.{domain or repr(domain)}: {wrong}.")
    for key, values in rules.items():
        path = ("sites", domain, key)
        if key not in SITE_KEYS:
            mean = hint(key, SITE_KEYS, f" Known: {', '.join(SITE_KEYS)}.")
            yield Problem(path, f"sites.{domain}: unknown key {key!r}.{mean}")
            continue
        for value in values:
            wrong = _SITE_CHECKS[key](value)
            if wrong:
                yield Problem(path, f"sites.{domain}.{key}: {value!r} {wrong}.", value)


def _against_site(name: str) -> str | None:
    """Why a name can be that of no site. A column or a folder may tell the site, so that not all of them are hosts."""
    if "/" in name or ":" in name:
        host = (name.partition("://")[2] or name).partition("/")[0].partition(":")[0]
        return f"a domain is wanted, not an address: [sites.{host!r}]"
    if "*" in name:
        return f"a domain is wanted, without *: [sites.{name.replace('*', '').strip('.')!r}] counts below it, too"
    if not name.strip() or name != " ".join(name.split()):
        return "no site is called so; give a domain, such as [sites.'example.com']"
    return None


def _against_selector(selector: str) -> str | None:
    import cssselect  # only where there are selectors

    try:
        cssselect.HTMLTranslator().css_to_xpath(selector)
    except cssselect.SelectorError as exc:
        return f"is not a CSS selector ({exc})"
    return None


def _against_text(text: str) -> str | None:
    if not any(ch.isalnum() for ch in text):
        return "holds no word; give the line, or how it begins followed by …"
    if len(text.splitlines()) > 1:
        return "holds a line break; give each line for itself"
    return None


def _against_pattern(pattern: str) -> str | None:
    from cleaner.settings.regexes import reason_against  # only where there are patterns

    if len(pattern) > _LONGEST_PATTERN:
        return f"is longer than {_LONGEST_PATTERN} characters; make it several patterns"
    return reason_against(pattern)


_SITE_CHECKS = {
    "drop": _against_selector,
    "keep": _against_selector,
    "drop_text": _against_text,
    "keep_text": _against_text,
    "patterns": _against_pattern,
}


def _language_problems(language: str, table: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    if language not in (ANY, *languages()):
        known = (ANY, *languages())
        meant = language in categories() and f" Write [phrases.{ANY}] {language} = […]."
        mean = meant or hint(language, known, f" Known: {', '.join(known)}.")
        yield Problem(("phrases", language), f"phrases.{language}: no such language.{mean}")
        return
    for category, phrases in table.items():
        path = ("phrases", language, category)
        if category not in categories():
            mean = hint(category, categories(), " `cleaner categories` lists them.")
            yield Problem(path, f"phrases.{language}: unknown category {category!r}.{mean}")
        for phrase in phrases:
            if wrong := _against_phrase(phrase):
                yield Problem(path, f"phrases.{language}.{category}: {phrase!r} {wrong}.", phrase)


def _against_phrase(phrase: str) -> str | None:
    """Why a phrase cannot be matched, or would match everywhere."""
    words = "".join(" " if ch in _SIGNS else ch for ch in phrase).lower().split()
    if len(phrase) > _LONGEST_PHRASE:
        return f"is longer than {_LONGEST_PHRASE} characters; its first words will do"
    if not any(ch.isalnum() for word in words for ch in word):
        return "holds no word"
    if wrong := against_brackets(phrase):
        return wrong
    if len(words) == 1 and any(words[0] in table["function_words"] for table in phrase_tables().values()):
        return "is a word of any prose; write more of the phrase"
    return None


def against_brackets(phrase: str) -> str | None:
    """Why the brackets of a phrase cannot be read.

    >>> against_brackets("hear [all] (the|a) tides"), against_brackets("hear ((the|a)|our) tides")
    (None, 'has brackets within brackets; write each choice in full')
    """
    opened, held = "", ""
    for at, sign in enumerate(phrase, 1):
        if sign in "([":
            if opened:
                return "has brackets within brackets; write each choice in full"
            opened, held = sign, ""
        elif sign in ")]":
            if opened + sign not in ("()", "[]"):
                return "has a bracket without its other half"
            if not held.replace("|", "").strip():
                return "has a bracket with nothing in it"
            opened = ""
        elif sign == "|" and not opened and at < len(phrase):  # at the end it is a sign that is wanted there
            return "has a | outside of brackets; write (one|other)"
        else:
            held += sign
    return "has a bracket without its other half" if opened else None


def _threshold_problems(name: str, numbers: Mapping[str, float]) -> Iterator[Problem]:
    tables, limits = default_thresholds(), ranges()["numbers"]
    if name not in limits:
        fixed = " It cannot be changed." if name in tables else hint(name, limits, f" Known: {', '.join(limits)}.")
        yield Problem(("thresholds", name), f"thresholds.{name}: no such table of settings.{fixed}")
        return
    for key, value in numbers.items():
        path, default = ("thresholds", name, key), tables[name].get(key)
        if default is None:
            mean = hint(key, tables[name], f" Known: {', '.join(tables[name])}.")
            yield Problem(path, f"thresholds.{name}: unknown number {key!r}.{mean}")
            continue
        low, high = ranges()["count"] if isinstance(default, int) else limits[name]
        if isinstance(default, int) and not isinstance(value, int):
            yield Problem(path, f"thresholds.{name}.{key} = {value!r} must be a whole number (default {default}).")
        elif not low <= value <= high:
            told = f"must be from {low:g} to {high:g} (default {default})"
            yield Problem(path, f"thresholds.{name}.{key} = {value!r} {told}.")
