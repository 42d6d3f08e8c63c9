/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files and the rule set, which is loaded from the files that --conf names.
 *
 * A rule file owns all memory of its rules (its source and one arena) and is reference-counted:
 * operations, contexts and children that keep an action list keep the file alive after a reload
 * has dropped it.
 */
#ifndef SECANT_LANG_RULESET_H
#define SECANT_LANG_RULESET_H

#include <time.h>

#include "lang/rule.h"
#include "lang/source.h"
#include "match/prefilter.h"
#include "log/log.h"

struct rule_file {
    unsigned refs;
    struct arena arena;
    struct bytes name;
    size_t number;        /* index in its set */
    struct source source; /* empty when there is none: actions that come from Perl */
    size_t count;
    struct rule **rules; /* by id */
    int64_t loaded;      /* when it was read */
    int64_t modified;    /* its mtime then; 0: not available */
    bool jump_only;      /* procallin=no */
    size_t cfset_count;
    struct bytes *cfsets; /* joincfset */
    size_t code_count, code_room;
    struct perl_value **codes; /* heap: code of lists and expressions, one reference each */
    size_t kept_count, kept_room;
    struct bytes *kept; /* heap; names in the source, as in the set, each once */
};

/* A file without rules, with one reference, which is the caller's.  For action lists that come from
 * no file, the name is empty and the times are 0. */
struct rule_file *rule_file_new(struct bytes name, int64_t loaded, int64_t modified);
void rule_file_keep(struct rule_file *file, struct perl_value *code); /* takes over a reference */
void rule_file_retain(struct rule_file *file);
void rule_file_release(struct rule_file *file);

struct cfset {
    struct bytes name;
    size_t count;
    struct rule_file **files;
};

/* A Perl variable that is kept. */
struct kept_name {
    struct bytes name;            /* "%hits", in the file's source, thus its line is known */
    const struct rule_file *file; /* the first one that names it */
};

struct ruleset {
    size_t file_count;
    struct rule_file **files; /* in glob order */
    size_t main_count;
    struct rule_file **main_files; /* those that process all input */
    size_t calendar_count;
    struct rule **calendar; /* Calendar rules in order */
    struct table cfsets;    /* struct cfset by name */
    size_t kept_count;
    struct kept_name *kept; /* rem=state of all files (lang/kept.h), each name once, in order */
    int64_t loaded;         /* time of the last load */
};

/* Variables of package main, with sigils, that Perl code does not find: a NULL-terminated list of
 * less than 63; and a hash whose entries can be read and deleted, but not created. */
struct hidden_names {
    const char *const *absent;
    const char *read_only;
};

struct finding;

/* The parser's input. */
struct parse_env {
    struct log *log;
    const struct clock *clock;
    struct names *names;                       /* action list variables */
    const struct rule_type *const *rule_types; /* NULL-terminated */
    const struct action_type *const *action_types;
    const struct hidden_names *hidden; /* NULL: not checked */
    size_t bufsize;                    /* --bufsize; 0: determined from the rules */
    /* Gets messages about rule files (lang/diag.h).  NULL: they go to the log. */
    void (*on_finding)(void *listener, const struct finding *finding);
    void *listener;
    /* Reads the rule file of this name, instead of read_name.  NULL: read_name is used. */
    bool (*read)(void *reader, struct bytes name, struct buf *content);
    void *reader;
    /* Is this action, keyword or "EndMatch" part of the language?  NULL: all are. */
    bool (*knows)(void *knower, struct bytes word);
    void *knower;
};

struct ruleset *ruleset_new(void);
void ruleset_free(struct ruleset *set);
/* Reads everything again.  Returns true if every rule of every file is sound.  Messages go to env's
 * listener, or the log. */
bool ruleset_load(struct ruleset *set, const struct parse_env *env, const struct bytes *patterns,
                  size_t count);
/* Soft restart: reads only new and modified files.  *changed: names of files that were modified or
 * are gone; the array and its texts are one allocation, which the caller frees with free(). */
void ruleset_reload(struct ruleset *set, const struct parse_env *env, const struct bytes *patterns,
                    size_t count, struct bytes **changed, size_t *changed_count);
size_t ruleset_rules(const struct ruleset *set); /* the number of rules */
/* The largest number of lines that a pattern looks at, at least 1. */
size_t ruleset_lines(const struct ruleset *set);
struct rule_file *ruleset_file(const struct ruleset *set, struct bytes name); /* NULL: none */
const struct cfset *ruleset_cfset(const struct ruleset *set, struct bytes name);
/* Calls `see` for each name under which a pattern of a rule caches its matches, in the order of the
 * files, until it returns false. */
void ruleset_cached_names(const struct ruleset *set,
                          bool (*see)(void *arg, const struct rule *rule,
                                      struct varmap_entry *entry),
                          void *arg);
/* The first rule whose pattern is for SEC_STARTUP, including SEC_(?:STARTUP|RESTART) and similar;
 * NULL: none. */
const struct rule *ruleset_for_start(const struct ruleset *set);

#endif
