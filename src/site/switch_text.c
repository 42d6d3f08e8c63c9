/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of the change: a shell's text, of which only the beginning depends on the machine.
 *
 * SEC handles signals between two lines, writes its dump before it ends, and does both at one look
 * (every release).  Asleep it has processed all that it has read; so it is stopped while asleep,
 * and what is written from then on waits for Secant: in files, which --state goes on with, and in
 * pipes, which the shell holds open.
 *
 * On the way back nothing is carried over, since SEC cannot read a state, and it begins at the end
 * of its inputs: whoever writes them is stopped for that moment. */
#include "base/shell_word.h"
#include "site/switch.h"

static const char functions[] =
    "fail() {\n"
    "    echo \"$1\" >&2\n"
    "    exit 1\n"
    "}\n"
    "\n"
    "# One that ends meanwhile is not waited for.\n"
    "stop_process() {\n"
    "    kill -STOP \"$1\" || return 1\n"
    "    while grep -qs '^State:[[:space:]]*[^TZX[:space:]]' \"/proc/$1/status\"; do\n"
    "        sleep 0.01\n"
    "    done\n"
    "}\n"
    "\n"
    "# SEC is stopped; was it asleep?  Then it waits in select(2) for no descriptors.\n"
    "stop_asleep() {\n"
    "    stop_process \"$1\" || fail \"SEC has ended by itself\"\n"
    "    grep -q '^[0-9]* 0x0 0x0 0x0 0x0 ' \"/proc/$1/syscall\"\n"
    "}\n"
    "\n"
    "# For a minute: until it is so.\n"
    "wait_for() {\n"
    "    tries=0\n"
    "    until \"$@\"; do\n"
    "        tries=$((tries + 1))\n"
    "        [ \"$tries\" -lt 600 ] || return 1\n"
    "        sleep 0.1\n"
    "    done\n"
    "}\n"
    "\n"
    "# A zombie has ended, too.\n"
    "ended() {\n"
    "    ! grep -qs . \"/proc/$1/cmdline\"\n"
    "}\n"
    "\n"
    "end() {\n"
    "    kill -TERM \"$1\"\n"
    "    kill -CONT \"$1\"\n"
    "    wait_for ended \"$1\" || fail \"Process $1 does not end\"\n"
    "}\n"
    "\n"
    "there() {\n"
    "    pid=$(process)\n"
    "    kill -0 \"$pid\" || fail \"SEC is not running\"\n"
    "    rules_load || fail \"The rules do not load in Secant\"\n"
    "    hold_pipes\n"
    "    [ ! -e \"$dump\" ] || mv -f \"$dump\" \"$dump.old\" # SEC replaces none\n"
    "    trap 'kill -CONT \"$pid\"' EXIT\n"
    "    tries=0\n"
    "    until stop_asleep \"$pid\"; do\n"
    "        kill -CONT \"$pid\"\n"
    "        tries=$((tries + 1))\n"
    "        [ \"$tries\" -lt 1000 ] ||\n"
    "            fail \"SEC is too busy and never asleep; nothing has been changed\"\n"
    "        sleep 0.02\n"
    "    done\n"
    "    kill -USR1 \"$pid\"\n"
    "    stop\n"
    "    trap - EXIT\n"
    "    find_dump\n"
    "    [ -s \"$dump\" ] ||\n"
    "        fail \"SEC ended without a dump, see its log; sh $0 back starts it again\"\n"
    "    status=0\n"
    "    import || status=$?\n"
    "    [ \"$status\" -le 1 ] ||\n"
    "        fail \"The dump could not be converted; sh $0 back starts SEC again\"\n"
    "    start_secant\n"
    "    release_pipes\n"
    "    echo \"Secant is running. What is listed above as missing was not carried over.\"\n"
    "}\n"
    "\n"
    "# Processes that have one of the files open to write.\n"
    "writers() {\n"
    "    for file in $files; do\n"
    "        [ ! -e \"$file\" ] || find -L /proc/[0-9]*/fd -samefile \"$file\" 2>/dev/null || :\n"
    "    done | while read -r fd; do\n"
    "        if grep -q '^flags:.*[12]$' \"${fd%fd/*}fdinfo/${fd##*/}\" 2>/dev/null; then\n"
    "            fd=${fd#/proc/}\n"
    "            echo \"${fd%%/*}\"\n"
    "        fi\n"
    "    done | sort -u | grep -vx -e \"$$\" -e \"${pid:-0}\" || :\n"
    "}\n"
    "\n"
    "# Has the process read the files to their ends, and does it wait for more?\n"
    "has_read() {\n"
    "    grep -q '^State:[[:space:]]*S' \"/proc/$1/status\" || return 1\n"
    "    for file in $files; do\n"
    "        [ -s \"$file\" ] || continue\n"
    "        fd=$(find -L \"/proc/$1/fd\" -samefile \"$file\" 2>/dev/null | head -n 1)\n"
    "        [ -n \"$fd\" ] || return 1\n"
    "        IFS='\t' read -r _ at <\"/proc/$1/fdinfo/${fd##*/}\"\n"
    "        [ \"$at\" -eq \"$(stat -Lc %s \"$file\")\" ] || return 1\n"
    "    done\n"
    "}\n"
    "\n"
    "# All of them, when the last line of each file has its end:\n"
    "# SEC would begin in the middle of it.\n"
    "stop_writers() {\n"
    "    for writer in $stopped; do\n"
    "        stop_process \"$writer\" || ended \"$writer\" || return 1\n"
    "    done\n"
    "    for file in $files; do\n"
    "        [ ! -e \"$file\" ] || [ -z \"$(tail -c 1 \"$file\")\" ] || {\n"
    "            kill -CONT $stopped\n"
    "            return 1\n"
    "        }\n"
    "    done\n"
    "}\n"
    "\n"
    "has_opened() {\n"
    "    pid=$(process) && kill -0 \"$pid\" 2>/dev/null || return 1\n"
    "    for file in $files; do\n"
    "        [ -e \"$file\" ] || continue\n"
    "        find -L \"/proc/$pid/fd\" -samefile \"$file\" 2>/dev/null | grep -q . || return 1\n"
    "    done\n"
    "}\n"
    "\n"
    "back() {\n"
    "    pid=$(process 2>/dev/null) || pid=\n"
    "    stopped=$(writers)\n"
    "    echo \"These wait meanwhile:\" ${stopped:-none, nobody has the inputs open}\n"
    "    hold_pipes\n"
    "    trap '[ -z \"$stopped\" ] || kill -CONT $stopped' EXIT\n"
    "    [ -z \"$stopped\" ] || wait_for stop_writers ||\n"
    "        fail \"The inputs never end with a complete line\"\n"
    "    if [ -n \"$pid\" ] && kill -0 \"$pid\" 2>/dev/null; then\n"
    "        wait_for has_read \"$pid\" && sleep 0.2 && wait_for has_read \"$pid\" || :\n"
    "    fi\n"
    "    start_sec\n"
    "    wait_for has_opened || fail \"SEC has not opened its inputs\"\n"
    "    sleep 1\n"
    "    [ -z \"$stopped\" ] || kill -CONT $stopped\n"
    "    trap - EXIT\n"
    "    release_pipes\n"
    "    echo \"SEC is running. Secant's state is lost, because SEC cannot read it.\"\n"
    "}\n"
    "\n"
    "case ${1-} in\n"
    "there | back) \"$1\" ;;\n"
    "*) fail \"sh $0 there, or sh $0 back\" ;;\n"
    "esac\n";

/* -- What depends on the machine -- */

static void set(struct buf *out, const char *name, struct bytes value)
{
    buf_cat(out, bytes_of(name), B("="));
    shell_word(out, value);
    buf_char(out, '\n');
}

static void add_words(struct buf *out, const struct word_list *words)
{
    for (size_t i = 0; i < words->count; i++) {
        buf_char(out, ' ');
        shell_word(out, words->items[i]);
    }
}

/* A list that the shell divides at newlines, which switch_look() keeps out of names. */
static void set_files(struct buf *out, const struct word_list *files)
{
    struct buf list = {0};
    for (size_t i = 0; i < files->count; i++)
        buf_cat(&list, i ? B("\n") : B(""), files->items[i]);
    set(out, "files", buf_bytes(&list));
    buf_free(&list);
}

static void tell_variables(const struct switching *s, struct buf *out)
{
    const struct site *site = s->options->site;
    set(out, "root", site->root);
    if (site->unit.count > 0)
        set(out, "unit", site->name);
    set(out, "secant", s->secant);
    set(out, "dump", bytes_of(s->sec->dump));
    buf_add(out, B("state=$root/run/secant-switch.state\n"));
    set_files(out, &s->files);
    buf_add(out, B("IFS='\n'\n"));
    buf_add(out, B("\nrules_load() {\n    \"$secant\" --testonly"));
    for (size_t i = 0; i < s->sec->conf.count; i++) {
        buf_add(out, B(" --conf="));
        shell_word(out, s->sec->conf.items[i]);
    }
    buf_add(out, B(" >/dev/null\n}\n"));
}

/* The pipes are held open by the shell, so that what is in them stays. */
static void tell_pipes(const struct switching *s, struct buf *out)
{
    buf_add(out, B("hold_pipes() {\n    :\n"));
    for (size_t i = 0; i < s->pipes.count; i++) {
        buf_cat(out, B("    exec "), NUM(3 + i), B("<>"));
        shell_word(out, s->pipes.items[i]);
        buf_char(out, '\n');
    }
    buf_add(out, B("}\nrelease_pipes() {\n    :\n"));
    for (size_t i = 0; i < s->pipes.count; i++)
        buf_cat(out, B("    exec "), NUM(3 + i), B(">&-\n"));
    buf_add(out, B("}\n"));
}

static void tell_dump(const struct switching *s, struct buf *out)
{
    buf_add(out, B("find_dump() {\n    "));
    buf_add(out, s->sec->dumpfts ? B("dump=$(ls -t \"$dump\".[0-9]* | head -n 1)") : B(":"));
    buf_add(out, B("\n}\nimport() (\n    umask 077\n    \"$secant\" migrate import \"$dump\" "
                   "--asleep -o \"$state\""));
    add_words(out, &s->options->site->options);
    buf_add(out, B(" || [ $? = 1 ] || exit 2\n    chown "));
    buf_num(out, s->user);
    buf_add(out, B(" \"$state\"\n)\n"));
}

/* A unit: a drop-in starts Secant from now on, another one, which does not last, this once with the
 * state, and a third keeps systemd from starting again what we end. */
static const char unit_functions[] =
    "drop_in() {\n"
    "    mkdir -p \"${1%/*}\"\n"
    "    printf '[Service]\\nExecStart=\\nExecStart=%s\\n' \"$2\" >\"$1\"\n"
    "}\n"
    "lasting=$root/etc/systemd/system/$unit.d/zz-secant.conf\n"
    "once=$root/run/systemd/system/$unit.d/zzz-secant-state.conf\n"
    "held=$root/run/systemd/system/$unit.d/zzz-secant-held.conf\n"
    "# systemd is told afterwards: what it does not take for its child, since the PID file\n"
    "# was there too early, it would kill at once.\n"
    "stop() {\n"
    "    mkdir -p \"${held%/*}\"\n"
    "    printf '[Service]\\nRestart=no\\n' >\"$held\"\n"
    "    systemctl daemon-reload\n"
    "    end \"$pid\"\n"
    "    systemctl stop \"$unit\"\n"
    "    rm -f \"$held\"\n"
    "}\n"
    "start_secant() {\n"
    "    drop_in \"$lasting\" \"$start\"\n"
    "    drop_in \"$once\" \"$start --state=$state\"\n"
    "    systemctl daemon-reload\n"
    "    systemctl start \"$unit\"\n"
    "    rm -f \"$once\"\n"
    "    systemctl daemon-reload\n"
    "}\n"
    "start_sec() {\n"
    "    main=$(systemctl show -p MainPID --value \"$unit\")\n"
    "    [ -z \"$pid\" ] || [ \"$main\" != \"$pid\" ] || stop\n"
    "    rm -f \"$lasting\" \"$once\" \"$held\"\n"
    "    systemctl daemon-reload\n"
    "    systemctl restart \"$unit\"\n"
    "}\n";

static void tell_unit(const struct switching *s, struct buf *out)
{
    const struct site *site = s->options->site;
    const struct unit_line *exec = unit_next(&site->unit, "Service", "ExecStart", NULL);
    struct buf start = {0};
    unit_replace_program(&start, exec->value, s->secant, site->reference.count);
    set(out, "start", buf_bytes(&start));
    buf_free(&start);
    buf_add(out, B("process() {\n    "));
    if (s->sec->pid) {
        buf_add(out, B("cat "));
        shell_word(out, bytes_of(s->sec->pid));
    } else {
        buf_add(out, B("systemctl show -p MainPID --value \"$unit\""));
    }
    buf_cat(out, B("\n}\n"), bytes_of(unit_functions));
}

/* Started by hand or by an init script. */
static void tell_command(const struct switching *s, struct buf *out)
{
    const struct word_list *options = &s->options->site->options;
    struct bytes end = s->sec->detach ? B("\n") : B(" &\n");
    buf_add(out, B("process() {\n    cat "));
    shell_word(out, bytes_of(s->sec->pid ? s->sec->pid : ""));
    buf_add(out, B("\n}\nstop() {\n"
                   "    end \"$pid\"\n"
                   "}\n"
                   "# The init script starts SEC as before; the package secant-sec changes that.\n"
                   "start_secant() {\n    \"$secant\""));
    add_words(out, options);
    buf_cat(out, B(" --state=\"$state\""), end,
            B("}\n"
              "start_sec() {\n"
              "    [ -z \"$pid\" ] || ended \"$pid\" || stop\n   "));
    for (char *const *word = s->options->reference; *word; word++) {
        buf_char(out, ' ');
        shell_word(out, bytes_of(*word));
    }
    add_words(out, options);
    buf_cat(out, end, B("}\n"));
}

/* A newline would end the comment, and the rest be run. */
static void comment_word(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        buf_char(out, (unsigned char)text.ptr[i] < ' ' ? '?' : text.ptr[i]);
}

void switch_tell(const struct switching *s, struct buf *out)
{
    buf_cat(out,
            B("#!/bin/sh\n"
              "# From SEC to Secant and back: sh FILE there, sh FILE back, as root.\n"
              "#\n"
              "# SEC "),
            s->release, B(" of "));
    comment_word(out, s->options->site->name);
    buf_add(out, B(" ("));
    comment_word(out, buf_bytes(&s->options->site->files));
    buf_add(out,
            B(")\n"
              "# On the way there each line of a file is seen once, and what SEC has counted goes "
              "on; a pipe loses at\n"
              "# most the beginning of a line whose end was not written yet.  On the way back each "
              "line is seen once if\n"
              "# whoever writes the files has them open: they wait meanwhile.  What Secant has "
              "counted starts anew.\n"
              "set -eu\n"));
    tell_variables(s, out);
    tell_pipes(s, out);
    tell_dump(s, out);
    if (s->options->site->unit.count > 0)
        tell_unit(s, out);
    else
        tell_command(s, out);
    buf_cat(out, B("\n"), bytes_of(functions));
}
