#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark as `make bench` runs it: run.sh BINARY [options of run.py]
#
# A fifth of each workload's lines: some minutes.  doc/performance.md tells how its table is made.
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:?usage: run.sh BINARY [options]}
shift
exec python3 "$here/run.py" --sut "$binary" --scale 0.2 "$@"
