/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Into user code and back: one function for all calls, and evaluation on top of it.
 *
 * Every call opens a scope, sets up the stack, calls with G_EVAL, copies values and error, and
 * closes the scope, on the error path too, so that a main loop that never returns to Perl does not
 * collect temporaries.
 */
#include "perl/inside.h"

#include "perl/release.h"

static struct {
    void (*look)(void *arg, struct bytes text);
    void *arg;
} on_compile;

void perl_on_compile(void (*look)(void *arg, struct bytes text), void *arg)
{
    on_compile.look = look;
    on_compile.arg = arg;
}

/* Scalars that carry arguments, texts and references. A call takes the next ones and gives them
 * back; one that the callee kept a hold of is left to it. They live as long as the interpreter,
 * hence are static. Without them a line that a PerlFunc pattern, a context and an lcall look at
 * takes 7 % more instructions; one whose match a context and an lcall get by reference, 4 %. */
enum { POOL_SIZE = 16 };
static struct pool {
    SV *sv[POOL_SIZE];
    size_t used;
} texts, references;

static SV *text_argument(pTHX_ struct bytes text)
{
    SV **slot = &texts.sv[texts.used++];
    if (*slot)
        perl_set_text(aTHX_ * slot, text);
    else
        *slot = perl_bytes_sv(aTHX_ text);
    return *slot;
}

static SV *reference_argument(pTHX_ SV *reference)
{
    SV **slot = &references.sv[references.used++];
    if (!*slot) {
        *slot = newSVsv(reference);
        return *slot;
    }
    SvRV_set(*slot, SvREFCNT_inc_simple_NN(SvRV(reference)));
    SvROK_on(*slot);
    return *slot;
}

static bool is_free_text(const SV *sv)
{
    return SvREFCNT(sv) == 1 && SvTYPE(sv) >= SVt_PV && SvTYPE(sv) <= SVt_PVNV &&
           SvLEN(sv) <= KEPT_TEXT_MAX &&
           !(SvFLAGS(sv) & (SVf_ROK | SVf_READONLY | SVf_PROTECT | SVf_UTF8));
}

/* A plain reference, as it was passed; what it refers to is let go. */
static bool is_free_reference(pTHX_ SV *sv)
{
    if (SvREFCNT(sv) != 1 || SvTYPE(sv) != SVt_IV ||
        (SvFLAGS(sv) & (SVf_ROK | SVf_READONLY | SVf_PROTECT)) != SVf_ROK || SvWEAKREF(sv))
        return false;
    SV *referred = SvRV(sv);
    SvRV_set(sv, NULL);
    SvFLAGS(sv) &= ~(U32)SVf_ROK;
    SvREFCNT_dec_NN(referred);
    return true;
}

static void give_arguments_back(pTHX_ size_t text_count, size_t reference_count)
{
    while (texts.used > text_count) {
        SV **slot = &texts.sv[--texts.used];
        if (!is_free_text(*slot)) {
            SvREFCNT_dec_NN(*slot);
            *slot = NULL;
        }
    }
    while (references.used > reference_count) {
        SV **slot = &references.sv[--references.used];
        if (!is_free_reference(aTHX_ * slot)) {
            SvREFCNT_dec_NN(*slot);
            *slot = NULL;
        }
    }
}

static SV *argument_sv(pTHX_ const struct perl_item *item)
{
    if (item->kind == PERL_TEXT && texts.used < POOL_SIZE)
        return text_argument(aTHX_ item->text);
    if (item->kind == PERL_VALUE && references.used < POOL_SIZE && SvROK(perl_sv(item->value)))
        return reference_argument(aTHX_ perl_sv(item->value));
    return sv_2mortal(perl_item_sv(aTHX_ item));
}

static void push_arguments(pTHX_ const struct perl_item *args, size_t count)
{
    dSP;
    PUSHMARK(SP);
    EXTEND(SP, (SSize_t)count);
    for (size_t i = 0; i < count; i++)
        PUSHs(argument_sv(aTHX_ args + i));
    PUTBACK;
}

/* Takes the values off the stack. */
static void take_result(pTHX_ SSize_t count, struct arena *arena, struct perl_list *result)
{
    dSP;
    SP -= count;
    result->count = (size_t)count;
    result->items = arena_alloc(arena, (size_t)count * sizeof(*result->items));
    for (SSize_t i = 0; i < count; i++)
        result->items[i] = perl_sv_item(aTHX_ SP[i + 1], arena);
    PUTBACK;
}

static void drop_result(pTHX_ SSize_t count)
{
    dSP;
    SP -= count;
    PUTBACK;
}

/* What a call needs at its end. */
struct call {
    size_t texts, references; /* that were in use when it began */
    SSize_t returned;         /* values on the stack */
};

/* false: it died; *error is set and no value is on the stack. */
static bool begin_call(pTHX_ SV *code, const struct perl_item *args, size_t count, I32 flags,
                       struct call *call, struct buf *error)
{
    *call = (struct call){texts.used, references.used, 0};
    perl_enter();
    ENTER;
    SAVETMPS;
    push_arguments(aTHX_ args, count);
    call->returned = call_sv(code, G_EVAL | flags);
    if (!SvTRUE(ERRSV))
        return true;
    buf_add(error, perl_sv_view(aTHX_ ERRSV));
    drop_result(aTHX_ call->returned);
    return false;
}

static void end_call(pTHX_ struct call call)
{
    FREETMPS;
    LEAVE;
    give_arguments_back(aTHX_ call.texts, call.references);
    perl_leave();
}

bool perl_call(struct perl_value *code, const struct perl_item *args, size_t count,
               enum perl_want want, struct arena *arena, struct perl_list *result,
               struct buf *error)
{
    dPERL;
    struct call call;
    I32 context = want == PERL_LIST ? G_LIST : G_SCALAR;
    bool ok = begin_call(aTHX_ perl_sv(code), args, count, context, &call, error);
    if (ok)
        take_result(aTHX_ call.returned, arena, result);
    end_call(aTHX_ call);
    return ok;
}

bool perl_call_true(struct perl_value *code, const struct perl_item *args, size_t count,
                    bool *truth, struct buf *error)
{
    dPERL;
    struct call call;
    bool ok = begin_call(aTHX_ perl_sv(code), args, count, G_SCALAR, &call, error);
    if (ok) {
        *truth = call.returned > 0 && cBOOL(SvTRUE(*PL_stack_sp));
        drop_result(aTHX_ call.returned);
    }
    end_call(aTHX_ call);
    return ok;
}

SSize_t perl_call_own(pTHX_ const char *function, SV *argument, SV *second)
{
    dSP;
    PUSHMARK(SP);
    EXTEND(SP, 2);
    if (argument)
        PUSHs(argument);
    if (second)
        PUSHs(second);
    PUTBACK;
    return call_pv(function, G_LIST);
}

/* Could boot.pl's Secant::prepare find something in the text?  It looks for module names and for
 * what loads files; code without these words, that is most code, is spared the look. */
static bool may_need_modules(struct bytes text)
{
    static const char *const words[] = {"::",      "use",   "no",     "require", "do",
                                        "package", "POSIX", "Socket", "Symbol",  "Saver",
                                        "Carp",    "Fcntl", "INC"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (bytes_find(text, bytes_of(words[i]), 0) >= 0)
            return true;
    }
    return false;
}

/* Loads the modules that the text may take for loaded; the numbers in "(eval N)" go on as if they
 * had been there. */
static void prepare(pTHX_ struct bytes text, SV *code)
{
    static bool all_loaded;
    if (all_loaded || !may_need_modules(text))
        return;
    U32 sequence = PL_evalseq;
    SSize_t returned = perl_call_own(aTHX_ "Secant::prepare", code, NULL);
    dSP;
    all_loaded = returned > 0 && SvTRUE(*SP);
    SP -= returned;
    PUTBACK;
    PL_evalseq = sequence;
}

/* Evaluates text; `count` values are left on Perl's stack, with one below them that the caller
 * takes off, too.  false: *error is set and nothing is left. */
static bool evaluate(pTHX_ struct bytes text, bool list, SSize_t *count, struct buf *error)
{
    SV *code = sv_2mortal(perl_bytes_sv(aTHX_ text));
    /* First our own names, then those that modules bring. */
    if (on_compile.look)
        on_compile.look(on_compile.arg, text);
    prepare(aTHX_ text, code);
    SV *context = list ? &PL_sv_yes : &PL_sv_no;
    SSize_t returned = perl_call_own(aTHX_ "main::SEC::call_eval", code, context);
    SV **values = PL_stack_sp - returned + 1;
    if (SvTRUE(values[0])) {
        *count = returned - 1;
        return true;
    }
    if (returned > 1)
        buf_add(error, perl_sv_view(aTHX_ values[1]));
    drop_result(aTHX_ returned);
    return false;
}

static bool begin_eval(pTHX_ struct bytes text, bool list, SSize_t *count, struct buf *error)
{
    perl_enter();
    ENTER;
    SAVETMPS;
    return evaluate(aTHX_ text, list, count, error);
}

static void end_eval(pTHX)
{
    FREETMPS;
    LEAVE;
    perl_leave();
}

bool perl_compile(struct bytes text, struct perl_value **code, struct buf *error)
{
    dPERL;
    SSize_t count;
    bool ok = begin_eval(aTHX_ text, false, &count, error);
    if (ok) {
        SV *value = count > 0 ? *PL_stack_sp : &PL_sv_undef;
        ok = perl_is_code(perl_handle(value));
        if (ok)
            *code = perl_handle(newSVsv(value));
        else
            buf_add(error, SvOK(value) ? perl_sv_view(aTHX_ value) : B("undef"));
        drop_result(aTHX_ count + 1);
    }
    end_eval(aTHX);
    return ok;
}

bool perl_eval_true(struct bytes text, bool *truth, struct buf *error)
{
    dPERL;
    SSize_t count;
    bool ok = begin_eval(aTHX_ text, false, &count, error);
    if (ok) {
        *truth = count > 0 && cBOOL(SvTRUE(*PL_stack_sp));
        drop_result(aTHX_ count + 1);
    }
    end_eval(aTHX);
    return ok;
}

bool perl_eval_list(struct bytes text, struct arena *arena, struct perl_list *result,
                    struct buf *error)
{
    dPERL;
    SSize_t count;
    bool ok = begin_eval(aTHX_ text, true, &count, error);
    if (ok) {
        take_result(aTHX_ count, arena, result);
        drop_result(aTHX_ 1);
    }
    end_eval(aTHX);
    return ok;
}
