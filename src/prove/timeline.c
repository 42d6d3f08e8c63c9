/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns effects, messages and records into happenings. */
#include "prove/timeline.h"

#include "base/mem.h"
#include "lang/ruleset.h"
#include "state/rule_state.h"

/* In the arena. */
struct told {
    struct bytes key;
    size_t passage;
};

static struct bytes told_key(const void *told)
{
    return ((const struct told *)told)->key;
}

void timeline_begin(struct timeline *timeline)
{
    *timeline = (struct timeline){.step = NO_STEP};
    arena_init(&timeline->arena);
    table_init(&timeline->told, told_key);
}

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->passage_count; i++)
        free(timeline->passages[i].said);
    free(timeline->passages);
    free(timeline->items);
    table_free(&timeline->told);
    buf_free(&timeline->output);
    arena_free(&timeline->arena);
}

static struct bytes keep(struct timeline *timeline, struct bytes text)
{
    return arena_bytes(&timeline->arena, text);
}

static struct bytes rule_name(struct timeline *timeline, const struct rule *rule)
{
    if (!rule)
        return B("");
    return arena_cat(&timeline->arena, rule->file->name, B(":"), NUM(rule->line));
}

/* With the rules whose event it took. */
static struct bytes writer_name(struct timeline *timeline, const struct rule *rule)
{
    struct bytes name = rule_name(timeline, rule);
    if (timeline->origins.len == 0)
        return name;
    return arena_cat(&timeline->arena, timeline->origins, name.len > 0 ? name : B("-"));
}

static struct happening *add(struct timeline *timeline, enum test_subject subject)
{
    MEM_GROW(timeline->items, timeline->count, timeline->room, 64);
    struct happening *happening = &timeline->items[timeline->count++];
    *happening = (struct happening){.second = clock_now(timeline->clock),
                                    .step = timeline->step,
                                    .subject = subject,
                                    .name = B(""),
                                    .text = B(""),
                                    .fed = B(""),
                                    .rule = B(""),
                                    .passage = (int64_t)timeline->passage_count - 1,
                                    .effect = subject < TEST_EVENT,
                                    .taken = TAKEN_BY_NONE};
    return happening;
}

/* -- Effects -- */

static void add_output_line(struct timeline *timeline, struct bytes line)
{
    struct happening *happening = add(timeline, TEST_OUTPUT);
    happening->text = keep(timeline, line);
    happening->rule = timeline->output_rule;
}

void timeline_settle(struct timeline *timeline)
{
    if (timeline->output.len > 0)
        add_output_line(timeline, buf_bytes(&timeline->output));
    buf_clear(&timeline->output);
}

static void add_output(struct timeline *timeline, const struct effect *effect, bool line)
{
    struct buf *output = &timeline->output;
    struct bytes text = effect->text;
    timeline->output_rule = writer_name(timeline, effect->rule);
    for (ptrdiff_t end; (end = bytes_chr(text, '\n', 0)) >= 0;) {
        buf_add(output, bytes_slice(text, 0, (size_t)end));
        add_output_line(timeline, buf_bytes(output));
        buf_clear(output);
        text = bytes_from(text, (size_t)end + 1);
    }
    buf_add(output, text);
    if (line) {
        add_output_line(timeline, buf_bytes(output));
        buf_clear(output);
    }
}

static struct happening *add_effect(struct timeline *timeline, const struct effect *effect,
                                    enum test_subject subject)
{
    struct happening *happening = add(timeline, subject);
    happening->rule = writer_name(timeline, effect->rule);
    if (effect->command) {
        happening->text = keep(timeline, effect->command->text);
        happening->fed = keep(timeline, effect->text);
    } else {
        happening->name = keep(timeline, effect->target);
        happening->text = keep(timeline, effect->text);
    }
    return happening;
}

/* A print on the handle of a command that reads: more of what it is fed. */
static bool add_to_pipe(struct timeline *timeline, const struct effect *effect)
{
    for (size_t i = timeline->count; i-- > 0;) {
        struct happening *happening = &timeline->items[i];
        if (happening->subject != TEST_PIPE || happening->name.len == 0 ||
            !bytes_eq(happening->text, effect->target))
            continue;
        happening->fed = arena_cat(&timeline->arena, happening->fed, effect->text);
        return true;
    }
    return false;
}

static void add_print(struct timeline *timeline, const struct effect *effect)
{
    if (bytes_eq(effect->target, B("STDOUT"))) {
        add_output(timeline, effect, false);
    } else if (bytes_eq(effect->target, B("STDERR"))) {
        struct happening *happening = add(timeline, TEST_PERL);
        happening->name = keep(timeline, bytes_of(effect->function));
        happening->text = arena_cat(&timeline->arena, B("STDERR "), bytes_trim(effect->text));
        happening->rule = writer_name(timeline, effect->rule);
    } else if (!add_to_pipe(timeline, effect)) {
        add_effect(timeline, effect, TEST_WRITE);
    }
}

/* A command that Perl starts. */
static void add_perl_command(struct timeline *timeline, const struct effect *effect)
{
    bool opened = strcmp(effect->function, "open") == 0;
    struct happening *happening =
        add_effect(timeline, effect, opened && !effect->gives ? TEST_PIPE : TEST_RUN);
    if (happening->subject == TEST_PIPE)
        happening->name = B("open"); /* until it is closed, prints come to it */
    happening->fed = B("");
}

static void add_perl(struct timeline *timeline, const struct effect *effect)
{
    struct buf words = {0};
    if (effect_is_print(effect)) {
        add_print(timeline, effect);
        return;
    }
    if (effect->command) {
        add_perl_command(timeline, effect);
        return;
    }
    struct happening *happening = add(timeline, TEST_PERL);
    for (size_t i = 0; i < effect->count; i++)
        buf_cat(&words, i > 0 ? B(" ") : B(""), effect->words[i]);
    happening->name = keep(timeline, bytes_of(effect->function));
    happening->text = keep(timeline, words.len > 0 ? buf_bytes(&words) : effect->target);
    happening->rule = writer_name(timeline, effect->rule);
    /* A file that is opened is no deed yet. */
    happening->effect =
        strcmp(effect->function, "open") != 0 && strcmp(effect->function, "sysopen") != 0;
    buf_free(&words);
}

void timeline_effect(struct timeline *timeline, const struct effect *effect)
{
    bool output = bytes_eq(effect->target, B("-"));
    switch (effect->kind) {
    case EFFECT_WRITE:
    case EFFECT_WRITEN:
    case EFFECT_OWRITECL:
        if (output)
            add_output(timeline, effect, effect->kind == EFFECT_WRITE);
        else
            add_effect(timeline, effect, TEST_WRITE);
        break;
    case EFFECT_PRINT:
        add_output(timeline, effect, false);
        break;
    case EFFECT_SEND:
        add_effect(timeline, effect, TEST_SEND);
        break;
    case EFFECT_RUN:
        add_effect(timeline, effect, TEST_RUN);
        break;
    case EFFECT_SPAWN:
        add_effect(timeline, effect, TEST_SPAWN);
        break;
    case EFFECT_FEED:
        add_effect(timeline, effect, effect->script ? TEST_RUN : TEST_PIPE);
        break;
    case EFFECT_SIGNAL:
        add_effect(timeline, effect, TEST_SIGNAL);
        break;
    case EFFECT_PERL:
        add_perl(timeline, effect);
        break;
    case EFFECT_CLOSEF: /* what has no subject */
    case EFFECT_HANG_UP:
    case EFFECT_DUMP:
    case EFFECT_PIDFILE:
        break;
    }
}

/* -- What else is heard -- */

void timeline_message(struct timeline *timeline, struct bytes text)
{
    add(timeline, TEST_LOG)->text = keep(timeline, text);
}

static struct passage *begin_passage(struct timeline *timeline)
{
    MEM_GROW(timeline->passages, timeline->passage_count, timeline->passage_room, 16);
    struct passage *passage = &timeline->passages[timeline->passage_count++];
    *passage = (struct passage){
        .second = clock_now(timeline->clock), .step = timeline->step, .text = B("")};
    return passage;
}

static struct passage *last_passage(struct timeline *timeline)
{
    assert(timeline->passage_count > 0);
    return &timeline->passages[timeline->passage_count - 1];
}

void timeline_line(struct timeline *timeline, struct bytes text, size_t head)
{
    struct passage *passage = begin_passage(timeline);
    passage->text = keep(timeline, text);
    passage->head = head;
}

void timeline_say(struct timeline *timeline, const struct explain_sentence *sentence)
{
    struct passage *passage = last_passage(timeline);
    MEM_GROW(passage->said, passage->said_count, passage->said_room, 4);
    struct explain_sentence *said = &passage->said[passage->said_count++];
    *said = *sentence;
    said->rule = keep(timeline, sentence->rule);
    said->gist = keep(timeline, sentence->gist);
    said->text = keep(timeline, sentence->text);
    said->key = keep(timeline, sentence->key);
    said->about = keep(timeline, sentence->about);
    said->field = keep(timeline, sentence->field);
    said->mark = keep(timeline, sentence->mark);
}

bool passages_alike(const struct passage *a, const struct passage *b)
{
    return a->idle == b->idle &&
           bytes_eq(bytes_from(a->text, a->head), bytes_from(b->text, b->head));
}

/* What `passage` says, with the nearest rules of the other one among it; false: it says something
 * else. */
static bool merge(struct passage *passage, const struct passage *other)
{
    struct explain_sentence *all = mem_array(NULL, other->said_count + 1, sizeof(*all));
    size_t next = 0;
    bool same = true;
    for (size_t i = 0; i < other->said_count && same; i++) {
        all[i] = other->said[i];
        if (all[i].kind == EXPLAIN_NEAREST)
            continue;
        same = next < passage->said_count && bytes_eq(passage->said[next].key, all[i].key);
        if (same)
            all[i] = passage->said[next++];
    }
    if (!same || next < passage->said_count) {
        free(all);
        return false;
    }
    free(passage->said);
    passage->said = all;
    passage->said_count = other->said_count;
    passage->said_room = other->said_count + 1;
    return true;
}

/* Of passages that are alike and say the same, but for the nearest rules. */
static void add_key(struct buf *key, const struct passage *passage)
{
    struct bytes text = bytes_from(passage->text, passage->head);
    buf_cat(key, passage->idle ? B("-") : B("+"), NUM(text.len), B(":"), text);
    for (size_t i = 0; i < passage->said_count; i++)
        if (passage->said[i].kind != EXPLAIN_NEAREST)
            buf_cat(key, B("\n"), passage->said[i].key);
}

bool timeline_say_again(struct timeline *timeline)
{
    struct passage *last = last_passage(timeline);
    struct buf key = {0};
    add_key(&key, last);
    struct told *told = table_find(&timeline->told, buf_bytes(&key));
    bool again = told && merge(last, &timeline->passages[told->passage]);
    if (!told) {
        told = arena_zalloc(&timeline->arena, sizeof(*told));
        told->key = keep(timeline, buf_bytes(&key));
        table_insert(&timeline->told, told);
    }
    told->passage = timeline->passage_count - 1;
    if (!again)
        last->said_count = 0;
    buf_free(&key);
    return again;
}

void timeline_idle(struct timeline *timeline)
{
    begin_passage(timeline)->idle = true;
}

void timeline_idle_end(struct timeline *timeline)
{
    struct passage *passage = last_passage(timeline);
    if (!passage->idle)
        return; /* it has become an event's */
    passage->second = clock_now(timeline->clock);
    if (passage->said_count == 0)
        timeline->passage_count--;
}

void timeline_origins(struct timeline *timeline, const struct rule *const *rules, size_t count)
{
    timeline->origins = B("");
    while (count-- > 0)
        timeline->origins = arena_cat(&timeline->arena, timeline->origins,
                                      rule_name(timeline, rules[count]), B(" > "));
}

void timeline_rule(struct timeline *timeline, struct bytes name, struct bytes desc)
{
    struct happening *happening = add(timeline, TEST_RULE);
    happening->name = happening->rule = keep(timeline, name);
    happening->text = keep(timeline, desc);
}

void timeline_event(struct timeline *timeline, struct bytes text)
{
    add(timeline, TEST_EVENT)->text = keep(timeline, text);
}

void timeline_record(struct timeline *timeline, const struct record *record)
{
    if (record->kind == RECORD_EVENT) {
        timeline_event(timeline, record->text);
    } else if (record->kind == RECORD_RULE && record->verdict >= VERDICT_MATCHED) {
        const struct rule *rule = record->rule->rule;
        timeline_rule(timeline, rule_name(timeline, rule), rule->desc_text);
    }
}

/* -- As texts -- */

void timeline_add_when(struct buf *out, int64_t second, int64_t start)
{
    static const struct {
        int64_t seconds;
        char letter;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    int64_t rest = second - start;
    buf_char(out, rest < 0 ? '-' : '+');
    rest = rest < 0 ? -rest : rest;
    if (rest == 0)
        buf_add(out, B("0s"));
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        if (rest < units[i].seconds)
            continue;
        buf_num(out, rest / units[i].seconds);
        buf_char(out, units[i].letter);
        rest %= units[i].seconds;
    }
}

struct bytes subject_word(enum test_subject subject)
{
    static const char *const words[] = {
        "output", "write", "run",  "spawn",   "pipe",      "send",     "signal",  "perl",
        "event",  "log",   "rule", "context", "operation", "variable", "pending", "file"};
    static_assert(sizeof(words) / sizeof(*words) == TEST_SUBJECTS, "one of each");
    return bytes_of(words[subject]);
}

/* As part of one line. */
static void add_text(struct buf *out, struct bytes text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            buf_add(out, B("\\n"));
        else
            buf_char(out, text.ptr[i]);
    }
}

void timeline_add_happening(struct buf *out, const struct happening *happening)
{
    bool named = happening->name.len > 0 && happening->subject != TEST_PIPE;
    buf_add(out, subject_word(happening->subject));
    if (named)
        buf_cat(out, B(" "), happening->name);
    if (happening->text.len > 0)
        buf_add(out, named ? B(": ") : B(" "));
    add_text(out, happening->text);
    if (happening->fed.len == 0)
        return;
    buf_add(out, B(" <<< "));
    add_text(out, happening->fed);
}
