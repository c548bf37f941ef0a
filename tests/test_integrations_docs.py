"""The examples of docs/integrations.md, cut out of it and run, give what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "integrations.md").read_text("utf-8")
SECTION = re.compile(r"^## (?P<title>[^\n]+)\n(?P<text>.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n(?:```output\n(?P<output>.*?)```)?", re.DOTALL)
NEEDS = {
    "datatrove": "datatrove",
    "Hugging Face datasets": "datasets",
    "Ray Data": "ray",
    "Spark": "pyspark",
    "pandas": "pandas",
    "Polars": "polars",
    "Scrapy": "scrapy",
}
"""The package of each section; the others need none but those of the extra `test`."""

ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "PYSPARK_PYTHON": sys.executable,
    "SPARK_LOCAL_IP": "127.0.0.1",
}


def sections() -> list[Any]:
    found = []
    for match in SECTION.finditer(PAGE):
        marks = [pytest.mark.integrations] if match["title"] in NEEDS else []
        found.append(pytest.param(match["title"], match["text"], id=match["title"], marks=marks))
    return found


def run(code: str, folder: Path) -> str:
    """What a program prints that runs in a folder, as a script of its own."""
    script = folder / "example.py"
    script.write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, script], cwd=folder, env=os.environ | ENVIRONMENT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with the file that the examples read and a page, served on a port of this machine."""
    first = EXAMPLE.search(PAGE)
    assert first is not None
    run(first["code"], tmp_path)
    (tmp_path / "c.html").write_text("<html><body><p>The mill was sold.</p></body></html>", "utf-8")
    with serve(tmp_path) as port:
        (tmp_path / "port").write_text(str(port), "utf-8")
        yield tmp_path


@contextmanager
def serve(folder: Path) -> Iterator[int]:
    """The port of this machine where the files of a folder can be had."""
    with ThreadingHTTPServer(("localhost", 0), partial(_Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield server.server_port
        server.shutdown()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on standard error."""


@pytest.mark.parametrize(("title", "text"), sections())
def test_examples_print_what_is_shown(title: str, text: str, folder: Path) -> None:
    """The example of each section runs as a script, and prints its output."""
    if title in NEEDS and find_spec(NEEDS[title]) is None:
        pytest.skip(f"needs {NEEDS[title]}, of the extra integrations-test")
    example = EXAMPLE.search(text)
    assert example is not None and example["output"] is not None
    assert len(example["code"].splitlines()) <= 20
    code = example["code"].replace("PORT", (folder / "port").read_text("utf-8"))
    shown = [line for line in run(code, folder).splitlines() if line.strip()]
    assert shown[-len(example["output"].splitlines()) :] == example["output"].splitlines()


def test_every_integration_is_shown() -> None:
    """No module without its section."""
    modules = {path.stem for path in (ROOT / "cleaner" / "integrations").glob("[!_]*.py")}
    assert modules <= set(re.findall(r"cleaner\.integrations\.(\w+)", PAGE))
