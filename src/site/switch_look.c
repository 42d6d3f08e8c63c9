/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may be in the way of the change. */
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/rewrite.h"
#include "io/glob.h"
#include "io/inputs.h"
#include "site/switch.h"
#include "stage/upstream.h"

enum { VERSION_SECONDS = 60 };
/* A shell has the descriptors 3 to 9 for them. */
enum { MOST_PIPES = 7 };

#define find(s, ...) (buf_cat(&(s)->findings, __VA_ARGS__), buf_char(&(s)->findings, '\n'))

/* -- The process -- */

static bool read_proc(pid_t pid, const char *file, struct buf *text)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
    buf_clear(text);
    return file_read(path, text);
}

/* A word of its command line ends so, or has this in it. */
static bool has_word(struct bytes words, struct bytes part, bool at_end)
{
    for (struct bytes word; bytes_piece(&words, '\0', &word);)
        if (at_end ? bytes_ends(word, part) : bytes_find(word, part, 0) >= 0)
            return true;
    return false;
}

static struct bytes program_name(const struct switching *s)
{
    char *const *word = s->options->reference;
    while (word[1])
        word++;
    return path_name(bytes_of(*word));
}

static void look_at_options(struct switching *s, struct bytes words)
{
    if (!s->sec->dumpfjson && !has_word(words, B("-dumpfj"), false))
        find(
            s,
            B("SEC runs without --dumpfjson, so its state cannot be taken over: add the option and "
              "restart SEC (its counts are lost this once), or switch without its state"));
}

/* Puts the program there; false: it is a perl, or we may not know. */
static bool runs_no_perl(pid_t pid, struct buf *program)
{
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(path, target, sizeof(target));
    buf_clear(program);
    if (length > 0)
        buf_add(program, bytes_make(target, (size_t)length));
    return length > 0 && !bytes_starts(path_name(buf_bytes(program)), B("perl"));
}

static void look_at_process(struct switching *s, pid_t pid, struct bytes file)
{
    struct buf text = {0};
    struct stat status;
    char path[32];
    snprintf(path, sizeof(path), "/proc/%d", (int)pid);
    if (stat(path, &status) != 0) {
        find(s, file, B(": there is no process "), NUM(pid), B("; SEC is not running"));
    } else if (runs_no_perl(pid, &text)) {
        find(s, file, B(": process "), NUM(pid), B(" runs "), buf_bytes(&text),
             B(", not the Perl of a SEC; it may already be Secant"));
    } else if (!read_proc(pid, "cmdline", &text) ||
               !has_word(buf_bytes(&text), program_name(s), true)) {
        find(s, file, B(": process "), NUM(pid), B(" is no "), program_name(s));
    } else {
        s->pid = pid;
        s->user = status.st_uid;
        look_at_options(s, buf_bytes(&text));
    }
    buf_free(&text);
}

/* The file that has it; "": none. */
static struct bytes pid_file(const struct switching *s)
{
    const struct unit_line *line = unit_setting(&s->options->site->unit, "Service", "PIDFile");
    return s->sec->pid ? bytes_of(s->sec->pid) : line ? line->value : B("");
}

/* Whose the process will be, and so its state. */
static void look_at_user(struct switching *s)
{
    const struct unit_line *line = unit_setting(&s->options->site->unit, "Service", "User");
    int64_t number;
    if (!line)
        return;
    char *name = bytes_cstr(line->value);
    const struct passwd *entry = getpwnam(name);
    if (entry)
        s->user = entry->pw_uid;
    else if (bytes_uint(line->value, false, &number) && number < INT_MAX)
        s->user = (uid_t)number;
    else
        find(s, B("User="), line->value, B(": no user of this machine; who may read its state?"));
    free(name);
}

static void look_for_process(struct switching *s)
{
    struct bytes file = pid_file(s);
    struct buf text = {0};
    int64_t pid;
    if (file.len == 0 && s->options->site->unit.count > 0) {
        if (!s->sec->dumpfjson)
            look_at_options(s, B("")); /* systemd knows the process */
        look_at_user(s);
        return;
    }
    if (file.len == 0)
        find(s, B("The process of SEC is not known: it runs without --pid"));
    else if (!file_read(file.ptr, &text))
        find(s, file, B(": "), error_text(errno), B("; SEC is not running"));
    else if (!bytes_uint(bytes_trim(buf_bytes(&text)), false, &pid) || pid <= 0 || pid > INT_MAX)
        find(s, file, B(": no process ID"));
    else
        look_at_process(s, (pid_t)pid, file);
    buf_free(&text);
}

/* -- Its dump and its inputs -- */

static bool is_yes(const struct switching *s, const char *key)
{
    const struct unit_line *line = unit_setting(&s->options->site->unit, "Service", key);
    static const char *const yes[] = {"yes", "y", "true", "t", "1", "on", "disconnected"};
    for (size_t i = 0; line && i < sizeof(yes) / sizeof(*yes); i++)
        if (bytes_ieq(line->value, bytes_of(yes[i])))
            return true;
    return false;
}

static void look_at_dump(struct switching *s)
{
    struct bytes dump = bytes_of(s->sec->dump), folder = path_folder(dump);
    char *path = bytes_cstr(folder);
    struct stat status = {0};
    bool temporary = bytes_starts(dump, B("/tmp/")) || bytes_starts(dump, B("/var/tmp/"));
    bool there = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    mode_t others = s->user == 0 || (status.st_mode & S_IWOTH) ? S_IWOTH : 0;
    free(path);
    if (!bytes_starts(dump, B("/")))
        find(s, B("--dump="), dump, B(" is relative to a folder that only SEC knows"));
    else if (!there)
        find(s, B("SEC cannot write its dump: "), folder, B(" is no folder"));
    else if (s->pid && !others && status.st_uid != s->user && !(status.st_mode & S_IWGRP))
        find(s, B("SEC's user cannot write its dump: "), dump);
    if (temporary && is_yes(s, "PrivateTmp"))
        find(s, dump,
             B(" is in the private folder of the unit (PrivateTmp=), removed when SEC ends: "
               "start it with --dump= in another one, such as /var/lib"));
}

/* The list of files is divided at newlines, and what a shell takes for a pattern is one. */
static bool has_odd_bytes(struct bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (bytes_chr(B("\n*?[\\"), name.ptr[i], 0) >= 0)
            return true;
    return false;
}

static void look_at_inputs(struct switching *s)
{
    struct arena *arena = s->options->site->arena;
    struct file_names names = {0};
    for (size_t i = 0; i < s->sec->input.count; i++) {
        struct bytes pattern = s->sec->input.items[i], context;
        input_split_context(&pattern, &context);
        glob_names(pattern, &names);
    }
    for (size_t i = 0; i < names.count; i++) {
        struct stat status;
        bool fifo = stat(names.names[i].ptr, &status) == 0 && S_ISFIFO(status.st_mode);
        if (bytes_eq(names.names[i], B("-")))
            find(s, B("SEC reads standard input (--input=-): the program that feeds it must start "
                      "Secant instead, see secant-migrate(1)"));
        else if (has_odd_bytes(names.names[i]))
            find(s, B("The script cannot handle an input with this name: "), names.names[i]);
        else
            word_list_add(fifo ? &s->pipes : &s->files, arena, names.names[i]);
    }
    if (s->pipes.count > MOST_PIPES)
        find(s, B("More than "), NUM(MOST_PIPES),
             B(" inputs are named pipes; a plain shell cannot hold them all"));
    if (names.count == 0)
        find(s, B("SEC has no inputs (--input)"));
    file_names_free(&names);
}

/* -- Both programs -- */

static void look_at_release(struct switching *s)
{
    struct buf why = {0};
    if (!upstream_version(s->options->reference, VERSION_SECONDS, &s->release_text, &why))
        find(s, bytes_of(*s->options->reference), B(": "), buf_bytes(&why));
    s->release = buf_bytes(&s->release_text);
    if (bytes_starts(s->release, B("2.7.")))
        find(s, B("SEC "), s->release,
             B(" cannot write its state as JSON (--dumpfjson), unlike 2.8.0 and later: Secant "
               "starts without its counts"));
    buf_free(&why);
}

static void look_at_secant(struct switching *s)
{
    char path[PATH_MAX];
    const char *given = s->options->secant;
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    struct bytes own = length > 0 ? bytes_make(path, (size_t)length) : B("secant");
    s->secant = arena_bytes(s->options->site->arena, given ? bytes_of(given) : own);
    if (given && access(given, X_OK) != 0)
        find(s, s->secant, B(": "), error_text(errno));
    else if (!given && (bytes_starts(own, B("/home/")) || bytes_starts(own, B("/root/")) ||
                        bytes_starts(own, B("/tmp/"))))
        find(s, s->secant,
             B(" is not a place for a service: install it, or name it with --secant"));
}

static void look_at_unit(struct switching *s)
{
    static const char *const elsewhere[] = {"RootDirectory", "RootImage"};
    const struct unit *unit = &s->options->site->unit;
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
        const struct unit_line *line = unit_setting(unit, "Service", elsewhere[i]);
        if (!line)
            continue;
        unit_add_place(&s->findings, line);
        find(s, bytes_of(elsewhere[i]),
             B("=: the unit has its own files, and Secant is not among them"));
    }
}

/* How it is seen that SEC is asleep. */
static void look_at_kernel(struct switching *s)
{
    if (access("/proc/self/syscall", R_OK) != 0)
        find(s, B("/proc/self/syscall: "), error_text(errno),
             B("; without it, whether SEC is asleep cannot be seen"));
}

void switch_look(struct switching *s)
{
    look_at_kernel(s);
    look_for_process(s);
    look_at_dump(s);
    look_at_inputs(s);
    look_at_release(s);
    look_at_secant(s);
    look_at_unit(s);
}
