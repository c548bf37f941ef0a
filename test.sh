#!/bin/sh
# Set up .venv and run the tests. Needs Python 3.11+; PYTHON=/path/to/python chooses one. Arguments go to pytest.
set -eu
cd "$(dirname "$0")"
PYTHON=${PYTHON:-python3}
[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[test]'
exec .venv/bin/python -m pytest "$@"
