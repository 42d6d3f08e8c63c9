/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that include perl.h share: the interpreter, and conversions between Perl's scalars
 * and our values.  Only src/perl and src/surface include this. */
#ifndef SECANT_PERL_INSIDE_H
#define SECANT_PERL_INSIDE_H

#include "perl/interp.h"

#define PERL_NO_GET_CONTEXT
/* Perl calls an entry of its own stack "struct context"; in the engine that is a context. */
#define context perl_context
#include <EXTERN.h>
#include <perl.h>
#include <XSUB.h>
#undef context

/* The one interpreter of the process.  libperl calls us back through plain C functions, so there is
 * no other place to keep it. */
extern PerlInterpreter *perl_interpreter;

/* Opens a function that talks to Perl: the interpreter as the local that perl.h's names expect. */
#define dPERL dTHXa(perl_interpreter)

/* A counted handle is the scalar itself. */
static inline SV *perl_sv(struct perl_value *value)
{
    return (SV *)value;
}
static inline struct perl_value *perl_handle(SV *sv)
{
    return (struct perl_value *)sv;
}

/* Scalars that are kept for reuse keep no text longer than this, in bytes. */
enum { KEPT_TEXT_MAX = 65536 };

/* The scalar's string as bytes in the arena.  Characters up to 255 are one byte each; a string with
 * wider ones is given as UTF-8. */
struct bytes perl_sv_bytes(pTHX_ SV *sv, struct arena *arena);
/* The same without a copy: valid until the scalar changes or temporaries are freed. */
struct bytes perl_sv_view(pTHX_ SV *sv);
/* The scalar as an item; a reference is copied and counted for the caller. */
struct perl_item perl_sv_item(pTHX_ SV *sv, struct arena *arena);
/* A new scalar with the item's value, owned by the caller. */
SV *perl_item_sv(pTHX_ const struct perl_item *item);
/* A new number if the text is one, else a new string; owned by the caller. */
SV *perl_number_sv(pTHX_ struct bytes text);
/* Sets a plain scalar to this string. */
static inline void perl_set_text(pTHX_ SV *sv, struct bytes text)
{
    const U32 apart = SVf_IsCOW | SVf_OOK | SVf_UTF8 | SVf_READONLY | SVf_PROTECT | SVf_ROK;
    if (SvTYPE(sv) < SVt_PV || SvTYPE(sv) > SVt_PVNV || (SvFLAGS(sv) & apart) ||
        SvLEN(sv) <= text.len) {
        sv_setpvn(sv, text.ptr ? text.ptr : "", text.len);
        return;
    }
    Copy(text.ptr ? text.ptr : "", SvPVX(sv), text.len, char);
    SvPVX(sv)[text.len] = '\0';
    SvCUR_set(sv, text.len);
    SvPOK_only(sv);
}
static inline SV *perl_bytes_sv(pTHX_ struct bytes text)
{
    return newSVpvn(text.ptr ? text.ptr : "", text.len);
}

/* Around every entry into user code (perl_set_hooks). */
void perl_enter(void);
void perl_leave(void);

/* Calls one of boot.pl's own functions with one argument or two (NULL: none), in list context
 * and without the hooks, and leaves its values as temporaries on Perl's stack; returns their
 * count.  The caller has opened a scope (ENTER, SAVETMPS) and takes the values off. */
SSize_t perl_call_own(pTHX_ const char *function, SV *argument, SV *second);

/* Adds to @INC the folders that the installed perl has, but libperl has not. */
void perl_complete_inc(pTHX);

/* Intercepts operators for perl_on_outside.  To be called once, before any code is compiled. */
void perl_watch_outside(void);

/* If there is a source of time (perl/time.h), these replace the operators (to be called after
 * perl_watch_outside), set $^T (once DynaLoader is known), and replace functions of modules.
 * Without a source they do nothing. */
void perl_watch_time(void);
void perl_start_time(pTHX);
void perl_watch_modules(pTHX);
/* Is there a source, and is this the interpreter that sees it?  The functions below may only be
 * called if so. */
bool perl_time_is_given(pTHX);
int64_t perl_time_now(void);
void perl_time_pause(double seconds);
/* The alarm that user code has set: seconds until it is due, and in *interval until it is due
 * again; 0: never. */
double perl_time_alarm_left(double *interval);
void perl_time_alarm(double seconds, double interval);

/* look is called with the text of user code before it is compiled. */
void perl_on_compile(void (*look)(void *arg, struct bytes text), void *arg);

#endif
