#!/bin/sh
# The benchmark as `make bench` runs it: run.sh BINARY [options of run.py]
#
# A fifth of each workload's lines: some minutes. For the table of doc/performance.md:
#   t/bench/run.sh build/secant --scale 1 -n 5 --markdown doc/performance.md
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:?usage: run.sh BINARY [options]}
shift
exec python3 "$here/run.py" --sut "$binary" --scale 0.2 "$@"
