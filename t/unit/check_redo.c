/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a journal says is done again by another engine of the same rules, which is then where the
 * first one was; and what of it holds after a power failure. */
#include "journal.h"

#include "durable/redo.h"
#include "durable/survey.h"
#include "store/load.h"

static const char rules[] =
    "type=Single\nptype=RegExp\npattern=^keep (\\S+)\ncontinue=TakeNext\ndesc=k $1\n"
    "action=create C_$1 3 (write out %s; event 1 late $1); add C_$1 $0; assign %x $1\n\n"
    "type=SingleWithThreshold\nptype=RegExp\npattern=^count (\\S+)\ncontext=!C_$1\ndesc=c $1\n"
    "action=event keep $1; write out $1 %x\naction2=write out less $1\nwindow=5\nthresh=3\n\n"
    "type=Pair\nptype=RegExp\npattern=^open (\\S+)\ndesc=o $1\naction=assign %y %s\n"
    "ptype2=RegExp\npattern2=^close $1\ndesc2=closed %1\naction2=write out %s %y\nwindow=4\n\n"
    "type=PairWithWindow\nptype=RegExp\npattern=^count (\\S+)\ndesc=w $1\naction=write out w $1\n"
    "ptype2=RegExp\npattern2=^keep $1\ndesc2=v $1\naction2=none\nwindow=2\n\n"
    "type=EventGroup2\nptype=RegExp\npattern=^close (\\S+)\nptype2=RegExp\npattern2=^late (\\S+)\n"
    "desc=g\naction=write out both\nwindow=6\n\n"
    "type=SingleWithSuppress\nptype=RegExp\npattern=^late (\\S+)\ndesc=l $1\n"
    "action=add C_$1 late\nwindow=7\n\n"
    "type=Calendar\ntime=* * * * *\ndesc=minute\naction=write out minute\n";

static struct redo *redo;
static struct bytes batches[400]; /* owned */
static size_t batch_count;
static struct buf reached; /* the first engine's state at the end */

static void before(void)
{
    before_journal();
    redo = NULL;
    batch_count = 0;
}

static void after(void)
{
    redo_free(redo);
    while (batch_count > 0)
        bytes_free(batches[--batch_count]);
    buf_free(&reached);
    after_journal();
}

/* -- The first engine -- */

static void end_batch(void)
{
    struct buf *batch = recorder_batch(recorder);
    struct durable_sum sum = durable_effects_sum(engine->effects);
    entry_pack(batch, &(struct entry){.kind = ENTRY_EFFECTS, .sum = sum});
    batches[batch_count++] = bytes_dup(buf_bytes(batch));
    recorder_clear(recorder);
}

static void end_first(void)
{
    end_batch();
    save_state(&reached);
    free_recorded();
}

/* -- The second one -- */

static void start_second(void)
{
    struct unpack from = unpack_of(buf_bytes(&snapshot));
    start_engine(rules, true);
    durable_effects_set_mode(engine->effects, DURABLE_REDO);
    struct state_load load = {.engine = engine, .file = B("snapshot")};
    state_load_begin(&load);
    while (from.at < from.end)
        ck_assert(state_load_record(&load, unpack_text(&from)));
    ck_assert(state_load_end(&load));
    ck_assert_uint_eq(load.problems.len, 0);
    redo = redo_new(engine, NULL);
}

static void redo_all(void)
{
    start_second();
    for (size_t i = 0; i < batch_count; i++)
        ck_assert(redo_batch(redo, batches[i]));
    engine_settle(engine);
}

static void ck_reached(void)
{
    struct buf state = {0};
    ck_bytes_eq(buf_bytes(&redo_outcome(redo)->problems), B(""));
    ck_assert_uint_eq(redo_outcome(redo)->different, 0);
    save_state(&state);
    ck_assert_uint_eq(state.len, reached.len);
    ck_assert_mem_eq(state.ptr, reached.ptr, state.len);
    buf_free(&state);
}

static uint64_t offset_of(const char *name)
{
    size_t count;
    const struct input_place *places = redo_places(redo, &count);
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(places[i].name, bytes_of(name)))
            return places[i].offset;
    ck_abort_msg("%s has no place", name);
}

static void ck_problem(const char *want)
{
    ck_bytes_eq(buf_bytes(&redo_outcome(redo)->problems), bytes_of(want));
}

START_TEST(another_engine_gets_where_the_first_was)
{
    start_recorded(rules);
    say("a", "keep x");
    say("b", "count y");
    say("a", "count y");
    end_batch();
    pass(2);
    say("a", "count y");
    do_events();
    say("b", "open z");
    pass(1);
    end_first();
    redo_all();
    ck_reached();
    ck_assert_uint_eq(redo_outcome(redo)->lines, 5);
    ck_assert_int_eq(redo_outcome(redo)->second, BEGAN + 3);
    ck_assert_uint_eq(offset_of("a"), FIRST + 7 + 8 + 8);
    ck_assert_uint_eq(offset_of("b"), FIRST + 8 + 7);
}
END_TEST

static void live_at_random(uint64_t seed)
{
    static const char *const words[] = {"keep", "count", "count", "open", "close", "late", "no"};
    static const char *const names[] = {"x", "y", "z"};
    char line[20];
    for (int i = 0; i < 120; i++) {
        uint32_t choice = next_number(&seed, 12);
        snprintf(line, sizeof(line), "%s %s", words[next_number(&seed, 7)],
                 names[next_number(&seed, 3)]);
        if (choice < 8)
            say(choice % 2 ? "a" : "b", line);
        else if (choice < 9)
            do_events();
        else if (choice < 11)
            pass(1 + next_number(&seed, choice == 10 ? 40 : 2));
        else
            end_batch();
    }
}

START_TEST(any_course_can_be_done_again)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        start_recorded(rules);
        live_at_random(seed);
        end_first();
        redo_all();
        ck_reached();
        after();
        before();
    }
}
END_TEST

START_TEST(files_that_were_renamed_are_read_again)
{
    start_recorded(rules);
    say("a", "keep x");
    say("a", "open y");
    end_first();
    ck_assert_int_eq(rename("a", "a.1"), 0);
    make_file("a");
    redo_all();
    ck_reached();
}
END_TEST

START_TEST(what_is_gone_is_said_once_and_the_rest_is_done)
{
    start_recorded(rules);
    say("a", "keep x");
    say("b", "open y");
    say("a", "keep z");
    end_first();
    unlink("a");
    redo_all();
    ck_assert_uint_eq(redo_outcome(redo)->lines, 1);
    ck_problem("Input file a: the file is no longer in its folder\n"
               "Input file a cannot be read again from where it was at the snapshot: what its "
               "lines did to the state is lost\n");
}
END_TEST

START_TEST(what_rules_do_otherwise_is_noticed)
{
    struct buf batch = {0};
    start_recorded(rules);
    say("a", "count x");
    end_first();
    redo_all();
    entry_pack(&batch, &(struct entry){.kind = ENTRY_EVENTS, .count = 2});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_EFFECTS, .sum = {7, 8}});
    ck_assert(redo_batch(redo, buf_bytes(&batch)));
    ck_problem("Rules did something else than at first: 2 events did not come again\n");
    ck_assert_uint_eq(redo_outcome(redo)->different, 1);
    ck_assert_uint_eq(durable_effects_sum(engine->effects).count, 7);
    buf_free(&batch);
}
END_TEST

START_TEST(what_no_journal_says_ends_it)
{
    struct buf batch = {0};
    start_recorded(rules);
    end_first();
    redo_all();
    entry_pack(&batch, &(struct entry){.kind = ENTRY_LINES, .number = 9, .count = 1, .bytes = 1});
    ck_assert(!redo_batch(redo, buf_bytes(&batch)));
    ck_problem("The journal has no input 9\n");
    ck_assert(!redo_batch(redo, B("?")));
    buf_free(&batch);
}
END_TEST

START_TEST(inputs_have_any_numbers)
{
    static const uint64_t numbers[] = {7, UINT64_MAX, 1, 3000000000, 7};
    struct buf batch = {0};
    struct input_place place = {.name = B("a")};
    size_t count;
    start_engine(rules, true);
    redo = redo_new(engine, NULL);
    entry_pack(&batch, &(struct entry){.kind = ENTRY_BEGIN});
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        entry_pack(&batch,
                   &(struct entry){.kind = ENTRY_INPUT, .number = numbers[i], .place = place});
        entry_pack(&batch, &(struct entry){.kind = ENTRY_PIPE, .number = numbers[i]});
    }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        entry_pack(&batch,
                   &(struct entry){.kind = ENTRY_BYTES, .number = numbers[i], .text = B("no\n")});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_LINES, .number = 7, .count = 2, .bytes = 6});
    ck_assert(redo_batch(redo, buf_bytes(&batch)));
    ck_assert_uint_eq(redo_outcome(redo)->lines, 2);
    ck_problem("");
    redo_places(redo, &count);
    ck_assert_uint_eq(count, 4);
    buf_free(&batch);
}
END_TEST

/* As Perl's remainder has it, the year before 1900 is 99. */
START_TEST(any_second_has_a_year)
{
    struct buf batch = {0};
    start_engine("type=Calendar\ntime=* * * * * 99\ndesc=y\naction=write out y\n", true);
    durable_effects_set_mode(engine->effects, DURABLE_REDO);
    redo = redo_new(engine, NULL);
    entry_pack(&batch, &(struct entry){.kind = ENTRY_SECOND, .second = -2208988800 - 90});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_CLEAN_UP});
    ck_assert(redo_batch(redo, buf_bytes(&batch)));
    ck_assert_uint_eq(durable_effects_sum(engine->effects).count, 1);
    buf_free(&batch);
}
END_TEST

/* -- Pipes -- */

static void begin_pipe(struct buf *batch)
{
    struct input_place place = {.name = B("pipe"), .context = B("PIPE")};
    entry_pack(batch, &(struct entry){.kind = ENTRY_BEGIN});
    entry_pack(batch, &(struct entry){.kind = ENTRY_INPUT, .number = 1, .place = place});
    entry_pack(batch, &(struct entry){.kind = ENTRY_PIPE, .number = 1});
}

static void ck_left(const char *bytes, size_t seen)
{
    struct redo_left left;
    ck_assert(redo_left(redo, 0, &left));
    ck_bytes_eq(left.name, B("pipe"));
    ck_bytes_eq(left.bytes, bytes_of(bytes));
    ck_assert_uint_eq(left.seen, seen);
    ck_assert(!redo_left(redo, 1, &left));
}

START_TEST(bytes_of_pipes_are_in_the_journal)
{
    struct buf batch = {0};
    start_recorded(rules);
    end_first();
    start_second();
    begin_pipe(&batch);
    entry_pack(&batch, &(struct entry){.kind = ENTRY_BYTES, .number = 1, .text = B("keep x\nke")});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_TAKEN, .number = 1});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_LINES, .number = 1, .count = 1, .bytes = 7});
    ck_assert(redo_batch(redo, buf_bytes(&batch)));
    ck_assert_uint_eq(redo_outcome(redo)->lines, 1);
    ck_left("ke", 0);
    buf_clear(&batch);
    entry_pack(&batch, &(struct entry){.kind = ENTRY_BYTES, .number = 1, .text = B("ep y\n")});
    redo_arrivals(redo, buf_bytes(&batch)); /* it does not hold: they came all the same */
    ck_left("keep y\n", 5);
    buf_clear(&batch);
    entry_pack(&batch, &(struct entry){.kind = ENTRY_TAKEN, .number = 1});
    redo_arrivals(redo, buf_bytes(&batch));
    ck_left("keep y\n", 0);
    ck_assert_uint_eq(redo_outcome(redo)->lines, 1);
    ck_problem("");
    buf_free(&batch);
}
END_TEST

/* In batches that do not hold, a journal begins: it tells again what was not processed then. */
START_TEST(bytes_that_came_are_told_again)
{
    struct buf batch = {0};
    start_recorded(rules);
    end_first();
    start_second();
    begin_pipe(&batch);
    entry_pack(&batch, &(struct entry){.kind = ENTRY_BYTES, .number = 1, .text = B("no\nyes\nx")});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_LINES, .number = 1, .count = 1, .bytes = 3});
    ck_assert(redo_batch(redo, buf_bytes(&batch)));
    ck_left("yes\nx", 5);
    buf_clear(&batch);
    entry_pack(&batch, &(struct entry){.kind = ENTRY_LINES, .number = 1, .count = 1, .bytes = 4});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_BEGIN});
    struct input_place place = {.name = B("pipe"), .context = B("PIPE")};
    entry_pack(&batch, &(struct entry){.kind = ENTRY_INPUT, .number = 1, .place = place});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_PIPE, .number = 1, .bytes = 7});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_BYTES, .number = 1, .text = B("x")});
    entry_pack(&batch, &(struct entry){.kind = ENTRY_TAKEN, .number = 1});
    redo_arrivals(redo, buf_bytes(&batch));
    ck_left("yes\nx", 0);
    ck_problem("");
    buf_free(&batch);
}
END_TEST

/* No journal has said others. */
START_TEST(patterns_are_those_of_the_snapshot)
{
    struct bytes pattern = B("*.log");
    struct input_place place = {.name = B("a.log")};
    struct state_places before = {
        .items = &place, .count = 1, .patterns = &pattern, .pattern_count = 1};
    size_t count;
    start_engine(rules, true);
    redo = redo_new(engine, &before);
    ck_bytes_eq(redo_places(redo, &count)->name, B("a.log"));
    ck_assert_uint_eq(count, 1);
    ck_bytes_eq(*redo_patterns(redo, &count), pattern);
    ck_assert_uint_eq(count, 1);
}
END_TEST

/* -- The survey -- */

static struct bytes batch_of(struct buf *room, enum entry_kind first, const char *boot)
{
    buf_clear(room);
    entry_pack(room, &(struct entry){.kind = first});
    if (boot)
        entry_pack(room, &(struct entry){.kind = ENTRY_BOOT, .text = bytes_of(boot)});
    return buf_bytes(room);
}

static uint64_t holding(const char *then, const char *now, const char *kinds)
{
    struct survey survey = {.effects = engine->effects};
    struct buf batch = {0};
    for (size_t i = 0; kinds[i]; i++)
        survey_count(&survey, batch_of(&batch, (enum entry_kind)kinds[i], i == 0 ? then : NULL));
    survey_decide(&survey, bytes_of(now));
    for (size_t i = 0; kinds[i]; i++)
        survey_batch(&survey, batch_of(&batch, (enum entry_kind)kinds[i], NULL));
    survey_end(&survey);
    buf_free(&batch);
    return survey.holding;
}

START_TEST(batches_hold_in_their_boot_or_up_to_what_is_on_the_disk)
{
    start_engine(rules, true);
    ck_assert_uint_eq(holding("one", "one", "CCC"), 3);
    ck_assert_uint_eq(holding(NULL, "one", "CCC"), 3);
    ck_assert_uint_eq(holding("one", "other", "CCC"), 0);
    ck_assert_uint_eq(holding("one", "other", "CDC"), 2);
    ck_assert_uint_eq(holding("one", "other", "DCCDC"), 4);
    ck_assert_uint_eq(holding("one", "one", ""), 0);
}
END_TEST

/* -- The snapshot -- */

START_TEST(a_head_comes_once)
{
    struct buf record = {0};
    struct state_load load = {.file = B("snapshot")};
    start_recorded(rules);
    struct unpack from = unpack_of(buf_bytes(&snapshot));
    struct bytes head = unpack_text(&from);
    load.engine = engine;
    buf_add(&record, head);
    buf_add(&record, bytes_from(head, 1));
    state_load_begin(&load);
    ck_assert(!state_load_record(&load, buf_bytes(&record)));
    ck_assert(!state_load_end(&load));
    buf_free(&load.problems);
    buf_free(&record);
}
END_TEST

RUN_TESTS_IN_PERL("redo", before, after, another_engine_gets_where_the_first_was,
                  any_course_can_be_done_again, files_that_were_renamed_are_read_again,
                  what_is_gone_is_said_once_and_the_rest_is_done,
                  what_rules_do_otherwise_is_noticed, what_no_journal_says_ends_it,
                  inputs_have_any_numbers, any_second_has_a_year, bytes_of_pipes_are_in_the_journal,
                  bytes_that_came_are_told_again, patterns_are_those_of_the_snapshot,
                  batches_hold_in_their_boot_or_up_to_what_is_on_the_disk, a_head_comes_once)
