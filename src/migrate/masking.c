/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/masking.h"

#include <stdlib.h>

#include "base/json_values.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "migrate/tell.h"
#include "stage/interrupt.h"

/* -- All texts -- */

struct walk {
    struct mask *mask;
    bool learns; /* otherwise each text becomes one without secrets */
};

static void visit(const struct walk *walk, struct bytes *text, bool rules)
{
    struct buf out = {0};
    if (walk->learns) {
        mask_learn(walk->mask, *text, rules);
    } else if (text->ptr) {
        mask_text(walk->mask, *text, rules, &out);
        bytes_free(*text);
        *text = bytes_dup(buf_bytes(&out));
        buf_free(&out);
    }
}

/* Messages, one after another. */
static void visit_words(const struct walk *walk, struct bytes *messages)
{
    struct bytes rest = *messages;
    struct words words = {0};
    struct buf out = {0};
    while (words_take(&words, &rest) == WORDS_TAKEN) {
        for (size_t i = 1; i < words.count; i++) {
            words.items[i] = walk->learns ? words.items[i] : bytes_dup(words.items[i]);
            visit(walk, &words.items[i], false);
        }
        words_add(&out, words.items, words.count);
        for (size_t i = 1; i < words.count && !walk->learns; i++)
            bytes_free(words.items[i]);
    }
    words_free(&words);
    if (!walk->learns && messages->ptr) {
        bytes_free(*messages);
        *messages = bytes_dup(buf_bytes(&out));
    }
    buf_free(&out);
}

static void visit_minimal(const struct walk *walk, struct minimal *minimal)
{
    for (size_t i = 0; i < minimal->file_count; i++)
        visit(walk, &minimal->files[i].text, true);
    for (size_t i = 0; i < minimal->line_count; i++)
        visit(walk, &minimal->lines[i].text, false);
    for (size_t i = 0; i < minimal->file_count; i++)
        visit(walk, &minimal->files[i].name, false);
}

static void visit_notes(const struct walk *walk, struct buf *notes)
{
    struct bytes text = bytes_dup(buf_bytes(notes));
    visit(walk, &text, false);
    buf_clear(notes);
    buf_add(notes, text);
    bytes_free(text);
}

static void visit_reader(const struct walk *walk, struct reader *reader)
{
    visit_notes(walk, &reader->notes);
    for (size_t i = 0; i < reader->rule_count; i++) {
        visit(walk, &reader->rules[i].file, false);
        visit(walk, &reader->rules[i].desc, true);
    }
    for (size_t i = 0; i < reader->refusal_count; i++)
        visit(walk, &reader->refusals[i].what, false);
}

static void visit_course(const struct walk *walk, struct course *course)
{
    for (size_t i = 0; i < course->found_count; i++)
        visit(walk, &course->found[i].text, false);
    for (size_t i = 0; i < course->comparison.count; i++) {
        struct difference *difference = &course->comparison.items[i];
        visit(walk, &difference->file, false);
        for (int side = 0; side < 2; side++) {
            if (difference->class == HEARD_STATE)
                visit(walk, &difference->only[side], false);
            else
                visit_words(walk, &difference->only[side]);
        }
    }
    visit_reader(walk, &course->comparison.readers[THEIRS]);
    visit_reader(walk, &course->comparison.readers[OURS]);
}

static void learn_words(struct mask *mask, char *const *words)
{
    for (; *words; words++)
        mask_learn(mask, bytes_of(*words), false);
}

static void learn(struct masking *masking)
{
    struct walk walk = {masking->mask, true};
    struct course *course = masking->course;
    if (masking->minimal)
        visit_minimal(&walk, masking->minimal);
    visit_course(&walk, course);
    for (size_t i = 0; i < course->lines.input_count; i++) {
        visit(&walk, &course->lines.inputs[i].name, false);
        visit(&walk, &course->lines.inputs[i].context, false);
    }
    learn_words(masking->mask, course->options->reference);
    learn_words(masking->mask, course->options->others);
}

/* -- What the course does not own -- */

static struct bytes masked(const struct masking *masking, struct bytes text)
{
    struct buf out = {0};
    mask_text(masking->mask, text, false, &out);
    struct bytes copy = bytes_dup(buf_bytes(&out));
    buf_free(&out);
    return copy;
}

/* The inputs have other names from now on; they are given back by show_inputs. */
static void hide_inputs(struct masking *masking)
{
    struct lines *lines = &masking->course->lines;
    masking->inputs = lines->inputs;
    lines->inputs = mem_zarray(lines->input_count + 1, sizeof(*lines->inputs));
    for (size_t i = 0; i < lines->input_count; i++)
        lines->inputs[i] = (struct input_name){masked(masking, masking->inputs[i].name),
                                               masked(masking, masking->inputs[i].context)};
}

static void show_inputs(struct masking *masking)
{
    struct lines *lines = &masking->course->lines;
    if (!masking->inputs)
        return;
    for (size_t i = 0; i < lines->input_count; i++) {
        bytes_free(lines->inputs[i].name);
        bytes_free(lines->inputs[i].context);
    }
    free(lines->inputs);
    lines->inputs = masking->inputs;
    masking->inputs = NULL;
}

/* Owned, each of them too. */
static char **mask_list(const struct masking *masking, char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    char **list = mem_zarray(count + 1, sizeof(*list));
    for (size_t i = 0; i < count; i++)
        list[i] = (char *)masked(masking, bytes_of(words[i])).ptr;
    return list;
}

static void free_list(char *const *words)
{
    for (char *const *word = words; word && *word; word++)
        free(*word);
    free((void *)words);
}

/* -- The case -- */

struct trial {
    struct masking *masking;
    enum heard_class class;
    double end;
};

static void copy_minimal(const struct minimal *minimal, struct minimal *copy)
{
    *copy = (struct minimal){.file_count = minimal->file_count, .line_count = minimal->line_count};
    copy->files = mem_zarray(copy->file_count + 1, sizeof(*copy->files));
    copy->lines = mem_zarray(copy->line_count + 1, sizeof(*copy->lines));
    for (size_t i = 0; i < copy->file_count; i++)
        copy->files[i] = (struct rule_text){bytes_dup(minimal->files[i].name),
                                            bytes_dup(minimal->files[i].text)};
    for (size_t i = 0; i < copy->line_count; i++) {
        copy->lines[i] = minimal->lines[i];
        copy->lines[i].text = bytes_dup(minimal->lines[i].text);
    }
}

static bool shows(const struct trial *trial)
{
    struct masking *masking = trial->masking;
    struct walk walk = {masking->mask, false};
    struct minimal copy;
    copy_minimal(masking->minimal, &copy);
    visit_minimal(&walk, &copy);
    hide_inputs(masking);
    bool shown = minimal_shows(masking->course, &copy, trial->class);
    show_inputs(masking);
    minimal_free(&copy);
    return shown;
}

static void leave(const struct masking *masking, size_t from, size_t to, bool left)
{
    for (size_t i = from; i < to; i++)
        mask_secret(masking->mask, i)->left = left;
}

/* Masks those from one to another, but those without which the difference is gone. */
static void mask_range(const struct trial *trial, size_t from, size_t to)
{
    if (from == to || interrupted || monotonic_seconds() > trial->end)
        return;
    leave(trial->masking, from, to, false);
    if (shows(trial))
        return;
    leave(trial->masking, from, to, true);
    if (to - from == 1)
        return;
    mask_range(trial, from, from + (to - from) / 2);
    mask_range(trial, from + (to - from) / 2, to);
}

void masking_run(struct masking *masking, struct course *course, struct minimal *minimal,
                 const struct difference *difference, double seconds)
{
    *masking = (struct masking){.mask = mask_new(), .course = course, .minimal = minimal};
    learn(masking);
    size_t count = mask_count(masking->mask);
    if (minimal) {
        struct trial trial = {masking, difference->class, monotonic_seconds() + seconds};
        leave(masking, 0, count, true);
        mask_range(&trial, 0, count);
    }
    masking->checked = minimal && !interrupted;
    if (interrupted)
        leave(masking, 0, count, false);
    struct walk walk = {masking->mask, false};
    if (minimal)
        visit_minimal(&walk, minimal);
    visit_course(&walk, course);
    hide_inputs(masking);
    masking->options = *course->options;
    masking->options.reference = mask_list(masking, course->options->reference);
    masking->options.others = mask_list(masking, course->options->others);
    course->options = &masking->options;
}

void masking_free(struct masking *masking)
{
    if (!masking->mask)
        return;
    show_inputs(masking);
    free_list(masking->options.reference);
    free_list(masking->options.others);
    mask_free(masking->mask);
}

/* -- What is said of it -- */

struct counts {
    size_t masked, needed, named;
};

static struct counts count_kind(const struct masking *masking, enum secret_kind kind)
{
    struct counts counts = {0};
    for (size_t i = 0; i < mask_count(masking->mask); i++) {
        const struct secret *secret = mask_secret(masking->mask, i);
        if (secret->kind != kind)
            continue;
        counts.named += secret->named && !secret->formed;
        counts.needed += secret->left && !(secret->named && !secret->formed);
        counts.masked += !secret_stays(secret);
    }
    return counts;
}

static const struct {
    const char *key, *one, *many;
} names[SECRET_KINDS] = {
    [SECRET_IPV4] = {"ipv4", "IPv4 address", "IPv4 addresses"},
    [SECRET_IPV6] = {"ipv6", "IPv6 address", "IPv6 addresses"},
    [SECRET_MAC] = {"mac", "MAC address", "MAC addresses"},
    [SECRET_HOST] = {"host", "part of host names", "parts of host names"},
    [SECRET_MAIL] = {"mail", "mail address", "mail addresses"},
    [SECRET_USER] = {"user", "user name", "user names"},
    [SECRET_CREDENTIAL] = {"credential", "password or key", "passwords and keys"},
    [SECRET_TOKEN] = {"token", "token", "tokens"},
    [SECRET_NUMBER] = {"number", "long number", "long numbers"},
};

/* Of each kind that there is; member: which of its counts. */
static bool add_counts(const struct masking *masking, struct bytes front, size_t member,
                       struct buf *out)
{
    bool any = false;
    for (int kind = 0; kind < SECRET_KINDS; kind++) {
        struct counts counts = count_kind(masking, (enum secret_kind)kind);
        size_t count = *(const size_t *)(const void *)((const char *)&counts + member);
        if (count > 0)
            buf_cat(out, any ? B(", ") : front, NUM(count), B(" "),
                    bytes_of(count == 1 ? names[kind].one : names[kind].many));
        any = any || count > 0;
    }
    buf_add(out, any ? B("\n") : B(""));
    return any;
}

void masking_tell(const struct masking *masking, struct buf *out)
{
    if (!add_counts(masking, B("Masked: "), offsetof(struct counts, masked), out))
        buf_add(out, B("Nothing was masked\n"));
    add_counts(masking, B("Not masked, because the difference needs them: "),
               offsetof(struct counts, needed), out);
    add_counts(masking, B("Not masked, because patterns of the rules name them: "),
               offsetof(struct counts, named), out);
    buf_add(out, B("Secrets that look like ordinary words are not found: read it before you send "
                   "it\n"));
}

json_t *masking_json(const struct masking *masking)
{
    json_t *object = json_object();
    for (int kind = 0; kind < SECRET_KINDS; kind++) {
        struct counts counts = count_kind(masking, (enum secret_kind)kind);
        if (counts.masked + counts.needed + counts.named == 0)
            continue;
        json_t *entry = json_object();
        json_put_number(entry, "masked", counts.masked);
        json_put_number(entry, "needed", counts.needed);
        json_put_number(entry, "named", counts.named);
        json_put(object, names[kind].key, entry);
    }
    return object;
}
