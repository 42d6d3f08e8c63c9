/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bridge to the embedded Perl interpreter; the only place besides src/surface that includes
 * perl.h.  There is one interpreter per process, so its pointer stays inside (libperl forces it).
 *
 * User code runs in package main::SEC.  Perl values leave the bridge only as counted handles
 * (struct perl_value) or as copied text.  Errors are returned as text, never thrown.
 */
#ifndef SECANT_PERL_INTERP_H
#define SECANT_PERL_INTERP_H

#include "base/arena.h"
#include "base/bytes.h"

struct perl_value; /* a counted Perl scalar, hash or code reference */

/* Starts the interpreter, runs body(arg) inside an XSUB that perl_run calls (so that exit in
 * user code unwinds and END blocks run), destroys the interpreter; returns the exit status.
 * argv[0] becomes $0 and the rest @ARGV.  User code that assigns to $0 writes over the strings
 * of argv and makes all but argv[0] NULL.  It also returns in a child that user code has forked,
 * when that exits; what the program has open belongs to the parent then. */
int perl_run_main(int argc, char **argv, char **env, void (*body)(void *arg), void *arg);
/* Ends body as user code's exit(status) would. Does not return. */
_Noreturn void perl_exit(int status);

/* Can code still be run?  Not if the interpreter is gone or is destroying its objects. */
bool perl_alive(void);
/* A number that changes whenever Perl has compiled something: as long as it stays the same, no user
 * code has run but what was compiled before. */
uint64_t perl_compiled(void);
/* Called around every entry into user code; both may be NULL.  before brings main:: data up to
 * date; after takes over what user code changed there. */
void perl_set_hooks(void (*before)(void *arg), void (*after)(void *arg), void *arg);
/* Called before user code reaches out of the interpreter: reads or writes, looks at files, starts
 * processes, calls a function that is not Perl code. */
void perl_on_outside(void (*before)(void *arg), void *arg);
/* Flushes PerlIO's standard output, so that it keeps its order with ours.  Does nothing once the
 * interpreter is gone. */
void perl_flush_stdio(void);
/* Is there something in the buffer of that? */
bool perl_stdio_waits(void);
/* Makes Perl's STDOUT the default for print, and unbuffered: select(STDOUT); $| = 1. */
void perl_unbuffer_stdio(void);
/* Prints on Perl's STDOUT, unbuffered; once that has failed, further text stays in its buffer. */
void perl_print(struct bytes text);
/* Has a print or a flush of Perl's STDOUT failed? */
bool perl_print_failed(void);
/* The descriptor of Perl's STDOUT; -1 when user code has closed it. */
int perl_stdout_fileno(void);
/* Runs Perl-level signal handlers that are pending (after a wait that a signal ended, and now and
 * then: it costs one comparison when none is). */
void perl_dispatch_signals(void);
/* Has a signal come that no handler has seen?  Async-signal-safe. */
bool perl_signal_waits(void);
/* Has one come after the engine's end, when no handler sees it any more? */
bool perl_signal_late(void);
/* Has SIGTERM come since the start? */
bool perl_term_came(void);
/* wake is called in signal context, for every signal that Perl catches: it must be
 * async-signal-safe.  It ends a wait, so that perl_dispatch_signals gets its turn. */
void perl_on_signal(void (*wake)(void *arg), void *arg);

/* To be called while rules are read, with the number of the last line read, which Perl's messages
 * then name, as they do with SEC; 0 at the end. */
void perl_reading_line(size_t line);

void perl_retain(struct perl_value *value);
void perl_release(struct perl_value *value); /* NULL is allowed */
/* The value as a string, copied to the arena. */
struct bytes perl_text(struct perl_value *value, struct arena *arena);
/* From now on perl_text gives CODE(0x1), CODE(0x2) ... for references to code, in the order in
 * which they were asked for, instead of addresses, which differ from run to run. */
void perl_number_code(void);
bool perl_true(struct perl_value *value);
bool perl_is_code(struct perl_value *value);

enum perl_kind { PERL_UNDEF, PERL_TEXT, PERL_NUMBER, PERL_VALUE };

/* A scalar on its way in or out. */
struct perl_item {
    enum perl_kind kind;
    struct bytes text;        /* PERL_TEXT, and also PERL_NUMBER; out: in the call's arena;
                                 PERL_VALUE out: its stringification */
    struct perl_value *value; /* PERL_VALUE: a reference (hash, array, code, object);
                                 out: counted for the caller */
};

struct perl_list {
    size_t count;
    struct perl_item *items; /* in the call's arena */
};
void perl_list_release(struct perl_list *list); /* releases the PERL_VALUE items */

/* Evaluates text in scalar context, as upstream's call_eval does, and expects a code reference.
 * Returns false with what upstream puts after its message in *error: $@ without its newline, or the
 * string that came instead of a code reference, or "undef". */
bool perl_compile(struct bytes text, struct perl_value **code, struct buf *error);
/* A bare word or symbol table entry is never looked up: text is always code. */
bool perl_eval_true(struct bytes text, bool *truth, struct buf *error); /* scalar context */
bool perl_eval_list(struct bytes text, struct arena *arena, struct perl_list *result,
                    struct buf *error); /* list context */

enum perl_want { PERL_SCALAR, PERL_LIST };
/* Calls code with copies of the arguments.  Returns false if it died; *error is then $@ as it is,
 * with its newline. */
bool perl_call(struct perl_value *code, const struct perl_item *args, size_t count,
               enum perl_want want, struct arena *arena, struct perl_list *result,
               struct buf *error);
/* The same in scalar context; *truth is whether it returned a true value. */
bool perl_call_true(struct perl_value *code, const struct perl_item *args, size_t count,
                    bool *truth, struct buf *error);

/* Regular expressions by Perl's own engine, compiled as qr/$text/ in package main. */
struct perl_regex;
/* Returns false with $@ as it is in *error. */
bool perl_regex_compile(struct bytes text, struct perl_regex **regex, struct buf *error);
void perl_regex_free(struct perl_regex *regex); /* NULL is allowed */
size_t perl_regex_groups(const struct perl_regex *regex);
/* How many spans a match has: one for the whole, one for each group, and, where Perl has more than
 * one place for a group of (?|...), further ones for named groups. */
size_t perl_regex_spans(const struct perl_regex *regex);
/* Named groups: the name of this index and the numbers of its spans, leftmost first.  Returns false
 * after the last name. */
bool perl_regex_name(const struct perl_regex *regex, size_t index, struct bytes *name,
                     const int32_t **groups, size_t *count);
/* Matches against a byte string.  offsets: room for 2 * spans entries, start and end of each; a
 * group that took no part gets -1, -1. */
bool perl_regex_match(struct perl_regex *regex, struct bytes subject, ptrdiff_t *offsets);
/* The stringified form, "(?^:...)", for dumps and descriptions; lives as long as the regex. */
struct bytes perl_regex_text(const struct perl_regex *regex);

/* A reference to a new array of copies of the items, counted for the caller. */
struct perl_value *perl_array_new(const struct perl_item *items, size_t count);

/* Hashes, for match variables that live in Perl: references, the new
 * ones counted for the caller. */
struct perl_value *perl_hash_new(void);
struct perl_value *perl_hash_copy(struct perl_value *hash); /* { %$hash } */
bool perl_hash_is_plain(struct perl_value *hash);           /* neither locked nor tied */
bool perl_is_hash(struct perl_value *value);                /* an unblessed hash reference */
/* Stores a copy of the item; nothing happens where user code has tied or locked the hash. */
void perl_hash_store(struct perl_value *hash, struct bytes key, const struct perl_item *item);
/* Returns false if the value is not there or undef; otherwise its string in the arena. */
bool perl_hash_text(struct perl_value *hash, struct bytes key, struct arena *arena,
                    struct bytes *text);
size_t perl_hash_count(struct perl_value *hash);
/* A key whose hash value is computed once; the name is owned by the caller. */
struct perl_hash_key {
    struct bytes name;
    uint32_t hash;
};
struct perl_hash_key perl_hash_key(struct bytes name);
bool perl_hash_key_text(struct perl_value *hash, const struct perl_hash_key *key,
                        struct arena *arena, struct bytes *text); /* as perl_hash_text */
/* All keys, sorted bytewise, in the arena. */
size_t perl_hash_keys(struct perl_value *hash, struct arena *arena, struct bytes **keys);

/* For hashes that are made again and again with the same keys, which are copied. */
struct perl_form;
struct perl_form *perl_form_new(const struct bytes *keys, size_t count);
void perl_form_free(struct perl_form *shape);
/* A reference to a hash with these values, one for each key, to be given back with
 * perl_form_give_back, not perl_release. */
struct perl_value *perl_form_fill(struct perl_form *shape, const struct perl_item *items);
void perl_form_give_back(struct perl_form *shape, struct perl_value *hash);

#endif
