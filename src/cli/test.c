/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant test`: its command line. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "prove/suite.h"
#include "stage/upstream.h"

static const char usage[] =
    "Usage: secant test [options] [FILE|FILE:LINE|FOLDER ...]\n"
    "Runs tests of rules: the tests in a file, the test at a line, or all *.sectest files in a\n"
    "folder, by default the current one. No action is carried out.\n"
    "\n"
    "Which tests\n"
    "  --run=REGEX                  those whose \"FILE: NAME\" matches\n"
    "  --tags=TAG,TAG ...           those with one of these tags\n"
    "  --jobs=N, -j N               how many at once; by default one per processor\n"
    "  --timeout=SECONDS            how long a test may take; 60 by default\n"
    "\n"
    "Report\n"
    "  -v, --verbose                name each test\n"
    "  --quiet                      failures only\n"
    "  --tap                        TAP\n"
    "  --json                       JSON, one object per line\n"
    "  --junit=FILE                 also write JUnit XML\n"
    "  --github, --nogithub         also write annotations for GitHub Actions; the default there\n"
    "\n"
    "Coverage of rules\n"
    "  --coverage                   report which patterns, terms, actions and branches were\n"
    "                               reached\n"
    "  --min=PERCENT                fail if the coverage is below this; implies --coverage\n"
    "  --lcov=FILE                  a tracefile for editors and genhtml\n"
    "\n"
    "Other\n"
    "  --with=COMMAND               run the tests with another SEC instead: 'sec', or\n"
    "                               'perl /opt/sec-2.9.4/sec'\n"
    "  --update                     update the snapshots in the test files\n"
    "  --watch                      keep running, and rerun tests when files or rules change\n"
    "  --help, -?                   this text\n"
    "\n"
    "The exit status is 0 if all tests passed, 1 if some did not, 2 if nothing ran or a test file\n"
    "has errors.\n";

enum own_option {
    WORD,
    RUN,
    TAGS,
    JOBS,
    TIMEOUT,
    VERBOSE,
    QUIET,
    TAP,
    JSON,
    JUNIT,
    GITHUB,
    COVERAGE,
    MIN,
    LCOV,
    WITH,
    UPDATE,
    WATCH,
    HELP
};

static const struct option_spec specs[] = {
    {NULL, NULL, OPTION_WORD, WORD},
    {"run", NULL, OPTION_TEXT, RUN},
    {"tags", NULL, OPTION_LIST, TAGS},
    {"jobs", "j", OPTION_INTEGER, JOBS},
    {"timeout", NULL, OPTION_INTEGER, TIMEOUT},
    {"verbose", "v", OPTION_FLAG, VERBOSE},
    {"quiet", NULL, OPTION_FLAG, QUIET},
    {"tap", NULL, OPTION_FLAG, TAP},
    {"json", NULL, OPTION_FLAG, JSON},
    {"junit", NULL, OPTION_TEXT, JUNIT},
    {"github", NULL, OPTION_SWITCH, GITHUB},
    {"coverage", NULL, OPTION_FLAG, COVERAGE},
    {"min", NULL, OPTION_REAL, MIN},
    {"lcov", NULL, OPTION_TEXT, LCOV},
    {"with", NULL, OPTION_TEXT, WITH},
    {"update", NULL, OPTION_FLAG, UPDATE},
    {"watch", NULL, OPTION_FLAG, WATCH},
    {"help", "?", OPTION_FLAG, HELP},
};

/* What has been given. */
struct given {
    struct suite_options options;
    struct bytes *words; /* owned */
    size_t word_count, word_room, tag_room;
    struct bytes command; /* of another SEC */
    char **with;          /* owned, as its words; NULL: none */
    struct buf player;
    int asked; /* about annotations; -1: not at all */
    bool wrong, help;
};

static void refuse(struct given *given, struct bytes what, struct bytes why)
{
    complain(what, why, B("\n"));
    given->wrong = true;
}

static void add_tags(struct given *given, struct bytes tags)
{
    struct choice *choice = &given->options.choice;
    for (struct bytes piece; bytes_piece(&tags, ',', &piece);) {
        struct bytes tag = bytes_trim(piece);
        if (tag.len == 0)
            continue;
        MEM_GROW(choice->tags, choice->tag_count, given->tag_room, 4);
        choice->tags[choice->tag_count++] = tag;
    }
}

static void add_word(struct given *given, struct bytes word)
{
    MEM_GROW(given->words, given->word_count, given->word_room, 8);
    given->words[given->word_count++] = word;
}

static void set_regex(struct given *given, struct bytes regex)
{
    struct buf why = {0};
    if (!choice_regex(&given->options.choice, regex, &why))
        refuse(given, B("Regular expression of --run: "), buf_bytes(&why));
    buf_free(&why);
}

/* It must say that it is a SEC, within the time that a test may take. */
static void find_with(struct given *given)
{
    struct buf version = {0}, why = {0};
    given->with = upstream_words(given->command);
    if (!given->with)
        refuse(given, B("--with needs the command that starts a SEC"), B(""));
    else if (!upstream_version(given->with, prove_limit(&given->options.prover), &version, &why))
        refuse(given, B("--with: "), buf_bytes(&why));
    buf_clear(&given->player);
    buf_cat(&given->player, B("SEC "), buf_bytes(&version), B(" ("), given->command, B(")"));
    given->options.prover.with = given->with;
    given->options.player = buf_bytes(&given->player);
    buf_free(&version);
    buf_free(&why);
}

/* A number of at least one. */
static int64_t read_number(struct given *given, const struct option_spec *spec, int64_t number)
{
    bool fine = number >= 1 && number <= 100000;
    if (!fine)
        complain(B("--"), bytes_of(spec->name), B(" needs a number from 1 to 100000\n"));
    given->wrong |= !fine;
    return number;
}

static void set_least(struct given *given, double percent)
{
    if (!(percent >= 0 && percent <= 100))
        refuse(given, B("--min is a percentage, "), B("from 0 to 100"));
    given->options.coverage = true;
    given->options.least = percent;
}

/* What is told of the tests. */
static void set_report(struct given *given, const struct option_spec *spec,
                       const struct option_value *value)
{
    struct suite_options *options = &given->options;
    switch ((enum own_option)spec->field) {
    case VERBOSE:
        options->verbose = true;
        break;
    case QUIET:
        options->quiet = true;
        break;
    case TAP:
    case JSON:
        if (options->form != SUITE_TEXT)
            refuse(given, B("--tap and --json "), B("exclude each other"));
        options->form = spec->field == TAP ? SUITE_TAP : SUITE_JSON;
        break;
    case JUNIT:
        options->junit = value->text.ptr; /* the end of an argument */
        break;
    case GITHUB:
        given->asked = value->number != 0;
        break;
    case COVERAGE:
        options->coverage = true;
        break;
    case MIN:
        set_least(given, value->real);
        break;
    case LCOV:
        options->lcov = value->text.ptr;
        break;
    default:
        assert(false);
    }
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    struct suite_options *options = &given->options;
    switch ((enum own_option)spec->field) {
    case WORD:
        add_word(given, value->text);
        break;
    case RUN:
        set_regex(given, value->text);
        break;
    case TAGS:
        add_tags(given, value->text);
        break;
    case JOBS:
        options->jobs = (size_t)read_number(given, spec, value->number);
        break;
    case TIMEOUT:
        options->prover.limit = (int)read_number(given, spec, value->number);
        break;
    case WITH:
        given->command = value->text;
        break;
    case UPDATE:
        options->update = true;
        break;
    case WATCH:
        options->watch = true;
        break;
    case HELP:
        given->help = true;
        break;
    default:
        set_report(given, spec, value);
    }
}

/* -jN is what make and others have. */
static struct bytes argument_of(const char *argument, struct buf *room)
{
    if (strncmp(argument, "-j", 2) != 0 || !is_digit(argument[2]))
        return bytes_of(argument);
    buf_cat(room, B("-j="), bytes_of(argument + 2));
    return buf_bytes(room);
}

/* What SEC and other commands have; *value: of the next argument, if it is one of this. */
static bool refuse_conf(struct given *given, struct bytes argument, bool *value)
{
    bool conf = bytes_eq(argument, B("--conf"));
    *value = conf;
    if (!conf && !bytes_starts(argument, B("--conf=")))
        return false;
    struct bytes files = conf ? B("FILE") : bytes_from(argument, sizeof("--conf=") - 1);
    complain(B("No option --conf: rules are named in the test file: rules: "), files, B("\n"));
    given->wrong = true;
    return true;
}

static void read_arguments(struct given *given, int argc, char **argv)
{
    size_t all = (size_t)argc - 1, count = 0;
    struct bytes *arguments = mem_zarray(all + 1, sizeof(*arguments));
    struct buf *rooms = mem_zarray(all + 1, sizeof(*rooms));
    bool skip = false;
    for (size_t i = 0; i < all; i++)
        if (skip)
            skip = false;
        else if (!refuse_conf(given, bytes_of(argv[i + 1]), &skip))
            arguments[count++] = argument_of(argv[i + 1], &rooms[i]);
    given->wrong |=
        !arguments_read(arguments, count, specs, sizeof(specs) / sizeof(*specs), set_option, given);
    for (size_t i = 0; i < all; i++)
        buf_free(&rooms[i]);
    free(rooms);
    free(arguments);
}

/* In a workflow of GitHub's, people read the annotations first. */
static void settle(struct given *given)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    if (given->command.ptr && !given->help)
        find_with(given);
    bool there = actions && strcmp(actions, "true") == 0 && given->options.form == SUITE_TEXT;
    given->options.github = given->asked < 0 ? there : given->asked > 0;
    if (given->options.github && given->options.form != SUITE_TEXT)
        refuse(given, B("--github works with the text report only, "),
               B("not with --tap or --json"));
    if (given->options.update && given->options.form != SUITE_TEXT)
        refuse(given, B("--update works with the text report only, "),
               B("not with --tap or --json"));
    if (given->options.prover.with && (given->options.coverage || given->options.lcov))
        refuse(given, B("Coverage is not known for another SEC: "),
               B("--with excludes --coverage, --min and --lcov"));
    given->options.words = given->words;
    given->options.word_count = given->word_count;
}

void command_test_usage(void)
{
    fputs(usage, stdout);
}

int command_test(int argc, char **argv)
{
    static struct given given; /* workers have it, too, to their end */
    run_prepare();
    mem_fail_with(COMMAND_FAILED);
    given.asked = -1;
    given.options.prover =
        (struct prover){.read_options = options_read, .free_options = options_free};
    given.options.argv = argv;
    read_arguments(&given, argc, argv);
    settle(&given);
    if (given.help && !given.wrong) {
        command_test_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    if (given.wrong) {
        complain(B("secant test --help lists the options\n"));
        return COMMAND_FAILED;
    }
    int status = suite_run(&given.options);
    for (size_t i = 0; given.with && given.with[i]; i++)
        free(given.with[i]);
    free(given.with);
    buf_free(&given.player);
    free(given.words);
    choice_free(&given.options.choice);
    return status;
}
