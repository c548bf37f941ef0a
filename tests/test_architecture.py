"""The house plan, held by tests: imports go one way, the public names are the documented ones, imports stay cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import cleaner
from tests.conftest import ROOT

# A room may import the rooms before it; extractors and detectors do not import each other.
ORDER = [
    "errors",
    "layout",
    "model",
    "data",
    "settings",
    "arguments",
    "text",
    "extractors",
    "detectors",
    "ledger",
    "markdown",
    "metadata",
    "pages",
    "pipeline",
    "explain",
    "io",
    "training",
    "templates",
    "batch",
    "engines",
    "review",
    "report",
    "columns",
    "integrations",
    "commands",
    "cli",
]
SIBLINGS = {("extractors", "detectors"), ("detectors", "extractors")}
PACKAGE = ROOT / "cleaner"


def imports_of(path: Path) -> set[str]:
    """The rooms that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
        found |= {n.split(".")[1] for n in names if n.startswith("cleaner.")}
    return found


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_imports_go_one_way() -> None:
    """No room imports a later one, and the two siblings stay apart."""
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        room = room_of(path)
        if room in ("__init__", "__main__"):
            continue
        for other in imports_of(path) - {room}:
            if ORDER.index(other) > ORDER.index(room) or (room, other) in SIBLINGS:
                wrong.append(f"{path.relative_to(ROOT)} imports {other}")
    assert wrong == []


def test_errors_and_model_are_leaves() -> None:
    """The shared types import nothing of the package but one another."""
    assert imports_of(PACKAGE / "errors.py") == imports_of(PACKAGE / "layout.py") == set()
    assert imports_of(PACKAGE / "model.py") == {"layout"}


def test_public_names_exist_and_are_documented() -> None:
    """`__all__` is what a user may touch: every name is there and has a docstring."""
    for name in cleaner.__all__:
        assert getattr(cleaner, name).__doc__


def test_text_path_touches_no_html_code() -> None:
    """Cleaning a small text loads neither lxml, bs4 nor trafilatura, and reads the packed data instead of TOML."""
    code = (
        "import sys, cleaner\n"
        "cleaner.clean('The river rose.\\n\\nSubscribe')\n"
        "print([m for m in ('lxml', 'bs4', 'trafilatura', 'rich', 'multiprocessing', 'tomllib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_holds_two_subjects() -> None:
    """Files stay under 400 lines."""
    assert [p.name for p in PACKAGE.rglob("*.py") if len(p.read_text("utf-8").splitlines()) > 400] == []
