"""`Settings`: every option of a run in one frozen dataclass, read from TOML."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cleaner.data import categories
from cleaner.errors import SettingsError

__all__ = ["Settings", "load_settings"]

JUDGES = ("cleaner", "trafilatura", "rules")
FIXES = ("mojibake", "entities", "newlines", "spaces", "invisible", "composed", "hyphens")
MODES = ("balanced", "precision", "recall")


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of `clean`; the same object serves the library, the command line and a batch.

    Raises `SettingsError` for a value that cannot be used.
    """

    keep: tuple[str, ...] = ()
    """Categories that stay in the body, such as ("caption",): named in `cleaner categories`."""

    judge: str = "cleaner"
    """First judge of HTML blocks: "cleaner" (the learned model), "trafilatura", or "rules" (places and phrases only)."""

    mode: str = "balanced"
    """What the learned model prefers where it is unsure: "precision" (less furniture) or "recall" (less lost)."""

    model: str = ""
    """A model file made by `cleaner train`; empty for the one that comes with the package."""

    line_model: str = ""
    """A model of the lines of text dumps made by `cleaner train-lines`; empty for the one that comes with the package."""

    sites: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict, hash=False)
    """CSS selectors by domain (its subdomains too): {"example.com": {"keep": ["aside.facts"], "drop": [".promo"]}}."""

    fixes: tuple[str, ...] = FIXES
    """Repairs of characters: mojibake, entities, newlines, spaces, invisible, composed (NFC), hyphens; () for none."""

    max_chars: int = 20_000_000
    """A longer dump is rejected as `oversize` instead of blocking a worker."""

    min_body_words: int = 1
    """A body with fewer words is rejected as `no_article`."""

    def __post_init__(self) -> None:
        if isinstance(self.keep, (list, set, frozenset)):
            object.__setattr__(self, "keep", tuple(sorted(self.keep, key=str)))
        for option in fields(self):
            _check_type(option.name, getattr(self, option.name), str(option.type))
        known = categories() if self.keep else {}  # the defaults read no data
        for name in self.keep:
            if name not in known:
                hint = difflib.get_close_matches(name, list(known), 1)
                mean = f" Did you mean {hint[0]!r}?" if hint else ""
                raise SettingsError(f"keep: unknown category {name!r}.{mean} `cleaner categories` lists them.")
        for name in self.fixes:
            if name not in FIXES:
                raise SettingsError(f"fixes: {name!r} is not one of {', '.join(FIXES)}.")
        for name, value, choices in (("judge", self.judge, JUDGES), ("mode", self.mode, MODES)):
            if value not in choices:
                raise SettingsError(f"{name}: {value!r} is not one of {', '.join(choices)}.")
        for domain, rules in self.sites.items():
            if wrong := set(rules) - {"keep", "drop"}:
                raise SettingsError(f"sites.{domain}: {sorted(wrong)[0]!r} is neither 'keep' nor 'drop'.")
            for selector in (s for selectors in rules.values() for s in selectors):
                _check_selector(domain, selector)
        if self.max_chars < 1 or self.min_body_words < 0:
            raise SettingsError("max_chars must be at least 1 and min_body_words at least 0.")


def _check_type(name: str, value: object, kind: str) -> None:
    if not _fits(value, kind):
        mend = f", such as ({value!r},)" if isinstance(value, str) and kind.startswith("tuple") else ""
        raise SettingsError(f"{name} = {value!r} has the wrong type; expected {_plain(kind)}{mend}.")


def _check_selector(domain: str, selector: str) -> None:
    import cssselect  # only where there are selectors

    try:
        cssselect.HTMLTranslator().css_to_xpath(selector)
    except cssselect.SelectorError as exc:
        raise SettingsError(f"sites.{domain}: {selector!r} is not a CSS selector ({exc}).") from exc


def load_settings(path: str | Path, **overrides: Any) -> Settings:
    """Read a TOML file of `Settings` fields; `overrides` that are not None win over the file.

    Raises `SettingsError` that names the file, the field and the mend.
    """
    import tomllib  # only where there is a file of settings

    try:
        with open(path, "rb") as stream:
            table = tomllib.load(stream)
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be read ({exc.strerror}). Check the path given to --settings.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{path}: not valid TOML: {exc}.") from exc
    table.update({name: value for name, value in overrides.items() if value is not None})
    return make_settings(table, str(path))


def make_settings(table: dict[str, Any], where: str) -> Settings:
    """Check types and names of a table of options and build the `Settings`; `where` opens every error message."""
    kinds = {f.name: f.type for f in fields(Settings)}
    for name, value in table.items():
        if name not in kinds:
            hint = difflib.get_close_matches(name, list(kinds), 1)
            mean = f" Did you mean {hint[0]!r}?" if hint else f" Known: {', '.join(kinds)}."
            raise SettingsError(f"{where}: unknown setting {name!r}.{mean}")
        if not _fits(value, str(kinds[name])):
            raise SettingsError(f"{where}: {name} = {value!r} has the wrong type; expected {_plain(str(kinds[name]))}.")
    ready: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    try:
        return Settings(**ready)
    except SettingsError as exc:
        raise SettingsError(f"{where}: {exc}") from exc


def _fits(value: object, kind: str) -> bool:
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind.startswith("tuple"):
        return isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value)
    if kind.startswith("Mapping"):
        return isinstance(value, Mapping) and all(
            isinstance(rules, Mapping) and all(_fits(selectors, "tuple") for selectors in rules.values())
            for rules in value.values()
        )
    return isinstance(value, str)


def _plain(kind: str) -> str:
    known = {"int": "a whole number", "str": "a string"}
    return known.get(kind, "a table of domains" if kind.startswith("Mapping") else "a tuple or list of strings")
