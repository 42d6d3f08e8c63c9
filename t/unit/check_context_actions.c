/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Actions on contexts and on the events that they store. */
#include "actions.h"
#include "in_perl.h"

START_TEST(create_begins_and_begins_again)
{
    struct fixture *f = fixture_new();
    run(f, "create A 007 ( logonly end )");
    ck_logged(f, "Creating context 'A'\n");
    run(f, "add A x; alias A B");
    log_lines(f);
    advance_to(f, 1005);
    log_set_level(f->engine.log, LOG_NOTE);
    run(f, "create B 9; getsize %n A; getltime %l A; getctime %c A; getaliases %a A");
    ck_number(f, "n", "0");
    ck_text(f, "l", "9");
    ck_number(f, "c", "1005");
    ck_text(f, "a", "A\nB");
    struct context *a = contexts_find(f->engine.state.contexts, B("A"));
    ck_assert_int_eq(a->init_time, 1000);
    ck_assert_ptr_null(a->action);
    run(f, "create; exists %e the; create () (); exists %g %s");
    ck_number(f, "g", "1");
    ck_warns(f, "create C 5x", "Invalid lifetime '5x' for context 'C', can't create\n");
    fixture_free(f);
}
END_TEST

START_TEST(a_contexts_end_knows_the_event_of_its_creation)
{
    struct fixture *f = quiet_fixture();
    run(f, "create A 2 ( logonly %s ended; copy _THIS %x; logonly %x; delete A; obsolete _THIS; "
           "unalias A; set A 100 ( logonly never ) ); add A stored");
    advance_to(f, 1003);
    contexts_expire(&f->engine, 1003);
    ck_logged(f, "the event ended\nstored\n");
    ck_assert_ptr_null(contexts_find(f->engine.state.contexts, B("A")));
    fixture_free(f);
}
END_TEST

START_TEST(deletion_is_refused_while_a_context_ends)
{
    struct fixture *f = fixture_new();
    run(f, "create A 2 ( delete A; unalias A )");
    log_lines(f);
    run(f, "obsolete A");
    ck_logged(f, "Obsoleting context 'A'\nDeleting stale context 'A'\n"
                 "Deleting context 'A'\n"
                 "Context 'A' does not exist or is already going through deletion\n"
                 "Removing alias 'A'\n"
                 "Alias 'A' does not exist or the referred context is already going through "
                 "deletion\n"
                 "Stale context 'A' deleted\n");
    fixture_free(f);
}
END_TEST

START_TEST(delete_takes_all_names_without_actions)
{
    struct fixture *f = fixture_new();
    run(f, "create A 0 ( logonly never ); alias A B");
    log_lines(f);
    run(f, "delete B; delete B");
    ck_logged(f, "Deleting context 'B'\nContext 'A' deleted\nContext 'B' deleted\n"
                 "Deleting context 'B'\n"
                 "Context 'B' does not exist or is already going through deletion\n");
    fixture_free(f);
}
END_TEST

START_TEST(aliases_come_and_go)
{
    struct fixture *f = fixture_new();
    run(f, "create A");
    log_lines(f);
    run(f, "alias A B; alias A B; alias NONE C; unalias A; unalias B; unalias B");
    ck_logged(f, "Creating alias 'B' for context 'A'\n"
                 "Creating alias 'B' for context 'A'\nAlias 'B' already exists\n"
                 "Creating alias 'C' for context 'NONE'\n"
                 "Context 'NONE' does not exist, can't create alias\n"
                 "Removing alias 'A'\n"
                 "Removing alias 'B'\nAlias 'B' was the last reference to a context\n"
                 "Removing alias 'B'\n"
                 "Alias 'B' does not exist or the referred context is already going through "
                 "deletion\n");
    fixture_free(f);
}
END_TEST

START_TEST(set_changes_what_it_is_told)
{
    struct fixture *f = quiet_fixture();
    run(f, "create A 100 ( logonly first )");
    advance_to(f, 1010);
    run(f, "set A - ( logonly second ); getctime %c A; getltime %l A");
    ck_number(f, "c", "1000");
    ck_text(f, "l", "100");
    run(f, "set A 020; getctime %c A; getltime %l A; obsolete A");
    ck_number(f, "c", "1010");
    ck_text(f, "l", "20");
    ck_logged(f, "second\n");
    ck_warns(f, "set A 1; create A; set A 1x",
             "Context 'A' does not exist, can't change settings\n"
             "Invalid lifetime '1x' for context 'A', can't change settings\n");
    fixture_free(f);
}
END_TEST

START_TEST(setltime_may_end_a_context_at_once)
{
    struct fixture *f = fixture_new();
    run(f, "create A 100");
    advance_to(f, 1010);
    log_lines(f);
    run(f, "setltime A 10");
    ck_logged(f, "Setting the lifetime of context 'A' to '10'\n");
    run(f, "setltime A 09");
    ck_logged(f, "Setting the lifetime of context 'A' to '9'\n"
                 "Context 'A' has become stale after lifetime adjustment\n"
                 "Deleting stale context 'A'\nStale context 'A' deleted\n");
    ck_warns(f, "setltime A; setltime A b",
             "Context 'A' does not exist, can't set lifetime\n"
             "Invalid lifetime 'b' for context 'A'\n");
    fixture_free(f);
}
END_TEST

START_TEST(setctime_goes_forward_to_now_at_most)
{
    struct fixture *f = fixture_new();
    run(f, "create A 100");
    advance_to(f, 1010);
    log_lines(f);
    run(f, "setctime 999 A; setctime 1011 A; setctime 1000 A; setctime 1010 A; setctime x A");
    ck_logged(f, "Setting the creation time of context 'A' to 'Thu Jan  1 00:16:39 1970'\n"
                 "Can't set context creation time backwards to 'Thu Jan  1 00:16:39 1970'\n"
                 "Setting the creation time of context 'A' to 'Thu Jan  1 00:16:51 1970'\n"
                 "Can't set context creation time into future to 'Thu Jan  1 00:16:51 1970'\n"
                 "Setting the creation time of context 'A' to 'Thu Jan  1 00:16:40 1970'\n"
                 "Context creation time already set to 'Thu Jan  1 00:16:40 1970'\n"
                 "Setting the creation time of context 'A' to 'Thu Jan  1 00:16:50 1970'\n"
                 "Invalid timestamp 'x' for creation time of context 'A'\n");
    run(f, "getctime %c A");
    ck_number(f, "c", "1010");
    fixture_free(f);
}
END_TEST

START_TEST(internal_contexts_are_not_changed)
{
    struct fixture *f = quiet_fixture();
    contexts_internal_add(&f->engine, B("I"));
    ck_warns(f,
             "create I; delete I; obsolete I; unalias I; set I 5; alias I B; add I x; "
             "prepend I x; fill I x; setltime I 5; setctime 5 I",
             "Invalid use of create action for internal context 'I'\n"
             "Invalid use of delete action for internal context 'I'\n"
             "Invalid use of obsolete action for internal context 'I'\n"
             "Invalid use of unalias action for internal context 'I'\n"
             "Invalid use of set action for internal context 'I'\n"
             "Invalid use of alias action for internal context 'I'\n"
             "Invalid use of add action for internal context 'I'\n"
             "Invalid use of prepend action for internal context 'I'\n"
             "Invalid use of fill action for internal context 'I'\n"
             "Invalid use of setltime action for internal context 'I'\n"
             "Invalid use of setctime action for internal context 'I'\n");
    run(f, "exists %e I; getltime %l I");
    ck_number(f, "e", "1");
    ck_number(f, "l", "0");
    fixture_free(f);
}
END_TEST

START_TEST(events_are_stored_line_by_line)
{
    struct fixture *f = quiet_fixture();
    run(f, "add C %{.nl}a%{.nl}%{.nl}b%{.nl}%{.nl}; getsize %n C; copy C %x");
    ck_number(f, "n", "4");
    ck_text(f, "x", "\na\n\nb");
    run(f, "prepend C 1%{.nl}2; copy C %x; pop C %p; shift C %q; empty C %y; getsize %n C");
    ck_text(f, "x", "1\n2\n\na\n\nb");
    ck_text(f, "p", "b");
    ck_text(f, "q", "1");
    ck_text(f, "y", "2\n\na\n");
    ck_number(f, "n", "0");
    run(f, "assign %p x; pop C %p; shift C %q; add C %nothing; fill C z; copy C %x; empty C");
    ck_text(f, "p", "");
    ck_text(f, "q", "");
    ck_text(f, "x", "z");
    run(f, "getsize %n C; add NEW %nothing; exists %e NEW; getsize %m OTHER");
    ck_number(f, "n", "0");
    ck_number(f, "e", "1");
    ck_variable(f, "m", VARIABLE_UNDEF, "");
    fixture_free(f);
}
END_TEST

START_TEST(a_store_has_a_size)
{
    struct fixture *f = quiet_fixture();
    f->options.evstoresize = 2;
    ck_warns(f,
             "add C a; add C b%{.nl}c; prepend C b%{.nl}c; prepend C b; add C d; "
             "fill C 1%{.nl}2%{.nl}3; fill D 1%{.nl}2%{.nl}3; fill C 1%{.nl}2",
             "Can't add event(s) 'b\nc' to context 'C', store full\n"
             "Can't prepend event(s) 'b\nc' to context 'C', store full\n"
             "Can't add event(s) 'd' to context 'C', store full\n"
             "Can't fill context 'C' with event(s) '1\n2\n3', store full\n"
             "Can't fill context 'D' with event(s) '1\n2\n3', store full\n");
    run(f, "copy C %x; exists %d D");
    ck_text(f, "x", "1\n2");
    ck_number(f, "d", "1");
    fixture_free(f);
}
END_TEST

START_TEST(what_is_not_there_cannot_be_read)
{
    struct fixture *f = quiet_fixture();
    run(f, "assign %x old");
    ck_warns(f,
             "copy C %x; empty C %x; pop C %x; shift C %x; trim 5 C %x; getaliases %x C; "
             "getltime %x C; getctime %x C; setctime 5 C; getsize %y C; exists %z C",
             "Context 'C' does not exist, can't copy\n"
             "Context 'C' does not exist, can't empty\n"
             "Context 'C' does not exist, can't pop\n"
             "Context 'C' does not exist, can't shift\n"
             "Context 'C' does not exist, can't trim\n"
             "Context 'C' does not exist, can't get aliases\n"
             "Context 'C' does not exist, can't get lifetime\n"
             "Context 'C' does not exist, can't get creation time\n"
             "Context 'C' does not exist, can't set creation time\n");
    ck_text(f, "x", "old");
    ck_variable(f, "y", VARIABLE_UNDEF, "");
    ck_number(f, "z", "0");
    fixture_free(f);
}
END_TEST

START_TEST(trim_counts_from_creation_from_now_or_from_the_epoch)
{
    struct fixture *f = quiet_fixture();
    run(f, "create C; add C a");
    advance_to(f, 1005);
    run(f, "add C b");
    advance_to(f, 1020);
    run(f, "add C c; trim +5 C %x");
    ck_text(f, "x", "a");
    log_set_level(f->engine.log, LOG_DETAIL);
    run(f, "trim -020 C; trim 1006 C %y");
    ck_logged(f,
              "Trimming context 'C' event store by timestamp '-020'\n"
              "Trimmed 0 element(s) older than 'Thu Jan  1 00:16:40 1970' from context 'C' event "
              "store\n"
              "Trimming context 'C' event store by timestamp '1006'\n"
              "Trimmed 1 element(s) older than 'Thu Jan  1 00:16:46 1970' from context 'C' event "
              "store\n"
              "Variable '%y' set to 'b'\n");
    ck_warns(f, "trim x C", "Invalid timestamp 'x' for trimming context 'C'\n");
    fixture_free(f);
}
END_TEST

RUN_TESTS_IN_PERL("context_actions", NULL, NULL, create_begins_and_begins_again,
                  a_contexts_end_knows_the_event_of_its_creation,
                  deletion_is_refused_while_a_context_ends, delete_takes_all_names_without_actions,
                  aliases_come_and_go, set_changes_what_it_is_told,
                  setltime_may_end_a_context_at_once, setctime_goes_forward_to_now_at_most,
                  internal_contexts_are_not_changed, events_are_stored_line_by_line,
                  a_store_has_a_size, what_is_not_there_cannot_be_read,
                  trim_counts_from_creation_from_now_or_from_the_epoch)
