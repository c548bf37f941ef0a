"""Faults that need processes or minutes: what comes of each, and the test that asserts it. See `tests/hostile.py`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SHOWN", "Shown"]


@dataclass(frozen=True)
class Shown:
    """One fault."""

    what: str
    outcome: str
    test: str


SHOWN = (
    Shown(
        "SIGKILL, again and again, at every stage",
        "killed at least 8 times and begun again: the same bytes as without, no window done twice",
        "test_batch.py::test_killed_and_gone_on_with",
    ),
    Shown(
        "Ctrl-C",
        "ends within 2 seconds with status 130, and tells how to go on",
        "test_batch.py::test_second_run_on_one_output_refuses",
    ),
    Shown(
        "a second run on the same OUT",
        "refused while the first one lives, with its process number",
        "test_batch.py::test_second_run_on_one_output_refuses",
    ),
    Shown(
        "a second run on the same OUT behind an address",
        "refused while the first one gives signs of life; one that was killed is gone on with",
        "test_remote_lock.py::test_second_run_refuses_and_a_killed_one_is_gone_on_with",
    ),
    Shown(
        "the same run again; other settings or inputs on the same OUT",
        "nothing to do; refused, unless `--restart`",
        "test_batch.py::test_finished_or_other_runs_are_told",
    ),
    Shown(
        "a full disk",
        "ends with status 2 and a message, OUT is not there; with room again the same command goes on",
        "test_batch.py::test_full_disk_costs_no_work",
    ),
    Shown(
        "a dump that never ends; one that kills its worker",
        "rejects `timeout` and `worker_died`; all others come out",
        "test_batch.py::test_poisoned_dumps_are_rejected_alone",
    ),
    Shown(
        "a worker that cannot start",
        "one error for the run, and no rejects",
        "test_engine_local.py::test_worker_that_cannot_start_is_told",
    ),
    Shown(
        "a column of the wrong type, a damaged row group in Parquet",
        "rejects for their rows; the others are read",
        "test_io_formats.py::test_groups_that_are_not_wanted_are_not_decoded",
    ),
    Shown(
        "one line of 50 MB (slow)",
        "reject `oversize`; one of 20 million characters, the default of `max_chars`: article, all of its text",
        "test_hostile.py::test_a_line_of_fifty_megabytes",
    ),
    Shown(
        "a pattern of one's own that would take for ever",
        "refused before the run, with the mend",
        "test_settings.py::test_patterns_with_too_many_ways_are_refused",
    ),
)
