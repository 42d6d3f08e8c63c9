/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files and lines: the engine loads the one and is fed the other.
 *
 * An input has parts between lines "----": options, up to three rule files, and at last the
 * feed.  A line of the feed is a log line, or one of: "!sleep SECONDS", "!signal
 * HUP|ABRT|USR2|INT|TERM", "!dump", "!2 LINE" (of the second input). */
#include "limits.h"
#include "positions.h"
#include "program.h"

static bool give_signal(struct bytes name)
{
    static const char *const handlers[][2] = {
        {"HUP", "main::hup_handler()"},   {"ABRT", "main::abrt_handler()"},
        {"USR2", "main::usr2_handler()"}, {"INT", "main::int_handler()"},
        {"TERM", "main::term_handler()"},
    };
    for (size_t i = 0; i < sizeof(handlers) / sizeof(*handlers); i++) {
        if (bytes_eq(name, bytes_of(handlers[i][0])))
            run_perl(handlers[i][1]);
    }
    return program_turn();
}

static bool give_line(struct bytes line)
{
    struct bytes rest = line, word;
    int64_t number;
    if (line.len == 0 || *line.ptr != '!' || !bytes_word(&rest, &word))
        return program_line(0, line);
    if (bytes_eq(word, B("!sleep")) && bytes_uint(rest, true, &number))
        return program_pass(number < PROGRAM_LEAP ? number : PROGRAM_LEAP);
    if (bytes_eq(word, B("!signal")))
        return give_signal(bytes_trim(rest));
    if (bytes_eq(word, B("!2")))
        return program_line(1, rest);
    if (bytes_eq(word, B("!dump"))) {
        program_dump(false);
        program_dump(true);
    }
    return true;
}

static void one(struct bytes input)
{
    struct bytes parts[PROGRAM_FILES + 2] = {0};
    int count = 0;
    while (input.len > 0 && count < PROGRAM_FILES + 1)
        parts[count++] = take_until(&input, B("----\n"));
    struct bytes feed = input.len > 0 || count == 0 ? input : parts[--count];
    program_begin(parts[0], parts + 1, count - 1);
    check_positions(engine->rules.set);
    for (int lines = 0; feed.len > 0 && lines < 100; lines++) {
        if (!give_line(take_line(&feed)))
            break;
    }
    program_end();
}

static void start(void)
{
    program_start();
    engine->rules.parse_env.on_finding = check_finding;
    engine->rules.parse_env.listener = engine->log;
}

FUZZ_TARGET(start, one)
