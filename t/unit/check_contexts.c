/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts: names, lifetimes, what happens at their end, and their event stores. */
#include "state.h"

static struct contexts *contexts(struct fixture *f)
{
    return f->engine.state.contexts;
}

static struct context *create(struct fixture *f, const char *name, int64_t window)
{
    return contexts_create(&f->engine, bytes_of(name), window);
}

static struct context *find(struct fixture *f, const char *name)
{
    return contexts_find(contexts(f), bytes_of(name));
}

static bool valid(struct fixture *f, const char *name)
{
    return contexts_valid(&f->engine, bytes_of(name));
}

/* Actions of the tests. */

static enum flow note_run(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    (void)action;
    const struct context *this = contexts_find(engine->state.contexts, B("_THIS"));
    log_msg(engine->log, LOG_NOTE, B("ran for "), scope->text, B(", _THIS is "),
            this ? this->names[0] : B("nobody"));
    return FLOW_NEXT;
}
static const struct action_type note = {.name = "note", .run = note_run};

static enum flow end_other_run(struct engine *engine, const struct action *action,
                               const struct scope *scope)
{
    (void)action, (void)scope;
    struct context *other = contexts_find(engine->state.contexts, B("OTHER"));
    contexts_set_window(engine, other, -1);
    contexts_valid(engine, B("OTHER"));
    return FLOW_NEXT;
}
static const struct action_type end_other = {.name = "end_other", .run = end_other_run};

static enum flow live_on_run(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    (void)action, (void)scope;
    struct context *this = contexts_this(engine->state.contexts);
    contexts_set_time(engine, this, engine_now(engine));
    contexts_set_window(engine, this, 100);
    contexts_set_action(engine, this, NULL, NULL, B("replaced"));
    return FLOW_NEXT;
}
static const struct action_type live_on = {.name = "live_on", .run = live_on_run};

/* Makes "C1" end "C0", "C2" end "C1" and so on. */
static enum flow end_previous_run(struct engine *engine, const struct action *action,
                                  const struct scope *scope)
{
    (void)action;
    int64_t number;
    ck_assert(bytes_uint(scope->text, false, &number));
    if (number == 0)
        return FLOW_NEXT;
    struct bytes name = arena_cat(&engine->line.arena, B("C"), NUM(number - 1));
    struct context *previous = contexts_find(engine->state.contexts, name);
    contexts_set_window(engine, previous, -1);
    contexts_valid(engine, name);
    return FLOW_NEXT;
}
static const struct action_type end_previous = {.name = "end_previous", .run = end_previous_run};

START_TEST(a_context_lives_its_lifetime_and_the_rest_of_the_second)
{
    struct fixture *f = fixture_new();
    create(f, "A", 2);
    ck_assert(!valid(f, "B"));
    advance_to(f, 1002);
    contexts_expire(&f->engine, 1002);
    ck_assert(valid(f, "A"));
    ck_assert_int_le(contexts_next_due(contexts(f)), 1003);
    advance_to(f, 1003);
    ck_assert_ptr_nonnull(find(f, "A"));
    contexts_expire(&f->engine, 1003);
    ck_assert_ptr_null(find(f, "A"));
    ck_logged(f, "Deleting stale context 'A'\nStale context 'A' deleted\n");
    ck_assert_int_eq(contexts_next_due(contexts(f)), INT64_MAX);
    fixture_free(f);
}
END_TEST

START_TEST(a_context_without_a_lifetime_never_ends)
{
    struct fixture *f = fixture_new();
    create(f, "A", 0);
    advance_to(f, 1000000000000);
    contexts_expire(&f->engine, 1000000000000);
    ck_assert(valid(f, "A"));
    fixture_free(f);
}
END_TEST

START_TEST(looking_up_a_context_that_is_over_ends_it)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 2);
    contexts_add_name(&f->engine, a, B("ALIAS"));
    contexts_set_action(&f->engine, a, LIST(f, &note), NULL, B("desc"));
    advance_to(f, 1003);
    ck_assert(!valid(f, "ALIAS"));
    ck_logged(f, "Deleting stale context 'ALIAS'\nran for desc, _THIS is A\n"
                 "Stale context 'A' deleted\nStale context 'ALIAS' deleted\n");
    ck_assert_ptr_null(find(f, "A"));
    ck_assert_ptr_null(find(f, "_THIS"));
    ck_assert_ptr_null(find(f, "ALIAS"));
    ck_assert_ptr_null(contexts_first(contexts(f)));
    fixture_free(f);
}
END_TEST

START_TEST(a_longer_lifetime_puts_the_end_off)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 2);
    contexts_set_window(&f->engine, a, 10);
    advance_to(f, 1003);
    contexts_expire(&f->engine, 1003);
    ck_assert(valid(f, "A"));
    contexts_set_time(&f->engine, a, 1003);
    advance_to(f, 1013);
    contexts_expire(&f->engine, 1013);
    ck_assert(valid(f, "A"));
    contexts_set_window(&f->engine, a, 0);
    advance_to(f, 1014);
    contexts_expire(&f->engine, 1014);
    ck_assert(valid(f, "A"));
    fixture_free(f);
}
END_TEST

START_TEST(contexts_end_by_second_then_by_arming)
{
    struct fixture *f = fixture_new();
    create(f, "third", 5);
    create(f, "first", 2);
    create(f, "second", 2);
    create(f, "stays", 50);
    advance_to(f, 1020);
    contexts_expire(&f->engine, 1020);
    ck_logged(f, "Deleting stale context 'first'\nStale context 'first' deleted\n"
                 "Deleting stale context 'second'\nStale context 'second' deleted\n"
                 "Deleting stale context 'third'\nStale context 'third' deleted\n");
    ck_assert(valid(f, "stays"));
    fixture_free(f);
}
END_TEST

START_TEST(an_end_inside_an_end_has_its_own_this)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 2);
    contexts_set_action(&f->engine, a, LIST(f, &note, &end_other, &note), NULL, B("a"));
    struct context *other = create(f, "OTHER", 0);
    contexts_set_action(&f->engine, other, LIST(f, &note), NULL, B("o"));
    advance_to(f, 1003);
    contexts_expire(&f->engine, 1003);
    ck_logged(f, "Deleting stale context 'A'\nran for a, _THIS is A\n"
                 "Deleting stale context 'OTHER'\nran for o, _THIS is OTHER\n"
                 "Stale context 'OTHER' deleted\nran for a, _THIS is A\n"
                 "Stale context 'A' deleted\n");
    fixture_free(f);
}
END_TEST

START_TEST(a_context_of_the_user_called_this_comes_back)
{
    struct fixture *f = fixture_new();
    struct context *mine = create(f, "_THIS", 0);
    struct context *a = create(f, "A", 2);
    contexts_set_action(&f->engine, a, LIST(f, &note), NULL, B("a"));
    advance_to(f, 1003);
    contexts_expire(&f->engine, 1003);
    ck_logged(f, "Deleting stale context 'A'\nran for a, _THIS is A\nStale context 'A' deleted\n");
    ck_assert_ptr_eq(find(f, "_THIS"), mine);
    fixture_free(f);
}
END_TEST

START_TEST(a_context_whose_actions_ran_is_gone_whatever_they_did)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 2);
    contexts_set_action(&f->engine, a, LIST(f, &live_on, &note), NULL, B("a"));
    advance_to(f, 1003);
    contexts_expire(&f->engine, 1003);
    ck_logged(f, "Deleting stale context 'A'\nran for a, _THIS is A\nStale context 'A' deleted\n");
    ck_assert_ptr_null(find(f, "A"));
    ck_assert_int_eq(contexts_next_due(contexts(f)), INT64_MAX);
    fixture_free(f);
}
END_TEST

START_TEST(a_retained_context_outlives_its_names)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 0);
    contexts_retain(a);
    context_push(&f->engine, a, B("event"), 1000);
    contexts_delete(&f->engine, a, B("Context '"));
    ck_logged(f, "Context 'A' deleted\n");
    ck_assert(!a->live);
    ck_bytes_eq(context_event(a, 0)->text, B("event"));
    contexts_delete(&f->engine, a, B("Context '")); /* nothing is left to go */
    ck_logged(f, "");
    contexts_release(a);
    fixture_free(f);
}
END_TEST

/* Also under the sanitizers, where frames are large. */
START_TEST(a_long_chain_of_ends_does_not_use_up_the_stack)
{
    enum { LENGTH = 20000 };
    struct fixture *f = fixture_new();
    log_set_level(f->engine.log, LOG_WARN);
    const struct action_list *list = LIST(f, &end_previous);
    for (int i = 0; i < LENGTH; i++) {
        struct context *context =
            create(f, arena_cat(&f->engine.line.arena, B("C"), NUM(i), B("\0")).ptr, 0);
        contexts_set_action(&f->engine, context, list, NULL, NUM(i));
    }
    struct context *last =
        contexts_find(contexts(f), arena_cat(&f->engine.line.arena, B("C"), NUM(LENGTH - 1)));
    contexts_set_window(&f->engine, last, 2);
    advance_to(f, 1003);
    for (int i = 0; i < LENGTH / 400; i++) /* what would be too deep is left to the next clean-up */
        contexts_expire(&f->engine, 1003);
    ck_assert_ptr_null(contexts_first(contexts(f)));
    fixture_free(f);
}
END_TEST

START_TEST(a_context_goes_with_its_last_name)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 5);
    for (int i = 0; i < 40; i++)
        contexts_add_name(&f->engine, a, NUM(i));
    ck_assert_uint_eq(a->name_count, 41);
    contexts_remove_name(&f->engine, a, B("A"));
    for (int i = 0; i < 39; i++)
        contexts_remove_name(&f->engine, a, NUM((i * 7) % 39));
    ck_assert_uint_eq(a->name_count, 1);
    ck_bytes_eq(a->names[0], B("39"));
    ck_assert_ptr_eq(find(f, "39"), a);
    contexts_add_name(&f->engine, a, B("again"));
    contexts_remove_name(&f->engine, a, B("39"));
    contexts_remove_name(&f->engine, a, B("again"));
    ck_assert_ptr_null(contexts_first(contexts(f)));
    ck_assert_int_eq(contexts_next_due(contexts(f)), INT64_MAX);
    fixture_free(f);
}
END_TEST

START_TEST(names_stay_in_the_order_of_creation)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 0);
    contexts_add_name(&f->engine, a, B("B"));
    contexts_add_name(&f->engine, a, B("C"));
    contexts_remove_name(&f->engine, a, B("A"));
    contexts_add_name(&f->engine, a, B("A"));
    ck_bytes_eq(a->names[0], B("B"));
    ck_bytes_eq(a->names[1], B("C"));
    ck_bytes_eq(a->names[2], B("A"));
    struct context *z = create(f, "0", 0);
    ck_assert_ptr_eq(contexts_first(contexts(f)), a);
    ck_assert_ptr_eq(a->next, z);
    ck_assert_ptr_null(z->next);
    fixture_free(f);
}
END_TEST

START_TEST(internal_names_share_one_context)
{
    struct fixture *f = fixture_new();
    advance_to(f, 1010);
    contexts_internal_add(&f->engine, B("_FILE_EVENT_a"));
    contexts_internal_add(&f->engine, B("_FILE_EVENT_b"));
    contexts_internal_add(&f->engine, B("_FILE_EVENT_a"));
    struct context *internal = find(f, "_FILE_EVENT_a");
    ck_assert(internal->internal);
    ck_assert_int_eq(internal->init_time, 1000);
    ck_bytes_eq(internal->desc, B("SEC internal"));
    ck_assert_uint_eq(internal->name_count, 2);
    ck_assert_ptr_eq(find(f, "_FILE_EVENT_b"), internal);
    contexts_internal_remove(&f->engine, B("_FILE_EVENT_a"));
    ck_assert(!valid(f, "_FILE_EVENT_a"));
    ck_assert(valid(f, "_FILE_EVENT_b"));
    contexts_internal_remove(&f->engine, B("_FILE_EVENT_b"));
    ck_assert_ptr_null(contexts_first(contexts(f)));
    contexts_internal_add(&f->engine, B("_FILE_EVENT_c"));
    ck_assert_ptr_eq(find(f, "_FILE_EVENT_c"), internal);
    fixture_free(f);
}
END_TEST

START_TEST(an_internal_name_takes_the_place_of_a_users)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "_INTERNAL_EVENT", 0);
    contexts_add_name(&f->engine, a, B("A"));
    contexts_internal_add(&f->engine, B("_INTERNAL_EVENT"));
    ck_assert(find(f, "_INTERNAL_EVENT")->internal);
    contexts_internal_remove(&f->engine, B("_INTERNAL_EVENT"));
    ck_assert_ptr_null(find(f, "_INTERNAL_EVENT"));
    ck_assert_ptr_eq(find(f, "A"), a);
    fixture_free(f);
}
END_TEST

START_TEST(clear_drops_all_without_actions)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 2);
    contexts_set_action(&f->engine, a, LIST(f, &note), NULL, B("a"));
    create(f, "B", 0);
    unsigned refs = f->file->refs;
    contexts_clear(&f->engine);
    ck_assert_uint_eq(f->file->refs, refs - 1);
    ck_assert_ptr_null(find(f, "A"));
    advance_to(f, 1003);
    contexts_expire(&f->engine, 1003);
    ck_logged(f, "");
    fixture_free(f);
}
END_TEST

static void take_note(void *arg, enum context_change change, struct context *context,
                      struct bytes name)
{
    static const char *const words[] = {"named ", "unnamed ", "gone ", "changed ", "stored "};
    (void)context;
    struct buf *heard = arg;
    buf_cat(heard, bytes_of(words[change]), name);
    buf_char(heard, ';');
}

START_TEST(a_watcher_hears_of_each_change)
{
    struct fixture *f = fixture_new();
    struct buf heard = {0};
    contexts_watch(contexts(f), take_note, &heard);
    struct context *a = create(f, "A", 2);
    contexts_add_name(&f->engine, a, B("B"));
    contexts_set_time(&f->engine, a, 999);
    context_push(&f->engine, a, B("event"), 1000);
    contexts_remove_name(&f->engine, a, B("A"));
    contexts_delete(&f->engine, a, B("Context '"));
    ck_bytes_eq(buf_bytes(&heard),
                B("named A;named B;changed ;stored ;unnamed A;unnamed B;gone ;"));
    contexts_watch(contexts(f), NULL, NULL);
    buf_free(&heard);
    fixture_free(f);
}
END_TEST

static void ck_store(struct fixture *f, const struct context *context, const char *text)
{
    ck_bytes_eq(context_text(&f->engine, context), bytes_of(text));
}

START_TEST(a_store_is_used_at_both_ends)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 0);
    struct bytes text = B("untouched");
    ck_store(f, a, "");
    ck_assert(!context_pop(&f->engine, a, &text));
    ck_assert(!context_shift(&f->engine, a, &text));
    ck_bytes_eq(text, B("untouched"));
    context_push(&f->engine, a, B("2"), 1000);
    context_push(&f->engine, a, B("3"), 1001);
    context_unshift(&f->engine, a, B("1"), 999);
    context_push(&f->engine, a, B(""), 1002);
    ck_store(f, a, "1\n2\n3\n");
    ck_assert_int_eq(context_event(a, 0)->time, 999);
    ck_assert(context_pop(&f->engine, a, &text));
    ck_bytes_eq(text, B(""));
    ck_assert(context_shift(&f->engine, a, &text));
    ck_bytes_eq(text, B("1"));
    ck_store(f, a, "2\n3");
    context_empty(&f->engine, a);
    ck_assert_uint_eq(a->event_count, 0);
    fixture_free(f);
}
END_TEST

/* What the ring holds is compared with a plain array, through growth and wrapping round. */
START_TEST(a_store_keeps_the_order_through_thousands_of_changes)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 0);
    int model[4000], first = 2000, end = 2000, next = 0;
    uint64_t state = 1;
    for (int step = 0; step < 3000; step++) {
        struct arena_mark mark = arena_mark(&f->engine.line.arena);
        uint32_t choice = next_number(&state, step < 1500 ? 6 : 10);
        struct bytes text = B("");
        if (choice < 2 && end < 4000) {
            context_push(&f->engine, a, NUM(next), next);
            model[end++] = next++;
        } else if (choice < 4 && first > 0) {
            context_unshift(&f->engine, a, NUM(next), next);
            model[--first] = next++;
        } else if (choice % 2 == 0 && context_pop(&f->engine, a, &text)) {
            ck_bytes_eq(text, NUM(model[--end]));
        } else if (choice % 2 == 1 && context_shift(&f->engine, a, &text)) {
            ck_bytes_eq(text, NUM(model[first++]));
        }
        ck_assert_uint_eq(a->event_count, (uint32_t)(end - first));
        arena_release(&f->engine.line.arena, mark);
    }
    for (int i = first; i < end; i++)
        ck_bytes_eq(context_event(a, (size_t)(i - first))->text, NUM(model[i]));
    fixture_free(f);
}
END_TEST

START_TEST(trim_removes_what_is_older)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 0);
    struct buf trimmed = {0};
    for (int i = 0; i < 6; i++)
        context_push(&f->engine, a, NUM(i), 1000 + i);
    ck_assert_uint_eq(context_trim(&f->engine, a, 1000, &trimmed), 0);
    ck_assert_uint_eq(context_trim(&f->engine, a, 1002, &trimmed), 2);
    ck_bytes_eq(buf_bytes(&trimmed), B("0\n1"));
    ck_store(f, a, "2\n3\n4\n5");
    ck_assert_uint_eq(context_trim(&f->engine, a, 2000, NULL), 4);
    ck_store(f, a, "");
    buf_free(&trimmed);
    fixture_free(f);
}
END_TEST

START_TEST(trim_finds_old_events_anywhere)
{
    struct fixture *f = fixture_new();
    struct context *a = create(f, "A", 0);
    struct buf trimmed = {0};
    context_push(&f->engine, a, B("b"), 1001);
    context_unshift(&f->engine, a, B("a"), 1005); /* prepended later */
    context_push(&f->engine, a, B("c"), 1003);
    context_push(&f->engine, a, B("d"), 1001);
    ck_assert_uint_eq(context_trim(&f->engine, a, 1002, &trimmed), 2);
    ck_bytes_eq(buf_bytes(&trimmed), B("b\nd"));
    ck_store(f, a, "a\nc");
    buf_free(&trimmed);
    fixture_free(f);
}
END_TEST

START_TEST(a_context_takes_little_memory)
{
    ck_assert_uint_le(sizeof(struct context), 184);
}
END_TEST

RUN_TESTS("contexts", a_context_lives_its_lifetime_and_the_rest_of_the_second,
          a_context_without_a_lifetime_never_ends, looking_up_a_context_that_is_over_ends_it,
          a_longer_lifetime_puts_the_end_off, contexts_end_by_second_then_by_arming,
          an_end_inside_an_end_has_its_own_this, a_context_of_the_user_called_this_comes_back,
          a_context_whose_actions_ran_is_gone_whatever_they_did,
          a_retained_context_outlives_its_names, a_long_chain_of_ends_does_not_use_up_the_stack,
          a_context_goes_with_its_last_name, names_stay_in_the_order_of_creation,
          internal_names_share_one_context, an_internal_name_takes_the_place_of_a_users,
          clear_drops_all_without_actions, a_watcher_hears_of_each_change,
          a_store_is_used_at_both_ends, a_store_keeps_the_order_through_thousands_of_changes,
          trim_removes_what_is_older, trim_finds_old_events_anywhere, a_context_takes_little_memory)
