/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The surface: what user Perl sees of the engine, and what becomes of its changes.  Each test has
 * an engine of its own; all run inside one interpreter, as the program does. */
#include "unit.h"

#include <malloc.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/options.h"
#include "correlate/correlate.h"
#include "engine/engine.h"
#include "lang/parser.h"
#include "surface/surface.h"

static struct engine *engine;
static struct rule_file file;
static struct rule rule;
static struct rule_state rule_state;
static char log_path[] = "/tmp/check_surface.XXXXXX";

static void fresh(void)
{
    static char name[] = "secant", buffer[] = "--bufsize=3", separate[] = "--nojointbuf";
    static char *arguments[] = {name, buffer, separate, NULL};
    engine = engine_new(options_read(3, arguments), clock_wall(), NULL);
    close(mkstemp(log_path));
    log_open_file(engine->log, log_path);
    log_set_level(engine->log, LOG_NOTE);
    surface_start(engine);
    engine_prepare(engine);
    engine_fit_windows(engine);
    arena_init(&file.arena);
    file.refs = 1;
    file.name = B("rules.sec");
    rule = (struct rule){.file = &file, .type = rule_types[0], .id = 4};
    rule_state = (struct rule_state){.rule = &rule, .of = file_state_new(&file)};
}

static void done(void)
{
    struct options *options = engine->options;
    unlink(log_path);
    engine_free(engine);
    file_state_release(rule_state.of);
    table_free(&rule_state.operations);
    options_free(options);
}

/* The only value of the code, as a C string. */
static const char *perl(const char *code)
{
    struct perl_list list;
    struct buf error = {0};
    bool ok = perl_eval_list(bytes_of(code), &engine->line.arena, &list, &error);
    ck_assert_msg(ok, "%s: %.*s", code, (int)error.len, error.ptr);
    ck_assert_uint_eq(list.count, 1);
    return arena_bytes(&engine->line.arena, list.items[0].text).ptr;
}

#define ck_perl(code, text) ck_assert_str_eq(perl(code), text)

/* Actions as a rule file has them. */
static struct action_list *parsed(const char *text)
{
    struct parser parser = {.env = &engine->rules.parse_env,
                            .file = &file,
                            .diag = {.env = &engine->rules.parse_env, .file = &file, .line = 1},
                            .rule = &rule};
    struct action_list *list = parse_actions(&parser, bytes_of(text), 0);
    ck_assert_msg(list != NULL, "%s", text);
    return list;
}

static void run(const struct action_list *list)
{
    struct scope scope = {.text = B("the event"), .keys = &rule.keys};
    actions_run(engine, list, &scope);
}

static void act(const char *text)
{
    run(parsed(text));
}

static struct context *context(const char *name)
{
    return contexts_find(engine->state.contexts, bytes_of(name));
}

static struct bytes stored(const char *name)
{
    return context_text(engine, context(name));
}

static struct bytes variable(const char *name)
{
    return buf_bytes(
        &variables_get(engine->state.variables, names_id(engine->rules.names, bytes_of(name)))
             ->text);
}

static struct bytes logged(void)
{
    static struct buf text;
    char piece[4096];
    log_flush(engine->log);
    buf_clear(&text);
    FILE *in = fopen(log_path, "rb");
    for (size_t n; (n = fread(piece, 1, sizeof(piece), in)) > 0;)
        buf_add(&text, bytes_make(piece, n));
    fclose(in);
    return buf_bytes(&text);
}

START_TEST(nothing_is_there_until_code_names_it)
{
    act("create A");
    ck_perl("exists $main::{\"context_\" . \"list\"} ? 1 : 0", "0");
    ck_perl("join ' ', sort keys %main::context_list", "A");
}
END_TEST

START_TEST(a_context_has_secs_keys)
{
    act("create A 60 (write - over %s; event 5 x); add A one; alias A B");
    ck_perl("join ' ', sort keys %{$main::context_list{A}}",
            "Action Aliases Buffer Desc InitTime Time Times Window");
    ck_perl("my $c = $main::context_list{B}; join '|', $c->{Window}, $c->{Desc}, @{$c->{Buffer}}, "
            "sort keys %{$c->{Aliases}}",
            "60|the event|one|A|B");
    ck_perl("join '|', @{$main::context_list{A}{Action}}", "2|-|over %s|45|5|x");
    ck_perl("$main::context_list{A} == $main::context_list{B} ? 'one' : 'two'", "one");
    ck_perl("time - $main::context_list{A}{Time} < 60 ? 'now' : 'then'", "now");
}
END_TEST

START_TEST(changes_of_fields_and_events_are_taken)
{
    act("create A 60; add A one; add A two");
    ck_perl("push @{$main::context_list{A}{Buffer}}, 'three'; "
            "push @{$main::context_list{A}{Times}}, 5; 1",
            "1");
    ck_bytes_eq(stored("A"), B("one\ntwo\nthree"));
    ck_assert_int_eq(context_event(context("A"), 2)->time, 5);
    ck_perl("for my $c (values %main::context_list) { $c->{Buffer}[0] = 'ONE'; $c->{Window} = 7; "
            "$c->{Time} -= 100; $c->{Desc} = 'changed' } 1",
            "1");
    ck_bytes_eq(stored("A"), B("ONE\ntwo\nthree"));
    ck_assert_int_eq(context("A")->window, 7);
    ck_bytes_eq(context("A")->desc, B("changed"));
    ck_assert(!contexts_valid(engine, B("A")));
    ck_perl("exists $main::context_list{A} ? 1 : 0", "0");
}
END_TEST

START_TEST(contexts_come_and_go_from_perl)
{
    act("create A 60; create B; alias B C");
    ck_perl("$main::context_list{N} = { Time => time, Window => 5, Buffer => ['x', 'y'], "
            "Times => [1, 2], Action => [], Desc => 'made', Aliases => { N => 1 } }; "
            "$main::context_list{M} = $main::context_list{N}; delete $main::context_list{A}; 1",
            "1");
    ck_assert_ptr_null(context("A"));
    ck_assert_ptr_eq(context("N"), context("M"));
    ck_assert_uint_eq(context("N")->name_count, 2);
    ck_bytes_eq(stored("M"), B("x\ny"));
    ck_perl("%main::context_list = (); 1", "1");
    ck_assert_ptr_null(contexts_first(engine->state.contexts));
}
END_TEST

START_TEST(a_renamed_context_is_the_same)
{
    act("create A; add A event; create X");
    struct context *before = context("A");
    ck_perl("$main::context_list{B} = delete $main::context_list{A}; 1", "1");
    ck_assert_ptr_eq(context("B"), before);
    ck_perl("@main::context_list{qw(B X)} = @main::context_list{qw(X B)}; 1", "1");
    ck_bytes_eq(stored("X"), B("event"));
    ck_assert_uint_eq(context("B")->event_count, 0);
}
END_TEST

START_TEST(a_reference_that_code_holds_stays_valid)
{
    act("create A; add A one");
    perl("$held = $main::context_list{A}; $buffer = $held->{Buffer}; 1");
    act("add A two");
    ck_perl("join ' ', @$buffer", "one two");
    ck_perl("push @$buffer, 'three'; 1", "1");
    ck_bytes_eq(stored("A"), B("one\ntwo\nthree"));
    ck_perl("$held->{Window} = 9; undef $held; undef $buffer; 1", "1");
    ck_assert_int_eq(context("A")->window, 9);
}
END_TEST

static const char *const save_and_clear[] = {
    "use Storable; $saved = Storable::freeze(\\%main::context_list); %main::context_list = (); 1",
    "$saved = JSON::PP->new->encode(\\%main::context_list); %main::context_list = (); 1",
};
static const char *const restore[] = {
    "%main::context_list = %{Storable::thaw($saved)}; 1",
    "%main::context_list = %{JSON::PP->new->decode($saved)}; 1",
};

START_TEST(all_contexts_survive_saving)
{
    act("assign %v value; create A 60 (assign %got %s and %v; "
        "if %got ( event in ) else ( reset +1 x; reset ); create INNER 5 ( none )); "
        "add A one; create EMPTY");
    perl(save_and_clear[_i]);
    ck_assert_ptr_null(context("A"));
    perl(restore[_i]);
    ck_bytes_eq(stored("A"), B("one"));
    ck_assert_ptr_null(context("EMPTY")->action);
    ck_perl("JSON::PP->new->encode($main::context_list{A}{Action})",
            "[51,\"got\",\"%s and %v\",100,\"got\",[45,0,\"in\"],[48,\"rules.sec\",5,\"x\",48,"
            "\"rules.sec\",\"\",\"%s\"],22,\"INNER\",\"5\",[0]]");
    act("obsolete A");
    ck_bytes_eq(variable("got"), B("the event and value"));
    ck_assert_ptr_nonnull(context("INNER"));
    ck_assert_uint_eq(events_count(engine->state.events), 1);
}
END_TEST

START_TEST(an_action_list_with_faults_is_cut_off)
{
    ck_perl("my @a = (51, 'x', '1'); push @a, 22, 'N', 0, \\@a; push @a, 4711; "
            "$main::context_list{A} = { Action => \\@a }; 1",
            "1");
    ck_assert_uint_eq(context("A")->action->count, 2);
    ck_assert(bytes_find(logged(), B("element 7 is not an action"), 0) >= 0);
    perl("@{$main::context_list{A}{Action}} = (); 1");
    ck_assert_ptr_null(context("A")->action);
}
END_TEST

START_TEST(the_end_of_a_context_is_seen_under_this)
{
    act("create A 60 (eval %keys (join ' ', sort keys %%main::context_list); "
        "eval %flag ($main::context_list{_THIS}{DeleteInProgress}); delete A); obsolete A");
    ck_bytes_eq(variable("keys"), B("A _THIS"));
    ck_bytes_eq(variable("flag"), B("1"));
    ck_assert_ptr_null(context("A"));
    ck_perl("join ' ', keys %main::context_list, 'end'", "end");
}
END_TEST

START_TEST(data_of_code_in_files_is_found_late)
{
    act("create A");
    ck_perl("my $name = 'main::context' . '_list'; "
            "eval 'sub late { $' . $name . '{B} = { Window => 5 } }'; late(); 1",
            "1");
    ck_assert_int_eq(context("B")->window, 5);
    ck_assert_ptr_nonnull(context("A"));
    ck_perl("my $n = 'main::context' . '_list'; eval \"join ' ', sort keys %$n\"", "A B");
}
END_TEST

START_TEST(variables_go_both_ways)
{
    act("assign %t1 text; eval %n 42; eval %c (sub { \"called @_\" }); eval %u (undef)");
    ck_perl("join '|', $main::variables{t1}, $main::variables{n} + 1, ref $main::variables{c}",
            "text|43|CODE");
    perl("$main::variables{t1} = 'new'; $main::variables{added} = 5; delete $main::variables{n}; "
         "$main::variables{code} = sub { \"code @_\" }; 1");
    ck_bytes_eq(variable("t1"), B("new"));
    ck_bytes_eq(variable("added"), B("5"));
    act("assign %gone %n; call %r %code 1");
    ck_bytes_eq(variable("gone"), B(""));
    ck_bytes_eq(variable("r"), B("code 1"));
    perl("$ref = \\$main::variables{t1}; 1");
    act("assign %t1 again");
    ck_perl("$$ref", "again");
    ck_perl("$$ref = 'by reference'; exists $main::variables{n} ? 1 : 0", "0");
    ck_bytes_eq(variable("t1"), B("by reference"));
}
END_TEST

START_TEST(the_cache_is_live)
{
    struct match_vars vars = {.kind = VARS_GROUPS, .line = B("line"), .inputsrc = B("in")};
    cache_store(engine->state.cache, B("ENTRY"), &vars);
    ck_perl("join ' ', map { \"$_=\" . ($main::pmatch_cache{ENTRY}{$_} // '') } "
            "sort keys %{$main::pmatch_cache{ENTRY}}",
            "0=line _inputsrc=in _intcontext=");
    perl("$main::pmatch_cache{ENTRY}{k} = 'v'; $main::pmatch_cache{NEW} = { z => 1 }; 1");
    const struct cache_entry *entry = cache_find(engine->state.cache, B("ENTRY"));
    ck_bytes_eq(vars_name(&entry->vars, B("k"), &engine->line.arena).text, B("v"));
    ck_assert_ptr_nonnull(cache_find(engine->state.cache, B("NEW")));
    perl("delete $main::pmatch_cache{ENTRY}; 1");
    ck_assert_ptr_null(cache_find(engine->state.cache, B("ENTRY")));
    cache_clear(engine->state.cache);
    ck_perl("scalar keys %main::pmatch_cache", "0");
}
END_TEST

START_TEST(events_are_made_and_changed)
{
    events_push(engine->state.events, B("first"), B("C"));
    events_schedule(engine->state.events, INT64_C(1) << 40, B("later"), B("L"));
    ck_perl("join ' ', @main::events, map { @$_[1, 2] } @main::pending_events", "first C later L");
    perl("push @main::events, 'second', 'D'; push @main::pending_events, [7, 'soon', 'S']; 1");
    ck_assert_uint_eq(events_count(engine->state.events), 2);
    ck_bytes_eq(events_at(engine->state.events, 1)->text, B("second"));
    ck_assert_int_eq(events_next_due(engine->state.events) <= 7, 1);
    perl("splice @main::events, 0, 2; @main::pending_events = (); 1");
    ck_bytes_eq(events_at(engine->state.events, 0)->context, B("D"));
    ck_assert_uint_eq(events_count(engine->state.events), 1);
    ck_assert_uint_eq(events_pending_count(engine->state.events), 0);
}
END_TEST

/* All events of the engine, as the code below joins them. */
static struct bytes waiting_events(void)
{
    static struct buf text;
    buf_clear(&text);
    for (size_t i = 0; i < events_count(engine->state.events); i++)
        buf_cat(&text, events_at(engine->state.events, i)->text, B(","),
                events_at(engine->state.events, i)->context, B(" "));
    buf_add(&text, B("|"));
    for (size_t i = 0; i < events_pending_count(engine->state.events); i++) {
        const struct event *event = events_pending_at(engine->state.events, i);
        buf_cat(&text, B(" "), NUM(event->due), B(","), event->text, B(","), event->context);
    }
    return buf_bytes(&text);
}

#define JOINED_EVENTS                                                                              \
    "my $text = ''; for (my $i = 0; $i < @main::events; $i += 2) "                                 \
    "{ $text .= join(',', @main::events[$i, $i + 1]) . ' ' } "                                     \
    "join ' ', \"$text|\", map { join ',', @$_ } @main::pending_events"

static const char *const changes_of_events[] = {
    "1",
    "$main::events[0] = 'X'",
    "$main::events[2] =~ s/b/B/",
    "$_ .= '!' for @main::events",
    "substr($main::events[4], 0, 1) = 'long text'",
    "substr($main::events[4], 0, 1, 'Y')",
    "chop $main::events[0]",
    "push @main::events, 'd', 'D'",
    "unshift @main::events, 'd', 'D'",
    "splice @main::events, 2, 2",
    "splice @main::events, 2, 2, 'd', 'D'",
    "splice @main::events, 2, 0, 'd', 'D'",
    "shift @main::events; shift @main::events",
    "pop @main::events; pop @main::events",
    "$#main::events = 1",
    "@main::events = reverse @main::events",
    "@main::events = sort { $b cmp $a } @main::events",
    "@main::events[0, 2] = @main::events[2, 0]",
    "($main::events[0], $main::events[2]) = @main::events[2, 0]",
    "@main::events = ()",
    "undef @main::events",
    "@main::events = ('d', 'D')",
    "@main::events = ('d', 'D', 'e', 'E', 'f', 'F')",
    "my $all = \\@main::events; $all->[0] = 'X'",
    "sub { $_[0] = 'X' }->(@main::events)",
    "*main::events = ['d', 'D', 'e', 'E', 'f', 'F']",
    "@main::events[3, 4] = ('X', 'Y')",
    "$_ = 'X' for $main::events[5]",
    "{ local $main::events[0] = 'X' }",
    "$main::pending_events[0][1] = 'X'",
    "$main::pending_events[0][0] += 5",
    "$_->[2] .= '!' for @main::pending_events",
    "push @main::pending_events, [ 2e9, 'x', 'X' ]",
    "unshift @main::pending_events, [ 2e9, 'x', 'X' ]",
    "shift @main::pending_events",
    "$main::pending_events[1] = [ 2e9, 'x', 'X' ]",
    "@{$main::pending_events[0]} = (2e9, 'x', 'X')",
    "splice @{$main::pending_events[0]}, 1, 1, 'x'",
    "@main::pending_events = reverse @main::pending_events",
    "@main::pending_events = grep { $_->[1] ne 'p' } @main::pending_events",
};

START_TEST(any_change_of_events_is_seen)
{
    for (size_t i = 0; i < sizeof(changes_of_events) / sizeof(*changes_of_events); i++) {
        const char *change = changes_of_events[i];
        perl("@main::events = qw(a A b B c C); "
             "@main::pending_events = ([ 2100000000, 'p', 'P' ], [ 2100000001, 'q', 'Q' ]); 1");
        perl("@main::events + @main::pending_events");
        struct buf code = {0};
        buf_cat(&code, bytes_of(change), B("; " JOINED_EVENTS), B("\0"));
        const char *seen = perl(code.ptr);
        ck_assert_msg(bytes_eq(waiting_events(), bytes_of(seen)), "%s: %s, taken: %.*s", change,
                      seen, (int)waiting_events().len, waiting_events().ptr);
        ck_perl(JOINED_EVENTS, seen);
        buf_free(&code);
    }
}
END_TEST

START_TEST(what_is_kept_of_events_is_watched)
{
    perl("@main::events = qw(a A b B); @main::pending_events = ([ 2100000000, 'p', 'P' ]); 1");
    perl("$main::text = \\$main::events[2]; $main::entry = $main::pending_events[0]; 1");
    perl("${$main::text} = 'X'; $main::entry->[1] = 'Y'; 1");
    ck_bytes_eq(waiting_events(), B("a,A X,B | 2100000000,Y,P"));
}
END_TEST

START_TEST(the_array_of_events_moves_with_the_queue)
{
    struct bytes text, context;
    perl("@main::events = qw(a A b B); 1");
    perl("$main::text = \\$main::events[2]; 1");
    events_pop(engine->state.events, &engine->line.arena, &text, &context);
    events_push(engine->state.events, B("c"), B("C"));
    ck_perl("join ' ', @main::events, $main::text == \\$main::events[0] ? 'moved' : 'copied'",
            "b B c C moved");
    events_clear(engine->state.events);
    events_push(engine->state.events, B("d"), B("D"));
    ck_perl("join ' ', @main::events", "d D");
}
END_TEST

/* Up to Perl 5.36 (at least), an array that has lost elements at both ends gets places without a
 * value when it is made longer by many. */
START_TEST(an_array_that_was_cut_at_both_ends_grows_again)
{
    static const char cut[] =
        "@main::events = ('x') x 20; shift @main::events for 1 .. 6; $#main::events -= 10; "
        "scalar @main::events";
    char want[20];
    mallopt(M_PERTURB, 0x5a); /* memory is never zero by luck */
    for (int more = 1; more <= 30; more++) {
        ck_perl(cut, "4");
        for (int i = 0; i < more; i++)
            events_push(engine->state.events, B("x"), B("y"));
        snprintf(want, sizeof(want), "%d", 4 + 2 * more);
        ck_perl("scalar(() = grep { defined && /^[xy]$/ } @main::events)", want);
    }
    mallopt(M_PERTURB, 0);
}
END_TEST

START_TEST(events_that_wait_cost_nothing)
{
    perl("@main::events = (1..40000); push @main::pending_events, [ 2100000000, $_, '' ] "
         "for 1..20000; sub waiting { @main::events + @main::pending_events } 1");
    perl("waiting()");
    clock_t start = clock();
    for (int i = 0; i < 1000; i++) {
        struct bytes text, context;
        events_pop(engine->state.events, &engine->line.arena, &text, &context);
        events_schedule(engine->state.events, INT64_C(1) << 32, text, context);
        perl("waiting()");
        arena_reset(&engine->line.arena);
    }
    ck_assert_int_lt(clock() - start, CLOCKS_PER_SEC / 2);
    ck_perl("waiting() . \" $main::events[0] $main::pending_events[-1][1]\"", "59000 2001 1999");
}
END_TEST

START_TEST(operations_are_shown_and_can_be_ended)
{
    operations_start(engine, &rule_state, B("one"), engine_now(engine), 60, NULL);
    operations_start(engine, &rule_state, B("two"), engine_now(engine), 60, NULL);
    ck_perl("join ' | ', sort keys %main::corr_list", "rules.sec | 4 | one | rules.sec | 4 | two");
    ck_perl("my $o = $main::corr_list{'rules.sec | 4 | two'}; "
            "join ' ', @$o{qw(File ID Desc Window)}",
            "rules.sec 4 two 60");
    perl("delete $main::corr_list{'rules.sec | 4 | one'}; 1");
    ck_assert_ptr_null(operations_find(&rule_state, B("one")));
    ck_assert_uint_eq(operations_count(engine->state.operations), 1);
    perl("%main::corr_list = (); 1");
    ck_assert_uint_eq(operations_count(engine->state.operations), 0);
}
END_TEST

START_TEST(windows_can_be_read_and_changed)
{
    window_push(engine->windows.all, B("one"), B("a.log"));
    window_push(engine->windows.all, B("two"), (struct bytes){0});
    ck_perl("join '|', @main::input_buffer, $main::bufpos, $main::bufsize", "one|two||1|3");
    ck_perl("join '|', map { $_ // 'undef' } @main::input_sources", "a.log|undef|");
    perl("$main::input_buffer[0] = 'ONE'; $main::bufpos = 0; 1");
    ck_bytes_eq(window_line(engine->windows.all, 0), B("ONE"));
    ck_perl("join '|', sort keys %main::event_buffer", "BufPos|Events");
    perl("$main::event_buffer{Events}[2] = 'x'; 1");
    ck_bytes_eq(window_line(engine->windows.synthetic, 0), B("x"));
}
END_TEST

START_TEST(options_can_be_read_and_some_changed)
{
    ck_perl("join ' ', $main::debuglevel, $main::bufsize, $main::tail, $main::cleantime",
            "4 3 1 1");
    ck_perl("$main::SEC_VERSION =~ /^SEC \\(Simple Event Correlator\\) 2/ ? 1 : 0", "1");
    ck_perl("defined $main::intcontextname || defined $main::logfile ? 1 : 0", "0");
    perl("$main::debuglevel = 6; $main::evstoresize = 10; 1");
    ck_assert_int_eq(log_level(engine->log), 6);
    ck_assert_int_eq(engine->options->evstoresize, 10);
}
END_TEST

START_TEST(user_code_can_log)
{
    perl("main::log_msg(main::LOG_ERR, 'from', 'Perl', \"\\xe4\"); "
         "main::log_msg(main::LOG_DEBUG, 'quiet'); 1");
    ck_assert(bytes_find(logged(), B(": from Perl \xe4\n"), 0) >= 0);
    ck_assert(bytes_find(logged(), B("quiet"), 0) < 0);
}
END_TEST

START_TEST(signals_reach_the_engine)
{
    surface_signals(true);
    ck_assert(!surface_signals_pending(engine));
    raise(SIGUSR2);
    raise(SIGINT);
    ck_assert(surface_signals_pending(engine));
    ck_assert(engine->run.signals.openlog && !engine->run.signals.refresh);
    ck_assert_int_eq(engine->run.signals.debuglevelinc, 1);
    surface_signals_done(engine);
    ck_assert(!surface_signals_pending(engine));
    ck_perl("$main::openlog + $main::debuglevelinc + $main::sigreceived", "0");
    perl("main::abrt_handler(); 1");
    ck_assert(surface_signals_pending(engine) && engine->run.signals.softrefresh);
}
END_TEST

START_TEST(a_signal_that_comes_while_another_is_handled_stays)
{
    surface_signals(true);
    raise(SIGHUP);
    ck_assert(surface_signals_pending(engine));
    raise(SIGTERM);
    perl_dispatch_signals();
    surface_signals_done(engine);
    ck_assert(surface_terminate_requested(engine));
    ck_assert(surface_signals_pending(engine));
    ck_assert(engine->run.signals.terminate && !engine->run.signals.refresh);
}
END_TEST

/* Of each flag the last value stays, as a tied scalar keeps it. */
START_TEST(what_a_tied_flag_returns_is_not_kept)
{
    perl("package Flag; sub TIESCALAR { bless {} } sub STORE { } "
         "sub FETCH { $main::SEC::made++; bless [], 'Value' } "
         "package Value; sub DESTROY { $main::SEC::gone++ } "
         "package main::SEC; tie($_, 'Flag') "
         "for $main::sigreceived, $main::softrefresh, $main::debuglevelinc; 1");
    for (int i = 0; i < 10; i++) {
        ck_assert(surface_wait_over(engine));
        ck_assert(!surface_terminate_requested(engine));
        ck_assert(surface_signals_pending(engine) && engine->run.signals.softrefresh);
        surface_signals_done(engine);
    }
    ck_perl("$main::SEC::made >= 50", "1");
    ck_perl("$main::SEC::made - $main::SEC::gone <= 3", "1");
}
END_TEST

START_TEST(emulated_signals_are_seen_by_user_code)
{
    engine->run.signals.received = engine->run.signals.dumpdata = true;
    ck_perl("$main::dumpdata . $main::sigreceived", "11");
    ck_assert(surface_signals_pending(engine) && engine->run.signals.dumpdata);
}
END_TEST

START_TEST(changes_both_ways_leak_nothing)
{
    size_t before = 0;
    const struct action_list *make = parsed("create A 60 (logonly x); add A event; assign %v 1");
    const struct action_list *delete = parsed("delete A");
    perl("sub round { my $c = $main::context_list{A}; push @{$c->{Buffer}}, 'x'; shift "
         "@{$c->{Buffer}}; @{$c->{Action}} = (1, 'x'); $main::context_list{B} = { Window => 5 }; "
         "delete $main::context_list{B}; $main::variables{v}++; push @main::events, 'e', 'C'; "
         "$main::pmatch_cache{E} = {}; $main::input_buffer[0] = 'x'; "
         "scalar keys %main::corr_list } 1");
    for (int i = 0; i < 3000; i++) {
        run(make);
        perl("round()");
        run(delete);
        events_clear(engine->state.events);
        cache_clear(engine->state.cache);
        arena_reset(&engine->line.arena);
        if (i == 1000)
            before = mallinfo2().uordblks;
    }
    ck_assert_uint_lt(mallinfo2().uordblks, before + 65536);
}
END_TEST

static void run_in_perl(void *status)
{
    Suite *suite = suite_create("surface");
    TCase *tests = tcase_create("surface");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, fresh, done);
    tcase_add_test(tests, nothing_is_there_until_code_names_it);
    tcase_add_test(tests, a_context_has_secs_keys);
    tcase_add_test(tests, changes_of_fields_and_events_are_taken);
    tcase_add_test(tests, contexts_come_and_go_from_perl);
    tcase_add_test(tests, a_renamed_context_is_the_same);
    tcase_add_test(tests, a_reference_that_code_holds_stays_valid);
    tcase_add_loop_test(tests, all_contexts_survive_saving, 0, 2);
    tcase_add_test(tests, an_action_list_with_faults_is_cut_off);
    tcase_add_test(tests, the_end_of_a_context_is_seen_under_this);
    tcase_add_test(tests, data_of_code_in_files_is_found_late);
    tcase_add_test(tests, variables_go_both_ways);
    tcase_add_test(tests, the_cache_is_live);
    tcase_add_test(tests, events_are_made_and_changed);
    tcase_add_test(tests, any_change_of_events_is_seen);
    tcase_add_test(tests, what_is_kept_of_events_is_watched);
    tcase_add_test(tests, the_array_of_events_moves_with_the_queue);
    tcase_add_test(tests, an_array_that_was_cut_at_both_ends_grows_again);
    tcase_add_test(tests, events_that_wait_cost_nothing);
    tcase_add_test(tests, operations_are_shown_and_can_be_ended);
    tcase_add_test(tests, windows_can_be_read_and_changed);
    tcase_add_test(tests, options_can_be_read_and_some_changed);
    tcase_add_test(tests, user_code_can_log);
    tcase_add_test(tests, signals_reach_the_engine);
    tcase_add_test(tests, a_signal_that_comes_while_another_is_handled_stays);
    tcase_add_test(tests, what_a_tied_flag_returns_is_not_kept);
    tcase_add_test(tests, emulated_signals_are_seen_by_user_code);
    tcase_add_test(tests, changes_both_ways_leak_nothing);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    *(int *)status = srunner_ntests_failed(runner) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    srunner_free(runner);
}

int main(int argc, char **argv, char **env)
{
    int status = EXIT_FAILURE;
    perl_run_main(argc, argv, env, run_in_perl, &status);
    return status;
}
