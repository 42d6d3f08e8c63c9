/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interpreter's life: start, the body that runs inside it, exit, and its signals.
 *
 * The body runs in an XSUB that the boot program calls last, below perl_run.  So exit in user code,
 * wherever it is, jumps across our frames to perl_run; END blocks run in perl_destruct, and the
 * status is the one that was asked for.
 */
#include "perl/inside.h"

#include <signal.h>

#include "base/mem.h"
#include "base/unwritten.h"
#include "installed.h"
#include "perl/boot_pl.h"
#include "perl/held_inside.h"

#include <perliol.h>

EXTERN_C void boot_DynaLoader(pTHX_ CV *cv);

PerlInterpreter *perl_interpreter;

/* The rest of what the bridge must remember between calls from C and calls from Perl. */
static struct {
    void (*body)(void *arg);
    void *body_arg;
    void (*before)(void *arg);
    void (*after)(void *arg);
    void *hook_arg;
    void (*wake)(void *arg);
    void *wake_arg;
    volatile sig_atomic_t ending; /* the signals that SEC knows are not handed to Perl any more, */
    volatile sig_atomic_t over;   /* and no other either */
    volatile sig_atomic_t late;   /* one came after that */
    volatile sig_atomic_t term_came;
    int argc;
    char **argv;
} bridge;

static XS(run_body)
{
    dXSARGS;
    PERL_UNUSED_VAR(items);
    PL_dowarn |= G_WARN_ON; /* upstream is "perl -w" */
    if (perl_holds_outside())
        held_cover_standard(aTHX);
    SP -= items;
    PUTBACK;
    bridge.body(bridge.body_arg);
    SPAGAIN;
    PUTBACK;
}

/* What an assignment to $0 is written over, for ps: the real command line,
 * not the one made for Perl. */
static void give_command_line(pTHX)
{
    const char *end = bridge.argv[0] + strlen(bridge.argv[0]);
    for (int i = 1; i < bridge.argc && bridge.argv[i] == end + 1; i++)
        end = bridge.argv[i] + strlen(bridge.argv[i]);
    PL_origargc = bridge.argc;
    PL_origargv = bridge.argv;
    PL_origalen = (U32)(end - bridge.argv[0] + 1);
}

/* Called once @INC is made and before any code is compiled, that of PERL5OPT neither. */
static void xs_init(pTHX)
{
    perl_complete_inc(aTHX);
    give_command_line(aTHX);
    newXS("DynaLoader::boot_DynaLoader", boot_DynaLoader, __FILE__);
    newXS("Secant::run_body", run_body, __FILE__);
    perl_start_time(aTHX);
}

/* Signals: perl's own C-level handler notes the signal, ours adds a wake-up for a loop that waits.
 * The Perl-level handler runs later, in perl_dispatch_signals or between two operations. */

/* Perl ends the program when 120 signals wait to be handled.  More than a few say nothing new. */
#define MOST_WAITING 60

void perl_on_signal(void (*wake)(void *arg), void *arg)
{
    bridge.wake = NULL; /* a signal may come in between */
    bridge.wake_arg = arg;
    bridge.wake = wake;
}

static void wake_loop(void)
{
    if (bridge.wake)
        bridge.wake(bridge.wake_arg);
}

/* abort() raises the signal and ends the program once the handler has returned. */
static bool is_own_end(int signal, const siginfo_t *info)
{
    return signal == SIGABRT && info && info->si_code == SI_TKILL && info->si_pid == getpid();
}

static bool is_engines(int signal)
{
    return signal == SIGHUP || signal == SIGABRT || signal == SIGUSR1 || signal == SIGUSR2 ||
           signal == SIGINT || signal == SIGTERM;
}

static int signals_waiting(int signal)
{
    dPERL;
    return PL_psig_pend[signal];
}

static void note_signal(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    if (is_own_end(signal, info))
        unwritten_rescue_all();
    if (signal == SIGTERM)
        bridge.term_came = true;
    if (bridge.over || (bridge.ending && is_engines(signal)))
        bridge.late = true;
    else if (signals_waiting(signal) < MOST_WAITING)
        Perl_csighandler3(signal, info, context);
    wake_loop();
    errno = saved;
}

static Signal_t on_signal1(int signal)
{
    note_signal(signal, NULL, NULL);
}

static Signal_t on_signal3(int signal, Siginfo_t *info, void *ucontext)
{
    note_signal(signal, info, ucontext);
}

static void catch_signals(void)
{
#ifdef PERL_USE_3ARG_SIGHANDLER
    PL_csighandlerp = on_signal3;
#else
    PL_csighandlerp = on_signal1;
#endif
    PL_csighandler1p = on_signal1;
    PL_csighandler3p = on_signal3;
}

bool perl_signal_waits(void)
{
    if (bridge.late || bridge.over)
        return bridge.late;
    dPERL;
    return my_perl && PL_sig_pending != 0;
}

bool perl_signal_late(void)
{
    return bridge.late;
}

bool perl_term_came(void)
{
    return bridge.term_came;
}

/* argv[0], -e, the boot program, --, the options: perl leaves the options in @ARGV by itself. */
static char **boot_arguments(int argc, char **argv)
{
    static char evaluate[] = "-e", end[] = "--";
    char **args = mem_array(NULL, (size_t)argc + 4, sizeof(*args));
    size_t n = 0;
    args[n++] = argv[0];
    args[n++] = evaluate;
    args[n++] = bytes_cstr(bytes_of(boot_pl));
    args[n++] = end;
    for (int i = 1; i < argc; i++)
        args[n++] = argv[i];
    args[n] = NULL;
    return args;
}

static void start_interpreter(int argc, char **argv, char **env)
{
    struct sigaction floating;
    sigaction(SIGFPE, NULL, &floating);
    PERL_SYS_INIT3(&argc, &argv, &env);
    sigaction(SIGFPE, &floating, NULL); /* perl ignores it; children should not */
    perl_interpreter = perl_alloc();
    perl_construct(perl_interpreter);
}

static int end_interpreter(char **args)
{
    dPERL;
    int status = perl_destruct(aTHX);
    bridge.over = true;
    bridge.wake = NULL;
    perl_free(aTHX);
    perl_interpreter = NULL;
    PERL_SYS_TERM();
    free(args[2]);
    free(args);
    return status;
}

int perl_run_main(int argc, char **argv, char **env, void (*body)(void *arg), void *arg)
{
    char **args = boot_arguments(argc, argv);
    bridge.body = body;
    bridge.body_arg = arg;
    bridge.argc = argc;
    bridge.argv = argv;
    start_interpreter(argc, argv, env);
    dPERL;
    PL_perl_destruct_level = 0;
    PL_exit_flags |= PERL_EXIT_DESTRUCT_END;
    catch_signals();
    perl_watch_outside();
    perl_watch_time();
    /* NULL: the environment as it is by now.  What main was given, or environ of before, is another
     * array once something was set (perl 5.40 with glibc 2.41 then loses all but one variable). */
    if (perl_parse(aTHX_ xs_init, argc + 3, args, NULL) == 0) {
        /* Without magic: the assignment shall not change what ps shows. */
        sv_setpv(get_sv("0", GV_ADD), argv[0]);
        sv_setpv(get_sv("\030", GV_ADD), PERL_PATH); /* $^X: we are no perl that runs scripts */
        perl_run(aTHX);
    }
    return end_interpreter(args);
}

_Noreturn void perl_exit(int status)
{
    dPERL;
    bridge.ending = true;
    my_exit((U32)status);
    abort(); /* my_exit does not return, but is not declared so everywhere */
}

bool perl_alive(void)
{
    dPERL;
    return my_perl && PL_phase != PERL_PHASE_DESTRUCT;
}

uint64_t perl_compiled(void)
{
    dPERL;
    return (uint64_t)PL_cop_seqmax + PL_evalseq;
}

/* Perl puts ", <NAME> line N" after its messages while a file is being read.  The handle is SEC's
 * as far as it shows: its name, and the number of lines. */
void perl_reading_line(size_t line)
{
    static GV *file;
    dPERL;
    if (!my_perl)
        return;
    if (!file) {
        file = (GV *)newSV(0);
        gv_init_pvn(file, PL_defstash, "$fh", 3, 0);
        GvIOp(file) = newIO();
    }
    IoLINES(GvIOp(file)) = (IV)line;
    if (line > 0)
        PL_last_in_gv = file;
    else if (PL_last_in_gv == file)
        PL_last_in_gv = NULL;
}

void perl_set_hooks(void (*before)(void *arg), void (*after)(void *arg), void *arg)
{
    bridge.before = before;
    bridge.after = after;
    bridge.hook_arg = arg;
}

void perl_enter(void)
{
    if (bridge.before)
        bridge.before(bridge.hook_arg);
}

void perl_leave(void)
{
    if (bridge.after)
        bridge.after(bridge.hook_arg);
}

void perl_flush_stdio(void)
{
    if (!perl_interpreter)
        return; /* its end has flushed everything */
    dPERL;
    PerlIO_flush(PerlIO_stdout());
}

void perl_unbuffer_stdio(void)
{
    dPERL;
    GV *gv = my_perl ? gv_fetchpvs("STDOUT", 0, SVt_PVIO) : NULL;
    if (!gv || !GvIOp(gv))
        return;
    setdefout(gv);
    IoFLAGS(GvIOp(gv)) |= IOf_FLUSH;
}

/* NULL: user code has closed it, or the interpreter is gone. */
static PerlIO *stdout_handle(pTHX)
{
    if (my_perl && perl_holds_outside())
        return PerlIO_stdout(); /* user code's is another one */
    GV *gv = my_perl ? gv_fetchpvs("STDOUT", 0, SVt_PVIO) : NULL;
    return gv && GvIOp(gv) ? IoOFP(GvIOp(gv)) : NULL;
}

int perl_stdout_fileno(void)
{
    dPERL;
    if (!my_perl)
        return STDOUT_FILENO;
    PerlIO *f = stdout_handle(aTHX);
    return f ? PerlIO_fileno(f) : -1;
}

bool perl_print_failed(void)
{
    dPERL;
    PerlIO *f = stdout_handle(aTHX);
    return f && PerlIO_error(f);
}

void perl_print(struct bytes text)
{
    dPERL;
    PerlIO *f = stdout_handle(aTHX);
    if (!f)
        return;
    PerlIO_write(f, text.ptr, text.len);
    if (!PerlIO_error(f))
        PerlIO_flush(f);
}

bool perl_stdio_waits(void)
{
    dPERL;
    PerlIO *f = PerlIO_stdout();
    return PerlIOValid(f) && (PerlIOBase(f)->flags & PERLIO_F_WRBUF);
}

void perl_dispatch_signals(void)
{
    dPERL;
    if (LIKELY(!PL_sig_pending))
        return;
    perl_enter();
    ENTER;
    SAVETMPS;
    PERL_ASYNC_CHECK();
    FREETMPS;
    LEAVE;
    perl_leave();
}
