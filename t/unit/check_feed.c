/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that come from no file go through the rules all the same. */
#include "whole_engine.h"

static void hear(void *arg, int level, struct bytes message)
{
    (void)arg;
    (void)level;
    if (bytes_starts(message, B("Assigning '")))
        buf_cat(&heard, message, B("\n"));
}

/* One more option, which may be of no effect. */
static void start(const char *rules, const char *option)
{
    char *own = bytes_cstr(bytes_of(option));
    write_rules(rules);
    options_read_again(options, 4, (char *[]){"secant", conf, "--intcontexts", own, NULL});
    free(own);
    make_engine(1000);
    hear_log(hear);
    engine_begin(engine);
}

static void after(void)
{
    engine_free(engine);
    end_rules();
}

static struct line_source source_of(const char *name, const char *context)
{
    return (struct line_source){.name = bytes_dup(bytes_of(name)),
                                .context = bytes_dup(bytes_of(context))};
}

START_TEST(a_rule_sees_name_and_context_of_the_source)
{
    struct line_source one = source_of("one", "ONE"), two = source_of("two", "TWO");
    start("type=Single\nptype=RegExp\npattern=(\\w+)\ncontext=ONE\ndesc=$1\n"
          "action=assign %x $1 of $+{_inputsrc}\n",
          "--jointbuf");
    process_line(engine, B("a"), &one);
    process_line(engine, B("b"), &two);
    process_line(engine, B("c"), &one);
    ck_bytes_eq(buf_bytes(&heard), B("Assigning 'a of one' to variable '%x'\n"
                                     "Assigning 'c of one' to variable '%x'\n"));
    ck_assert_uint_eq(one.lines, 2);
    ck_assert_uint_eq(two.lines, 1);
    ck_assert_ptr_null(one.window);
    source_close(&one);
    source_close(&two);
}
END_TEST

static const char two_lines[] =
    "type=Single\nptype=RegExp2\npattern=^(\\w+)\\n(\\w+)$\ndesc=$1 $2\n"
    "action=assign %x $1 $2\n";

START_TEST(sources_have_windows_of_their_own)
{
    struct line_source one = source_of("one", "ONE"), two = source_of("two", "TWO");
    start(two_lines, "--nojointbuf");
    process_line(engine, B("a"), &one);
    process_line(engine, B("b"), &two);
    process_line(engine, B("c"), &one);
    process_line(engine, B("d"), &two);
    ck_bytes_eq(buf_bytes(&heard), B("Assigning 'a c' to variable '%x'\n"
                                     "Assigning 'b d' to variable '%x'\n"));
    source_close(&one);
    source_close(&two);
}
END_TEST

/* Lines of an array: one source, one feed. */
struct memory {
    struct feed feed; /* first */
    struct line_source source;
    const char *const *lines;
    char line[20]; /* the present one: a feed need not keep those before it */
};

static enum feed_result next(struct feed *feed, struct bytes *line, struct line_source **source)
{
    struct memory *memory = (struct memory *)feed;
    memset(memory->line, 'x', sizeof(memory->line));
    if (!*memory->lines)
        return FEED_NONE;
    *line = bytes_of(strcpy(memory->line, *memory->lines++));
    *source = &memory->source;
    memory->source.end += line->len + 1;
    return FEED_LINE;
}

static bool has_line(const struct feed *feed)
{
    (void)feed;
    return false; /* each call takes the text of the one before away */
}

static bool ended(const struct feed *feed)
{
    return !*((const struct memory *)feed)->lines;
}

static int wait_limit(const struct feed *feed)
{
    (void)feed;
    return -1;
}

static struct feed_position position(const struct line_source *source)
{
    return (struct feed_position){.offset = source->end};
}

static const struct feed_type memory_type = {next, has_line, ended, wait_limit, position, NULL};

static void run_memory(const char *rules, const char *option, const char *const *lines)
{
    struct memory memory = {.feed.type = &memory_type, .lines = lines};
    start(rules, option);
    memory.source = source_of("memory", "MEMORY");
    memory.source.feed = &memory.feed;
    engine->feed = &memory.feed;
    engine_run(engine);
    ck_assert_uint_eq(memory.source.lines, 4);
    ck_assert_uint_eq(source_position(&memory.source).offset, 8);
    source_close(&memory.source);
}

static const char *const letters[] = {"a", "b", "c", "d", NULL};

START_TEST(a_feed_of_lines_in_memory_runs_to_its_end)
{
    run_memory("type=SingleWithThreshold\nptype=RegExp\npattern=(\\w+)\ncontext=MEMORY\ndesc=all\n"
               "action=assign %x third $1; event after $1\nthresh=3\nwindow=60\n\n"
               "type=Single\nptype=RegExp\npattern=^after (\\w+)$\ndesc=$1\n"
               "action=assign %y after $1\n",
               "--jointbuf", letters);
    ck_bytes_eq(buf_bytes(&heard), B("Assigning 'third a' to variable '%x'\n"
                                     "Assigning 'after a' to variable '%y'\n"));
}
END_TEST

START_TEST(windows_keep_lines_that_their_feed_does_not)
{
    run_memory(two_lines, "--nojointbuf", letters);
    ck_bytes_eq(buf_bytes(&heard), B("Assigning 'a b' to variable '%x'\n"
                                     "Assigning 'b c' to variable '%x'\n"
                                     "Assigning 'c d' to variable '%x'\n"));
}
END_TEST

RUN_TESTS_IN_PERL("feed", begin_rules, after, a_rule_sees_name_and_context_of_the_source,
                  sources_have_windows_of_their_own, a_feed_of_lines_in_memory_runs_to_its_end,
                  windows_keep_lines_that_their_feed_does_not)
