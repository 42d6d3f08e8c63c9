/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --help and --version print. */
#include "cli/usage.h"

#include <stdio.h>

#include "base/version.h"

static const char usage[] =
    "\n"
    "Rules and input\n"
    "  --conf=PATTERN ...           rule files\n"
    "  --input=PATTERN[=CONTEXT] ...\n"
    "                               input files; internal context of their lines\n"
    "  --bufsize=LINES              lines kept for patterns; 0: as the rules need\n"
    "  --jointbuf, --nojointbuf     one input buffer for all sources\n"
    "  --tail, --notail             go on at the end of the input, or exit there\n"
    "  --fromstart, --nofromstart   read what the input files hold already\n"
    "  --keepopen, --nokeepopen     keep input files open over a soft restart\n"
    "  --rwfifo, --norwfifo         open input FIFOs for reading and writing\n"
    "  --blocksize=BYTES            bytes to read at once\n"
    "  --check-timeout=SECONDS      pause for a file that had nothing to read\n"
    "  --reopen-timeout=SECONDS     try to open missing input files that often\n"
    "  --input-rescan=SECONDS       look that often for files that have appeared\n"
    "  --input-timeout=SECONDS      silence until the timeout script is run\n"
    "  --timeout-script=FILE        the timeout script\n"
    "  --poll-timeout=SECONDS       accepted; input is never polled for\n"
    "\n"
    "Processing\n"
    "  --cleantime=SECONDS          time between two clean-ups of what is over\n"
    "  --evstoresize=EVENTS         most events that a context holds; 0: any number\n"
    "  --quoting, --noquoting       quote the values of %s in commands\n"
    "  --intevents, --nointevents   create events at start, restart and shutdown\n"
    "  --intcontexts, --nointcontexts\n"
    "                               set the internal context of each line\n"
    "  --childterm, --nochildterm   end child processes at shutdown and restart\n"
    "  --socket-timeout=SECONDS     longest time to wait for a connection\n"
    "  --ruleperf, --noruleperf     measure the CPU time of each rule\n"
    "\n"
    "Messages and dumps\n"
    "  --log=FILE                   log file\n"
    "  --syslog=FACILITY            log to syslog, too\n"
    "  --debug=LEVEL                1 (critical) to 6 (everything)\n"
    "  --dump=FILE                  dump file that SIGUSR1 makes\n"
    "  --dumpfts, --nodumpfts       put the time into the dump file's name\n"
    "  --dumpfjson, --nodumpfjson   dump JSON\n"
    "\n"
    "State\n"
    "  --state=FOLDER               keep the state here, and go on from it\n"
    "  --state=FILE                 go on where a SEC was (see migrate import)\n"
    "  --journal=SECONDS, --journal=line\n"
    "                               how often what happens is written down (1)\n"
    "  --snapshot=SECONDS           how often the whole state is (300)\n"
    "  --at-most-once               lose an effect rather than have it twice\n"
    "  --downtime=run, --downtime=skip\n"
    "                               what ran out meanwhile ends, or stays\n"
    "  --confirm                    tell rsyslog's omprog which lines are kept\n"
    "\n"
    "Process\n"
    "  --detach, --nodetach         become a daemon\n"
    "  --pid=FILE                   file for the process ID\n"
    "  --user=NAME                  user to run as\n"
    "  --group=NAME ...             groups to run with\n"
    "  --umask=MODE                 file mode creation mask\n"
    "  --testonly, --notestonly     check the rules and exit\n"
    "  --help, -?                   this text\n"
    "  --version                    version and licence\n"
    "\n"
    "Names can be shortened. More options are read, one a line, from the file that\n"
    "the environment variable SECRC names.\n"
    "\n"
    "Commands (to replay logs, test rules, explain lines): secant help\n";

static const char licence[] =
    "Copyright (C) 2026 The Secant authors\n"
    "\n"
    "Secant runs the rules of SEC, the Simple Event Correlator by Risto Vaarandi.\n"
    "It is free software under the terms of the GNU General Public License, version 2\n"
    "or (at your option) any later version (GPL-2.0-or-later). You may change it and pass\n"
    "it on. It comes WITHOUT ANY WARRANTY, to the extent permitted by law.\n";

void usage_print(const char *program)
{
    printf("Usage: %s [options]\n", program);
    fputs(usage, stdout);
}

void version_print(void)
{
    puts(VERSION_TEXT);
    fputs(licence, stdout);
}
