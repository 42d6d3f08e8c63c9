/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each piece of advice is asked for once and answers from what is loaded: nothing is noted for it
 * on the way, but for the counts of messages. */
#include "cli/advice.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/slips.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "engine/engine.h"
#include "io/glob.h"

static bool is_folder(struct bytes name)
{
    struct stat info;
    char *path = bytes_cstr(name);
    bool folder = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    free(path);
    return folder;
}

static bool names_nothing(struct bytes pattern)
{
    struct file_names list = {0};
    glob_names(pattern, &list);
    bool nothing = list.count == 0;
    file_names_free(&list);
    return nothing;
}

static struct bytes plural(size_t count, struct bytes one, struct bytes many)
{
    return count == 1 ? one : many;
}

#define COUNT(n, word) NUM(n), B(" "), plural(n, B(word), B(word "s"))

/* Names that rules ask for and no rule makes: legal, and most often a slip. */

#define PLACE(rule) (rule)->file->name, B(" line "), NUM((rule)->line), B(": ")

static struct bytes entry_name(const void *entry)
{
    return ((const struct varmap_entry *)entry)->name;
}

static bool collect_entry(void *made, const struct rule *rule, struct varmap_entry *entry)
{
    (void)rule;
    if (!table_find(made, entry->name))
        table_insert(made, entry);
    return true;
}

static void advise_on_entry(const struct log *log, const struct rule *rule, const struct part *part,
                            const struct table *made)
{
    enum pattern_type type = part->pattern.type;
    struct bytes name = part->pattern.text;
    if ((type == PATTERN_CACHED || type == PATTERN_NCACHED) && !table_find(made, name))
        log_advise(log, PLACE(rule), B("no varmap names '"), name,
                   B("': only Perl code can put it into the match cache"));
}

static void advise_on_sets(const struct engine *engine, const struct rule *rule)
{
    for (size_t i = 0; i < rule->cfset_count; i++) {
        const struct template *set = rule->cfsets[i];
        if (template_constant(set) && !ruleset_cfset(engine->rules.set, set->text))
            log_advise(engine->log, PLACE(rule), B("no rule file joins the set '"), set->text,
                       B("'"));
    }
}

static void advise_on_names(const struct engine *engine)
{
    const struct ruleset *rules = engine->rules.set;
    struct table made;
    table_init(&made, entry_name);
    ruleset_cached_names(rules, collect_entry, &made);
    for (size_t i = 0; i < rules->file_count; i++)
        for (size_t j = 0; j < rules->files[i]->count; j++) {
            const struct rule *rule = rules->files[i]->rules[j];
            for (size_t k = 0; k < rule->part_count; k++)
                advise_on_entry(engine->log, rule, &rule->parts[k], &made);
            advise_on_sets(engine, rule);
        }
    table_free(&made);
}

void advise_on_rules(const struct engine *engine)
{
    const struct string_list *conf = &engine->options->conf;
    const struct ruleset *rules = engine->rules.set;
    if (!log_advises(engine->log))
        return;
    if (conf->count == 0 && engine->options->testonly)
        log_advise(engine->log, B("no rules to be tested: --conf is missing"));
    for (size_t i = 0; i < conf->count; i++)
        if (names_nothing(conf->items[i]))
            log_advise(engine->log, B("no file matches --conf="), conf->items[i]);
    for (size_t i = 0; i < rules->file_count; i++)
        if (is_folder(rules->files[i]->name))
            log_advise(engine->log, rules->files[i]->name, B(" is a folder: --conf='"),
                       rules->files[i]->name, B("/*' names the files in it"));
    advise_on_names(engine);
    struct buf missed = {0};
    if (!engine->options->testonly && engine_misses_start(engine, &missed))
        log_advise(engine->log, buf_bytes(&missed));
    buf_free(&missed);
}

void advise_in_sum(const struct engine *engine)
{
    const struct log *log = engine->log;
    size_t rules = ruleset_rules(engine->rules.set), files = engine->rules.set->file_count;
    size_t errors = log_count(log, LOG_CRITICAL) + log_count(log, LOG_ERROR);
    size_t warnings = log_count(log, LOG_WARN);
    log_advise(log, COUNT(rules, "rule"), B(" in "), COUNT(files, "file"), B(", "),
               COUNT(errors, "error"), B(", "), COUNT(warnings, "warning"));
}

static struct bytes input_pattern(struct bytes given)
{
    ptrdiff_t equals = bytes_chr(given, '=', 0);
    return equals > 0 ? bytes_slice(given, 0, (size_t)equals) : given;
}

static bool ends(struct bytes word, struct bytes suffix)
{
    return word.len > suffix.len && bytes_eq(bytes_from(word, word.len - suffix.len), suffix);
}

/* --conf in one of the forms that Getopt::Long takes; perhaps there is one in $SECRC. */
static bool gives_conf(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct bytes word = bytes_of(argv[i]);
        while (word.len > 0 && (*word.ptr == '-' || *word.ptr == '+'))
            word = bytes_from(word, 1);
        if (word.ptr != argv[i] && word.len > 0 && ascii_lower(*word.ptr) == 'c')
            return true;
    }
    return getenv("SECRC") != NULL;
}

void advise_on_word(int argc, char **argv)
{
    struct bytes word = argc > 1 ? bytes_of(argv[1]) : B("");
    if (word.len == 0 || *word.ptr == '-' || *word.ptr == '+')
        return;
    const struct cli_command *meant = command_meant(word);
    bool rules = ends(word, B(".sec")), tests = ends(word, B(".sectest"));
    if (meant)
        complain(B("secant: "), SLIPS_ASK(B("the command 'secant "), bytes_of(meant->name), B("'")),
                 B("\n"));
    else if ((rules || tests) && access(argv[1], F_OK) == 0 && !gives_conf(argc, argv))
        complain(B("secant: "), word, B(" is not read: "),
                 SLIPS_ASK(rules ? B("--conf=") : B("'secant test "), word, rules ? B("") : B("'")),
                 B("\n"));
}

void advise_on_inputs(const struct engine *engine)
{
    const struct string_list *input = &engine->options->input;
    bool rules = ruleset_rules(engine->rules.set) > 0;
    if (!log_advises(engine->log))
        return;
    for (size_t i = 0; i < input->count; i++)
        if (names_nothing(input_pattern(input->items[i])))
            log_advise(engine->log, B("no file matches --input="), input->items[i]);
    struct bytes what = rules ? B("no input") : B("no rules");
    if (!rules && inputs_count(engine->io.inputs) == 0)
        what = B("no rules and no input");
    else if (rules && inputs_count(engine->io.inputs) > 0)
        return;
    struct bytes then = !engine->options->in.tail && inputs_count(engine->io.inputs) == 0
                            ? B("the end")
                            : B("nothing to do until a signal comes");
    log_advise(engine->log, what, B(": "), then, B("; see secant --help"));
}
