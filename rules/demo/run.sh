#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a day of syslog through the rules of this folder and shows what a person would read.
#
#   run.sh [PROGRAM [FORM]]      PROGRAM: build/secant, where there is none secant (default), or sec;
#                                FORM: of the lines, see generate.pl
#
# Secant replays the day in the time of its lines.  SEC cannot: for it all happens now, so that alerts
# bear today's date, windows and lifetimes see the day as one moment, and no summary comes at 23:55.
set -e
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../../build/secant
[ -x "$program" ] || program=secant
program=${1:-$program}
case $program in */*) program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

perl "$here/generate.pl" --form="${2:-syslog}" >"$work/syslog"
case $("$program" --version) in
*Secant*) how='in the time of its lines' ;;
*) how='as one moment, for SEC has no replay' ;;
esac
printf 'A day of %d lines, %d rules in %d files, %s:\n\n' "$(wc -l <"$work/syslog")" \
    "$(cat "$here"/*.sec | grep -c '^type=')" "$(ls "$here"/*.sec | wc -l)" "$how"

cd "$here"
set -- --conf="$here/*.sec" --input="$work/syslog" --intevents --nochildterm --log="$work/log" --debug=3
case $how in
in*) "$program" replay "$@" --year=2026 --timezone=UTC --quiet ;;
*) "$program" "$@" --notail ;;
esac
if [ -s "$work/log" ]; then
    printf '\nThe engine complained:\n'
    cat "$work/log"
fi
