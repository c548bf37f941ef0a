"""A cluster of machines, by Ray (https://docs.ray.io): jobs are its tasks, and what they share is the storage alone.

Ray places tasks, runs those of a lost node again, and brings the package along. Each task has its job done by a worker
process beside it, as on one machine: so a dump that kills or never ends costs one dump there, too, and not the task.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Generator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import cleaner
from cleaner.batch.identity import libraries
from cleaner.batch.jobs import Feed, Job
from cleaner.engines.crew import Crew
from cleaner.errors import CleanerError

__all__ = ["RayEngine"]

Item = TypeVar("Item")
Out = TypeVar("Out")

_LOOK = 0.5  # seconds after which who waits for results may look at the clock
_ANSWER = 10.0  # seconds in which a cluster must answer
_RETRIES = 20  # of a task whose node was lost
_AHEAD = 1.25  # tasks that wait, for each that runs


class RayEngine:
    """Jobs on a Ray cluster: the one at `address` ("auto" for the one this machine belongs to), or one that is started
    on this machine when it is None. An item that takes longer than `patience` seconds is spoilt.

    Raises `CleanerError` where Ray is missing or cannot be reached.
    """

    def __init__(self, address: str | None, patience: float | None) -> None:
        self._ray = _connect(address)
        self._patience = patience
        self.width = max(2, int(_AHEAD * self._ray.cluster_resources().get("CPU", 1)))
        self._task = self._ray.remote(max_retries=_RETRIES, num_cpus=1)(_finish)

    def drain(
        self, feed: Feed[Item, Out], make: Callable[[Item], Job[Out]], passed: Callable[[int], None]
    ) -> Generator[tuple[Item, Out] | None, None, None]:
        """As `Engine.drain`."""
        there, running = libraries(), dict[Any, Item]()
        last: Item | None = None
        try:
            while True:
                while len(running) < self.width and (item := feed.take(last)) is not None:
                    running[self._task.remote(make(item), self._patience, there)] = item
                if not running:
                    return
                ready, _ = self._ray.wait(list(running), num_returns=1, timeout=_LOOK)
                if not ready:
                    yield None
                for reference in ready:
                    number, result = self._get(reference)
                    last = running.pop(reference)
                    feed.tell(last, result)
                    passed(number)
                    yield last, result
        finally:
            for reference in running:
                self._ray.cancel(reference, force=True)

    def close(self) -> None:
        """Let go of the cluster."""
        self._ray.shutdown()

    def _get(self, reference: Any) -> Any:
        """The result of a task; what the job raised is raised here, what Ray raises comes as a `CleanerError`."""
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as exc:
            if isinstance(exc.cause, CleanerError):
                raise exc.cause from None
            raise
        except self._ray.exceptions.RayError as exc:
            raise CleanerError(f"Ray could not run a task: {exc}") from exc


def _connect(address: str | None) -> Any:
    try:
        import ray
    except ModuleNotFoundError as exc:
        raise CleanerError("--engine ray needs Ray: pip install 'article-cleaner[ray]'") from exc
    _reach(address)
    package = str(Path(cleaner.__file__).parent)
    try:
        ray.init(
            address=address,
            runtime_env={"py_modules": [package]},
            log_to_driver=False,
            ignore_reinit_error=True,
            logging_level=logging.ERROR,
        )
    except (ConnectionError, ValueError, RuntimeError) as exc:
        raise CleanerError(f"no Ray cluster at {address or 'this machine'}: {exc}; see --ray-address") from exc
    return ray


def _reach(address: str | None) -> None:
    """Find out in seconds that nobody answers: Ray itself tries for minutes."""
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), _ANSWER).close()
        except OSError as exc:
            raise CleanerError(f"no Ray cluster at {address}: {exc}; see --ray-address") from exc


def _finish(job: Job[Out], patience: float | None, wanted: Mapping[str, str]) -> tuple[int, Out]:
    """What a task does: the number of items of a job, and its result.

    Raises `CleanerError` where this node has other libraries than the one that gave the order.
    """
    here = libraries()
    if different := sorted(name for name in {*here, *wanted} if here.get(name) != wanted.get(name)):
        told = ", ".join(f"{name} {here.get(name, 'none')} instead of {wanted.get(name, 'none')}" for name in different)
        raise CleanerError(f"a node of the cluster has {told}; install the same versions on all nodes")
    count = 0

    def passed(number: int) -> None:
        nonlocal count
        count = number

    result = _crew(patience).finish(job, passed)
    return count, result


@lru_cache(1)
def _crew(patience: float | None) -> Crew:
    """The worker beside a task, which stays for the next one in the same process."""
    return Crew(patience)
