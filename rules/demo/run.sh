#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a day of syslog through the rules of this folder and shows what a person would read.
#
#   run.sh [PROGRAM [FORM]]      PROGRAM: build/secant, where there is none secant (default), or sec;
#                                FORM: of the lines, see generate.pl
set -e
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../../build/secant
[ -x "$program" ] || program=secant
program=${1:-$program}
case $program in */*) program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

perl "$here/generate.pl" --form="${2:-syslog}" >"$work/syslog"
printf '%d lines of one day, %d rules in %d files:\n\n' "$(wc -l <"$work/syslog")" \
    "$(cat "$here"/*.sec | grep -c '^type=')" "$(ls "$here"/*.sec | wc -l)"
cd "$here"
"$program" --conf="$here/*.sec" --input="$work/syslog" --notail --intevents --nochildterm \
    --log="$work/log" --debug=3
if [ -s "$work/log" ]; then
    printf '\nThe engine complained:\n'
    cat "$work/log"
fi
