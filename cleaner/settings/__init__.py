"""`Settings`: every option of a run in one frozen dataclass, read from TOML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cleaner.errors import SettingsError
from cleaner.settings.checks import FIXES, JUDGES, MODES, Problem, hint, problems_of

__all__ = ["FIXES", "JUDGES", "MODES", "Settings", "load_settings", "make_settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of `clean`; the same object serves the library, the command line and a batch.

    Raises `SettingsError` for values that cannot be used, with a line for each mistake.
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

    fixes: tuple[str, ...] = FIXES
    """Repairs of characters: mojibake, entities, newlines, spaces, invisible, composed (NFC), hyphens; () for none."""

    max_chars: int = 20_000_000
    """A longer dump is rejected as `oversize` instead of blocking a worker."""

    min_body_words: int = 1
    """A body with fewer words is rejected as `no_article`."""

    phrases: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict, hash=False)
    """Phrases of furniture by language ("any" for all) and category: {"any": {"newsletter": ["get our weekly digest"]}}."""

    sites: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict, hash=False)
    """Rules by domain (its subdomains too): CSS selectors `drop` and `keep`, lines `drop_text` and `keep_text`, `patterns`."""

    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)
    """Other values for the named numbers of the detectors: {"rules": {"longest_sentence": 40}}."""

    def __post_init__(self) -> None:
        if isinstance(self.keep, (list, set, frozenset)):
            object.__setattr__(self, "keep", tuple(sorted(self.keep, key=str)))
        given = [(f.name, getattr(self, f.name), str(f.type)) for f in fields(self)]
        if found := problems_of(given):
            raise _error(found)
        for name, value, kind in given:
            if kind.startswith("Mapping") and value:
                object.__setattr__(self, name, _own(value, lower=name == "sites"))

    def rules_of(self, site: str | None) -> list[Mapping[str, Sequence[str]]]:
        """The tables of `sites` for a site and the domains above it, the widest domain first.

        >>> Settings(sites={"example.com": {"drop": [".promo"]}}).rules_of("www.example.com")
        [{'drop': ('.promo',)}]
        """
        labels = (site or "").lower().split(".") if self.sites else []
        names = [".".join(labels[at:]) for at in range(len(labels) - 1, -1, -1)]
        return [self.sites[name] for name in (*names, f"www.{site}") if name in self.sites]


def _own(table: Mapping[str, Mapping[str, Any]], lower: bool) -> dict[str, dict[str, Any]]:
    """A copy that nobody else can change."""
    return {
        (name.lower() if lower else name): {k: v if isinstance(v, (int, float)) else tuple(v) for k, v in inner.items()}
        for name, inner in table.items()
    }


def _error(problems: Sequence[Problem]) -> SettingsError:
    error = SettingsError("\n".join(problem.text for problem in problems))
    error.problems = tuple(problems)
    return error


def load_settings(path: str | Path, *more: str | Path, **overrides: Any) -> Settings:
    """Read TOML files of `Settings` fields; `overrides` that are not None win over the files.

    Of several files the later one wins; but phrases, and the lines, selectors and patterns of a site, are joined, and
    thresholds count each for itself. Raises `SettingsError` that names the file, the line where it can be told, the
    field and the mend of each mistake.
    """
    tables, wrong = [], []
    for place in (path, *more):
        try:
            tables.append(_read(place))
        except SettingsError as exc:
            wrong.append(exc)
    if wrong:
        raise _error([Problem(*problem) for exc in wrong for problem in exc.problems])
    table = _joined(tables)
    table.update({name: value for name, value in overrides.items() if value is not None})
    return make_settings(table, "options")


def _read(path: str | Path) -> dict[str, Any]:
    """The table of a file in which nothing is wrong."""
    from cleaner.settings.files import read_toml  # only where there is a file of settings

    table, text = read_toml(path, "Check the path given to --settings.")
    make_settings(table, str(path), text)
    return table


def _joined(tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One table of several: lists of phrases and of sites are joined, of all else the last one counts."""
    out: dict[str, Any] = {}
    for table in tables:
        for option, value in table.items():
            if not isinstance(value, Mapping):
                out[option] = value
                continue
            mine = out.setdefault(option, {})
            for name, inner in value.items():
                rows = mine.setdefault(name.lower() if option == "sites" else name, {})
                for key, new in inner.items():
                    old = rows.get(key, []) if isinstance(new, list) else None
                    rows[key] = new if old is None else [*old, *(item for item in new if item not in old)]
    return out


def make_settings(table: dict[str, Any], where: str, text: str = "") -> Settings:
    """Check names and values of a table of options and build the `Settings`.

    `where` opens every line of an error; `text`, the TOML that the table was read from, tells its number.
    """
    kinds = [f.name for f in fields(Settings)]
    unknown = [name for name in table if name not in kinds]
    others = f" Known: {', '.join(kinds)}."
    wrong = [Problem((n,), f"unknown setting {n!r}.{hint(n, kinds, others)}") for n in unknown]
    ready: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items() if k not in unknown}
    settings = None
    try:
        settings = Settings(**ready)
    except SettingsError as exc:
        wrong += [Problem(*problem) for problem in exc.problems]
    if settings is None or wrong:
        raise _error([p._replace(text=f"{_place(where, text, p)}: {p.text}") for p in wrong])
    return settings


def _place(where: str, text: str, problem: Problem) -> str:
    """The file and the line of a mistake."""
    if not text:
        return where
    from cleaner.settings.places import line_of

    line = line_of(text, problem.path, problem.value)
    return f"{where}:{line}" if line else where
