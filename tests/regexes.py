"""The regular expressions of the package, and texts that are made to be slow for each of them."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import itertools
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import cleaner
from cleaner.errors import MissingExtraError

__all__ = ["Regex", "all_regexes", "hostile_texts", "loose_nests", "parsed"]

_MANY = frozenset({"search", "finditer"})
_ONCE = frozenset({"match", "fullmatch"})
"""Methods that begin at one place: a pattern may be slow from each of many places, and nobody begins there."""

_ALL = _MANY | _ONCE

_HANDED_ON = {"cleaner.detectors.shapes._SHAPES": frozenset({"fullmatch"})}
"""Where a pattern goes through another name before it is used."""

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_SIGNS = "a1 .A,-'\"!?<>&;:/\\()[]{}|@#_=+*%$\n\t\0éßŁ—…’“”«»•·©年가กΩЖ\u00ad\u200b\u00a0"
_PUMPS = [
    "a",
    " ",
    "?",
    "<",
    "1",
    "a ",
    "\n",
    ".,",
    "&",
    "'",
    "-",
    "A",
    "é",
    "a1",
    "(",
    "[",
    "\\",
    '"',
    "a@",
    "a.",
    "\t\n",
    "-->",
    "</",
    "1. ",
    "0:00 ",
]
_ENDS = ("", "\0", "!\n", "_1")


@dataclass(frozen=True)
class Regex:
    """A pattern, where it is from, and the methods that it is used with."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str] = _ALL


def all_regexes() -> list[Regex]:
    """Each pattern once: those that stand in modules, also within tables; those that functions without arguments make of
    data; those that stand as text in a call such as `re.sub`."""
    found: dict[tuple[Any, int], Regex] = {}
    for module in _modules():
        for regex in itertools.chain(_named(module), _in_calls(module), _of_sites(module)):
            key = (regex.pattern.pattern, regex.pattern.flags)
            methods = regex.methods | (found[key].methods if key in found else frozenset())
            found[key] = dataclasses.replace(regex, methods=methods)
    return list(found.values())


@cache
def _modules() -> list[ModuleType]:
    """All modules of the package but those that need packages which are not installed."""
    found: list[ModuleType] = [cleaner]
    for told in pkgutil.walk_packages(cleaner.__path__, "cleaner."):
        if not told.name.endswith("__main__"):
            try:
                found.append(importlib.import_module(told.name))
            except MissingExtraError:
                assert "integrations" in told.name
    return found


def _named(module: ModuleType) -> Iterator[Regex]:
    for name, value in vars(module).items():
        if name.startswith("__") or isinstance(value, (type, ModuleType)):
            continue
        if callable(value):
            value = value() if value.__module__ == module.__name__ and _gives_patterns(value) else None
        place = f"{module.__name__}.{name}"
        for pattern in _within(value):
            yield Regex(place, pattern, _HANDED_ON.get(place) or _methods(module, name))


def _gives_patterns(function: Any) -> bool:
    """Whether it makes patterns of data, and asks for nothing."""
    plain = inspect.unwrap(function)
    if not inspect.isfunction(plain) or inspect.signature(plain).parameters:
        return False
    return "Pattern" in str(plain.__annotations__.get("return"))


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from _within(list(value.values()))
    elif isinstance(value, (tuple, list, set, frozenset)):
        for inner in value:
            yield from _within(inner)
    elif dataclasses.is_dataclass(value):
        for part in dataclasses.fields(value):
            yield from _within(getattr(value, part.name))


def _methods(module: ModuleType, name: str) -> frozenset[str]:
    """Those of `_ONCE` that are called in the package, and the searching ones if any other is; all where nobody sees."""
    where = [module] if name.startswith("_") else _modules()
    source = "\n".join(map(inspect.getsource, where))
    handed_on = re.search(rf"(?:[(,] *|[^=]= |\bin |\breturn ){name}\b(?!\(\)\.|\.|\w)", source)
    uses = set(re.findall(rf"\b{name}(?:\(\))?\.(\w+)\(", source))
    if handed_on or not uses:
        return _ALL
    return frozenset(uses & _ONCE) | (_MANY if uses - _ONCE else frozenset())


def _in_calls(module: ModuleType) -> Iterator[Regex]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=method), args=[ast.Constant(value=str(text)), *_]
            ) if method not in ("compile", "escape"):
                methods = frozenset({method}) if method in _ONCE else _MANY
                yield Regex(f"{module.__name__}:{node.lineno}", re.compile(text), methods)


def _of_sites(module: ModuleType) -> Iterator[Regex]:
    """Those that are made of the templates of the languages, when they are needed: one of each shape."""
    shapes: dict[str, str] = {}
    for patterns in getattr(module, "_site_patterns", dict)().values():
        for pattern in patterns:
            shapes.setdefault(re.sub(r"[^\W\d_]+", "a", pattern), pattern)
    for pattern in shapes.values():
        yield Regex(f"{module.__name__}._site_patterns", re.compile(pattern), _MANY)


def loose_nests(items: Any) -> list[str]:
    """The long repeats of something that is itself one long repeat, with nothing that must stand between: `(a+)*`."""
    found = []
    for op, value in items:
        inners = _inner(str(op), value)
        if _is_long(str(op), value):
            body = [
                (o, v) for o, v in _flat(value[2]) if not (str(o) in _REPEATS and int(v[0]) == 0 and int(v[1]) == 1)
            ]
            if body and all(_is_long(str(o), v) for o, v in body):
                found.append(_sample(value[2], more=1))
        for inner in inners:
            found += loose_nests(inner)
    return found


def _is_long(op: str, value: Any) -> bool:
    return op in _REPEATS[:2] and int(value[1]) > 30


def _flat(items: Any) -> Iterator[tuple[Any, Any]]:
    """The operations of a sequence, those of its groups among them."""
    for op, value in items:
        if str(op) == "SUBPATTERN":
            yield from _flat(value[-1])
        else:
            yield op, value


def parsed(pattern: re.Pattern[Any]) -> Any:
    """What the pattern is made of: a list of operations with their values, as CPython parses it."""
    return importlib.import_module("re._parser").parse(pattern.pattern, pattern.flags)


def hostile_texts(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """A beginning, what is repeated behind it, an end: of the pattern's own pieces, and of signs in general."""
    items = parsed(pattern)
    pieces = [piece for piece in dict.fromkeys(_pieces(items)) if piece]
    signs = [piece for piece in pieces if len(piece) == 1][:6]
    pairs = ["".join(two) for two in itertools.permutations(signs, 2)]
    for pump in dict.fromkeys([*pieces[:24], *pairs, *_PUMPS]):
        yield "", pump, "\0"
        yield "", pump, "_1"
    for before, pump in dict.fromkeys(_repeated(items, "")):
        for end in _ENDS:
            yield before, pump, end


def _pieces(items: Any) -> Iterator[str]:
    """What a pattern matches, and all that its parts match, each in some ways."""
    for turn in range(3):
        yield _sample(items, turn)
        yield _sample(items, turn, more=1)
    for op, value in items:
        for turn in range(3):
            yield _sample([(op, value)], turn, more=1)
        for inner in _inner(str(op), value):
            yield from _pieces(inner)


def _repeated(items: Any, before: str) -> Iterator[tuple[str, str]]:
    """What stands before each long repeat, and what it repeats."""
    for op, value in items:
        if str(op) in _REPEATS and int(value[1]) > 30:
            for turn in range(3):
                for more in (0, 1):
                    if pump := _sample(value[2], turn, more):
                        yield before, pump
        for inner in _inner(str(op), value):
            yield from _repeated(inner, before)
        before += _sample([(op, value)])


def _inner(op: str, value: Any) -> list[Any]:
    """The sequences within an operation."""
    if op in _REPEATS:
        return [value[2]]
    if op == "BRANCH":
        return list(value[1])
    if op == "SUBPATTERN":
        return [value[-1]]
    if op in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    return [value] if op == "ATOMIC_GROUP" else []


def _sample(items: Any, turn: int = 0, more: int = 0) -> str:
    """A text that is matched, or nearly: the shortest or one longer, with other choices at each turn."""
    out = ""
    for op, value in items:
        name, inner = str(op), _inner(str(op), value)
        if name == "LITERAL":
            out += chr(value)
        elif name == "NOT_LITERAL":
            out += "a" if value != ord("a") else "b"
        elif name == "ANY":
            out += "a. "[turn]
        elif name == "IN":
            signs = [sign for sign in _SIGNS if _holds(value, sign)] or [chr(_least(value))]
            out += signs[min(turn, len(signs) - 1)]
        elif name in _REPEATS:
            out += _sample(inner[0], turn, more) * min(int(value[0]) + more, int(value[1]))
        elif name != "ASSERT_NOT" and inner:
            out += _sample(inner[turn % len(inner)], turn, more)
    return out


def _least(members: Any) -> int:
    """A character of a class that is none of the usual ones."""
    for op, value in members:
        if str(op) in ("LITERAL", "RANGE"):
            return int(value if str(op) == "LITERAL" else value[0])
    return 0


def _holds(members: Any, sign: str) -> bool:
    """Whether a class of characters holds a sign."""
    negated = held = False
    for op, value in members:
        name = str(op)
        negated |= name == "NEGATE"
        held |= name == "LITERAL" and value == ord(sign)
        held |= name == "RANGE" and value[0] <= ord(sign) <= value[1]
        if name == "CATEGORY":
            kinds = {"DIGIT": sign.isdecimal(), "SPACE": sign.isspace(), "WORD": sign.isalnum() or sign == "_"}
            kind = str(value).rpartition("_")[2]
            held |= kinds[kind] != ("_NOT_" in str(value))
    return held != negated
