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
    "  --tail, --notail             wait at the end of the input, or exit there\n"
    "  --fromstart, --nofromstart   read what the input files already hold\n"
    "  --keepopen, --nokeepopen     keep input files open during a soft restart\n"
    "  --rwfifo, --norwfifo         open input FIFOs for reading and writing\n"
    "  --blocksize=BYTES            bytes to read at once\n"
    "  --check-timeout=SECONDS      pause after reading nothing from a file\n"
    "  --reopen-timeout=SECONDS     how often to try to open missing input files\n"
    "  --input-rescan=SECONDS       how often to look for new input files\n"
    "  --input-timeout=SECONDS      run the timeout script after this silence\n"
    "  --timeout-script=FILE        the timeout script\n"
    "  --poll-timeout=SECONDS       accepted, but without effect\n"
    "\n"
    "Processing\n"
    "  --cleantime=SECONDS          how often to remove what has expired\n"
    "  --evstoresize=EVENTS         maximum size of event stores; 0: no limit\n"
    "  --quoting, --noquoting       quote the values of %s in commands\n"
    "  --intevents, --nointevents   create events at start, restart and shutdown\n"
    "  --intcontexts, --nointcontexts\n"
    "                               set the internal context of each line\n"
    "  --childterm, --nochildterm   terminate child processes at shutdown and restart\n"
    "  --socket-timeout=SECONDS     maximum time to wait for a connection\n"
    "  --ruleperf, --noruleperf     measure the CPU time of each rule\n"
    "\n"
    "Messages and dumps\n"
    "  --log=FILE                   log file\n"
    "  --syslog=FACILITY            log to syslog, too\n"
    "  --debug=LEVEL                1 (critical) to 6 (everything)\n"
    "  --dump=FILE                  dump file, written at SIGUSR1\n"
    "  --dumpfts, --nodumpfts       add the time to the name of the dump file\n"
    "  --dumpfjson, --nodumpfjson   dump JSON\n"
    "\n"
    "State\n"
    "  --state=FOLDER               keep the state here, and continue from it\n"
    "  --state=FILE                 continue from a SEC's state (migrate import)\n"
    "  --journal=SECONDS, --journal=line\n"
    "                               how often to write the journal (1)\n"
    "  --snapshot=SECONDS           how often to write the whole state (300)\n"
    "  --at-most-once               rather lose an effect than repeat it\n"
    "  --downtime=run, --downtime=skip\n"
    "                               count the downtime, or ignore it\n"
    "  --confirm                    confirm lines to rsyslog's omprog once kept\n"
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
    "Names can be shortened. The environment variable SECRC names a file with more\n"
    "options, one per line.\n"
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
