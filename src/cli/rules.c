/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant rules`: its command line. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/slips.h"
#include "base/subprocess.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/run.h"
#include "io/glob.h"
#include "library/plan.h"
#include "library/tell.h"

static const char usage[] =
    "Usage: secant rules list [options]\n"
    "       secant rules show NAME ... [options]\n"
    "       secant rules enable NAME ... [options]\n"
    "       secant rules disable NAME ... [options]\n"
    "       secant rules test [NAME ...] [options]\n"
    "Manages the rule packages that come with Secant. Enabled packages are links in the folder\n"
    "whose rules secant.service loads; settings.sec there is yours. test runs the tests of the\n"
    "named packages, or of all enabled ones and your own (*.sectest) in that folder, and loads\n"
    "all rules there.\n"
    "\n"
    "  --dry-run                    enable, disable: show what would be done\n"
    "  --json                       all but test: JSON, one object per line\n"
    "  --rules=FOLDER               the library; by default the installed one\n"
    "  --etc=FOLDER                 the folder with the rules of the service\n"
    "  --help, -?                   this text\n"
    "\n"
    "The exit status is 0 if all is well, 1 if a test fails or a rule is faulty, 2 if the command\n"
    "failed.\n";

enum own_option { WORD, DRY_RUN, JSON, RULES, ETC, HELP };

static const struct option_spec specs[] = {
    {NULL, NULL, OPTION_WORD, WORD},   {"dry-run", NULL, OPTION_FLAG, DRY_RUN},
    {"json", NULL, OPTION_FLAG, JSON}, {"rules", NULL, OPTION_TEXT, RULES},
    {"etc", NULL, OPTION_TEXT, ETC},   {"help", "?", OPTION_FLAG, HELP},
};

enum rules_part { LIST, SHOW, ENABLE, DISABLE, TEST, PARTS };

static const char *const part_names[PARTS] = {"list", "show", "enable", "disable", "test"};

/* What has been given. */
struct given {
    struct bytes *words; /* owned; the first one is the part */
    size_t count, room;
    bool dry_run, json, help;
    struct bytes rules, etc; /* "": none */
    enum rules_part part;
};

/* The packages that are meant, in the order in which they are named. */
struct chosen {
    const struct package **items; /* owned */
    size_t count, room;
};

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    switch ((enum own_option)spec->field) {
    case WORD:
        MEM_GROW(given->words, given->count, given->room, 8);
        given->words[given->count++] = value->text;
        break;
    case DRY_RUN:
        given->dry_run = true;
        break;
    case JSON:
        given->json = true;
        break;
    case RULES:
        given->rules = value->text;
        break;
    case ETC:
        given->etc = value->text;
        break;
    case HELP:
        given->help = true;
        break;
    }
}

static bool refuse(struct bytes text)
{
    complain(text, B("\n"));
    return false;
}

static bool find_part(struct given *given)
{
    struct bytes word = given->count > 0 ? given->words[0] : B("");
    for (size_t i = 0; i < PARTS; i++)
        if (bytes_eq(word, bytes_of(part_names[i]))) {
            given->part = (enum rules_part)i;
            return true;
        }
    complain(B("Expected list, show, enable, disable or test"), given->count ? B(", not '") : B(""),
             word, given->count ? B("'\n") : B("\n"));
    return false;
}

/* false: what is not right has been said. */
static bool words_are_right(struct given *given)
{
    if (!find_part(given))
        return false;
    enum rules_part part = given->part;
    if (part == LIST && given->count > 1)
        return refuse(B("list takes no names; use show for single packages"));
    if (part != LIST && part != TEST && given->count == 1) {
        complain(B("No packages to "), given->words[0], B(" given; secant rules list shows all\n"));
        return false;
    }
    if (given->dry_run && part != ENABLE && part != DISABLE)
        return refuse(B("--dry-run is for enable and disable only"));
    return !given->json || part != TEST || refuse(B("--json is not available for test"));
}

/* Parts of names count as well: ssh for sshd. */
static bool is_near(struct bytes word, struct bytes name)
{
    size_t least = slips_too_many(word);
    return slips_fewer(word, name, &least) ||
           (word.len > 2 && (bytes_find(name, word, 0) >= 0 || bytes_find(word, name, 0) >= 0));
}

static void complain_of_name(const struct library *library, struct bytes word)
{
    struct buf near = {0};
    for (size_t i = 0; i < library->count; i++) {
        struct bytes name = library->packages[i].name;
        if (library->packages[i].state != PACKAGE_GONE && is_near(word, name))
            buf_cat(&near, near.len > 0 ? B(" or '") : B("'"), name, B("'"));
    }
    complain(B("There is no package '"), word, B("'"));
    if (near.len > 0)
        complain(B(" ("), SLIPS_ASK(buf_bytes(&near)), B(")"));
    complain(B("; secant rules list shows all\n"));
    buf_free(&near);
}

static void choose(struct chosen *chosen, const struct package *package)
{
    MEM_GROW(chosen->items, chosen->count, chosen->room, 8);
    chosen->items[chosen->count++] = package;
}

/* A package that is gone can be looked at and disabled.  false: all names that are wrong have been
 * told of. */
static bool choose_named(const struct given *given, const struct library *library,
                         struct chosen *chosen)
{
    bool fine = true, gone = given->part == SHOW || given->part == DISABLE;
    for (size_t i = 1; i < given->count; i++) {
        const struct package *package = library_find(library, given->words[i]);
        if (package && (gone || package->state != PACKAGE_GONE)) {
            choose(chosen, package);
            continue;
        }
        complain_of_name(library, given->words[i]);
        fine = false;
    }
    return fine;
}

static void print(struct buf *out)
{
    if (out->len > 0)
        fwrite(out->ptr, 1, out->len, stdout);
    buf_clear(out);
}

static void complain_lines(const struct buf *lines)
{
    if (lines->len > 0)
        complain(buf_bytes(lines));
}

static int list(const struct given *given, const struct library *library)
{
    struct buf out = {0};
    for (size_t i = 0; given->json && i < library->count; i++)
        tell_package_json(&out, &library->packages[i]);
    if (!given->json)
        tell_list(&out, library);
    print(&out);
    buf_free(&out);
    return COMMAND_FINE;
}

static int show(const struct given *given, const struct library *library,
                const struct chosen *chosen)
{
    struct buf out = {0};
    for (size_t i = 0; i < chosen->count; i++) {
        if (given->json) {
            tell_package_json(&out, chosen->items[i]);
            continue;
        }
        buf_add(&out, i > 0 ? B("\n") : B(""));
        tell_package(&out, library, chosen->items[i]);
    }
    print(&out);
    buf_free(&out);
    return COMMAND_FINE;
}

/* The folder is that of the service, of an instance of it, or another one. */
static void tell_reload(struct bytes etc)
{
    struct bytes service = library_etc(), name = {0};
    while (etc.len > 1 && etc.ptr[etc.len - 1] == '/')
        etc = bytes_slice(etc, 0, etc.len - 1);
    if (etc.len > service.len + 1 && bytes_starts(etc, service) && etc.ptr[service.len] == '/')
        name = bytes_from(etc, service.len + 1);
    if (bytes_eq(etc, service))
        complain(B("Reload: systemctl reload secant\n"));
    else if (name.len > 0 && bytes_chr(name, '/', 0) < 0)
        complain(B("Reload: systemctl reload secant@"), name, B("\n"));
    else
        complain(B("Reload what reads "), etc, B("/*.sec\n"));
}

/* What was done, or would be. */
static void tell_plan(const struct given *given, const struct plan *plan)
{
    struct buf out = {0};
    (given->json ? tell_steps_json : tell_steps)(&out, plan);
    print(&out);
    buf_free(&out);
    fflush(stdout);
    complain_lines(&plan->notes);
    if (given->dry_run)
        complain(B("Nothing was done: --dry-run\n"));
    else if (plan->count > 0)
        tell_reload(given->etc.len > 0 ? given->etc : library_etc());
}

static int change(const struct given *given, struct library *library, const struct chosen *chosen)
{
    struct plan plan = {0};
    struct buf why = {0};
    if (given->part == ENABLE)
        plan_enable(&plan, library, chosen->items, chosen->count);
    else
        plan_disable(&plan, library, chosen->items, chosen->count);
    bool done = plan.wrong.len == 0 && (given->dry_run || plan_carry_out(&plan, &why));
    if (done) {
        tell_plan(given, &plan);
    } else {
        complain_lines(plan.wrong.len > 0 ? &plan.wrong : &why);
        complain(B("Nothing was "), bytes_of(part_names[given->part]), B("d\n"));
    }
    buf_free(&why);
    plan_free(&plan);
    return done ? COMMAND_FINE : COMMAND_FAILED;
}

/* -- test -- */

/* The tests beside the rules of the service: *.sectest in its folder. */
static void find_own_tests(const struct library *library, struct file_names *own)
{
    struct buf pattern = {0};
    buf_cat(&pattern, library->etc, B("/*.sectest"));
    glob_names(buf_bytes(&pattern), own);
    buf_free(&pattern);
}

static int run_tests(char *program, const struct chosen *chosen, const struct file_names *own)
{
    char **words = mem_zarray(chosen->count + own->count + 2, sizeof(*words));
    int count = 0;
    words[count++] = program;
    for (size_t i = 0; i < chosen->count; i++)
        words[count++] = bytes_cstr(chosen->items[i]->folder);
    for (size_t i = 0; i < own->count; i++)
        words[count++] = bytes_cstr(own->names[i]);
    int status = command_test(count, words);
    for (int i = 1; i < count; i++)
        free(words[i]);
    free(words);
    return status;
}

/* All rules as the service loads them, in a process of its own, as they may do what they want with
 * it; what is wrong is in its log. */
static int load_rules(const struct library *library)
{
    struct buf conf = {0};
    buf_cat(&conf, B("--conf="), library->etc, B("/*.sec\0"));
    fflush(stdout);
    pid_t pid = subprocess_fork();
    if (pid == 0) {
        unsetenv("SECRC");
        execl("/proc/self/exe", "secant", conf.ptr, "--intevents", "--testonly", "--debug=3",
              "--log=-", (char *)NULL);
        complain(B("/proc/self/exe: "), error_text(errno), B("\n"));
        _exit(COMMAND_FAILED);
    }
    int status = pid < 0 ? -1 : subprocess_wait(pid);
    buf_free(&conf);
    bool ended = pid >= 0 && WIFEXITED(status);
    return !ended ? COMMAND_FAILED : WEXITSTATUS(status);
}

static bool has_rules(const struct library *library)
{
    bool any = library->other_count > 0;
    for (size_t i = 0; i < library->count; i++)
        any |= package_is_enabled(&library->packages[i]);
    return any;
}

static int test(const struct given *given, const struct library *library, char *program,
                struct chosen *chosen)
{
    for (size_t i = 0; given->count == 1 && i < library->count; i++)
        if (package_is_enabled(&library->packages[i]))
            choose(chosen, &library->packages[i]);
    struct file_names own = {0};
    if (given->count == 1)
        find_own_tests(library, &own);
    bool any = chosen->count + own.count > 0;
    if (!any)
        complain(B("No package is enabled in "), library->etc, B(": no test was run\n"));
    int status = any ? run_tests(program, chosen, &own) : COMMAND_FAILED;
    file_names_free(&own);
    if (!has_rules(library))
        return status;
    int loaded = load_rules(library);
    return loaded > status ? loaded : status;
}

/* -- all -- */

static int act(const struct given *given, struct library *library, char *program)
{
    struct chosen chosen = {0};
    int status = COMMAND_FAILED;
    if (!choose_named(given, library, &chosen)) {
        if (given->part == ENABLE || given->part == DISABLE)
            complain(B("Nothing was "), bytes_of(part_names[given->part]), B("d\n"));
    } else if (given->part == LIST) {
        status = list(given, library);
    } else if (given->part == SHOW) {
        status = show(given, library, &chosen);
    } else if (given->part == TEST) {
        status = test(given, library, program, &chosen);
    } else {
        status = change(given, library, &chosen);
    }
    free(chosen.items);
    return status;
}

static int look_and_act(const struct given *given, char *program)
{
    struct library library = {0};
    struct buf folder = {0}, why = {0};
    int status = COMMAND_FAILED;
    if (given->rules.len > 0)
        buf_add(&folder, given->rules);
    if (folder.len == 0 && !library_beside(&folder, &why))
        complain(B("No rule library found: "), buf_bytes(&why),
                 B("; name its folder with --rules=FOLDER\n"));
    else if (!library_open(&library, buf_bytes(&folder),
                           given->etc.len > 0 ? given->etc : library_etc(), &why))
        complain(buf_bytes(&why), B("\n"));
    else
        status = act(given, &library, program);
    library_close(&library);
    buf_free(&folder);
    buf_free(&why);
    return status;
}

void command_rules_usage(void)
{
    fputs(usage, stdout);
}

static int run_given(int argc, char **argv, struct given *given)
{
    struct bytes *arguments = mem_zarray((size_t)argc, sizeof(*arguments));
    for (int i = 1; i < argc; i++)
        arguments[i - 1] = bytes_of(argv[i]);
    bool read = arguments_read(arguments, (size_t)argc - 1, specs, sizeof(specs) / sizeof(*specs),
                               set_option, given);
    free(arguments);
    if (read && given->help) {
        command_rules_usage();
        return COMMAND_FINE;
    }
    if (!read || !words_are_right(given)) {
        complain(B("secant rules --help lists the options\n"));
        return COMMAND_FAILED;
    }
    return look_and_act(given, argv[0]);
}

int command_rules(int argc, char **argv)
{
    struct given given = {.rules = B(""), .etc = B("")};
    run_prepare();
    mem_fail_with(COMMAND_FAILED);
    int status = run_given(argc, argv, &given);
    free(given.words);
    return run_flush_stdout() == 0 ? status : COMMAND_FAILED;
}
