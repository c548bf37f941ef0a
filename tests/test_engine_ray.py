"""A batch on a real Ray cluster of several nodes on this machine, of which one is lost in the middle of each stage."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.same_engines import compare, short_dumps, two_nodes
from tests.synthetic import write_dumps
from tests.test_batch import ENV, corpus, run, same

pytest.importorskip("ray", reason="needs the extra ray")
pytestmark = pytest.mark.filterwarnings("default")  # Ray has many of its own

STAGES = {"sketching": "sketches/*.json", "learning": "houses/*.sqlite", "cleaning": "windows/*.json"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head without work and two nodes."""
    with two_nodes() as found:
        yield found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Input, and the output of a local run over it."""
    folder = tmp_path_factory.mktemp("whole")
    source, out = corpus(folder / "in.jsonl.gz", range(400)), folder / "out.jsonl"
    assert run(source, "-o", out, "--checkpoint", 20, "-q").exit_code == 1
    return source, out


def on_ray(cluster: Any, source: Path, out: Path) -> subprocess.Popen[bytes]:
    arguments = ["-o", str(out), "--engine", "ray", "--ray-address", cluster.address, "--checkpoint", "20", "-q"]
    return subprocess.Popen(
        [sys.executable, "-m", "cleaner", "run", str(source), *arguments], env=ENV, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize(
    ("dumps", "sites", "window"), [(500, 20, 32), pytest.param(100_000, 2_000, 256, marks=pytest.mark.slow)]
)
def test_ray_gives_the_bytes_of_local(dumps: int, sites: int, window: int, cluster: Any, tmp_path: Path) -> None:
    """The same stage functions, elsewhere: the same rows and rejects, with what both learned of the sites."""
    source = write_dumps(tmp_path / "in.jsonl.gz", short_dumps(dumps, sites))
    found = compare(source, cluster.address, tmp_path, window)
    assert found["same"], found
    assert found["counts"]["read"] == dumps and found["counts"]["rejects"] == {"empty": dumps // 50}
    assert found["learned"]["houses"] > sites // 4 and found["counts"]["removed"]["boilerplate"] > 50 * dumps


@pytest.mark.parametrize("stage", STAGES)
def test_a_lost_node_costs_nothing(stage: str, cluster: Any, whole: tuple[Path, Path], tmp_path: Path) -> None:
    """A node that is killed in the middle of a stage: its tasks are done again elsewhere, to the same bytes."""
    lost = next(iter(cluster.worker_nodes))
    with on_ray(cluster, whole[0], tmp_path / "out.jsonl") as process:
        while process.poll() is None and len(list((tmp_path / ".out.jsonl.run").glob(STAGES[stage]))) < 2:
            time.sleep(0.02)
        assert process.poll() is None, "the run was over before the node could be lost"
        cluster.remove_node(lost, allow_graceful=False)
        cluster.add_node(num_cpus=1)
        _, says = process.communicate()
    assert process.returncode == 1, says.decode()
    same(tmp_path / "out.jsonl", whole[1])


def test_other_versions_on_a_node_are_told() -> None:
    """A node with other libraries than the one that gave the order ends the run with a clear error."""
    from cleaner.batch.identity import libraries
    from cleaner.batch.jobs import Chunk
    from cleaner.engines.ray import _finish
    from cleaner.errors import CleanerError

    with pytest.raises(CleanerError, match=r"a node of the cluster has lxml .* instead of 0\.1"):
        _finish(Chunk(str, [1]), None, {**libraries(), "lxml": "0.1"})


def test_no_cluster_is_told(tmp_path: Path) -> None:
    """An address where none answers is one clear error."""
    source = corpus(tmp_path / "in.jsonl.gz", range(3))
    result = run(source, "-o", tmp_path / "o.jsonl", "--engine", "ray", "--ray-address", "127.0.0.1:1")
    assert result.exit_code == 2, result.output
    assert "no Ray cluster at 127.0.0.1:1" in result.output
