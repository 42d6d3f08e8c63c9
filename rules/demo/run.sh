#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a day of syslog through the library, all packages of it, and shows what a person would read.
#
#   run.sh [PROGRAM [FORM [--ordinary]]]
#
#   PROGRAM      build/secant, where there is none secant (default), or sec
#   FORM         of the lines, see generate.pl
#   --ordinary   a day without incidents: no alert
#
# Secant replays the day in the time of its lines.  SEC cannot: for it all happens now, so that alerts
# bear the time of now, windows and lifetimes see the day as one moment, and no summary comes at 23:55.
set -e
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../../build/secant
[ -x "$program" ] || program=secant
program=${1:-$program}
case $program in */*) program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here"

perl generate.pl --form="${2:-syslog}" ${3:+"$3"} >"$work/syslog"
case $("$program" --version) in
*Secant*) how='in the time of its lines' ;;
*) how='as one moment, for SEC has no replay' ;;
esac

# A package is a folder with a rule file of its name.  alert.sec comes before those that read alerts.
set -- --conf=../base/alert.sec
rules=../base/alert.sec packages=0
for folder in ../*/; do
    package=$(basename "$folder")
    [ -e "$folder$package.sec" ] || continue
    set -- "$@" --conf="$folder*.sec"
    rules="$rules $folder*.sec" packages=$((packages + 1))
done
# shellcheck disable=SC2086
printf 'A day of %d lines, %d rules of the library in %d packages, %s:\n\n' "$(wc -l <"$work/syslog")" \
    "$(cat $rules | grep -c '^type=')" "$packages" "$how"

set -- "$@" --conf='*.sec' --input="$work/syslog" --intevents --nochildterm --log="$work/log" --debug=3
case $how in
in*) "$program" replay "$@" --year=2026 --timezone=UTC --quiet ;;
*) "$program" "$@" --notail ;;
esac
if [ -s "$work/log" ]; then
    printf '\nThe engine complained:\n'
    cat "$work/log"
fi
cat <<'END'

Next: doc/tutorial.md, from installing to a service. `make deb` or `make install` installs; then `secant replay`
shows what these rules find in your own logs, and `secant rules enable sshd` uses a package of them.
END
