/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the parser share while they read one rule file. */
#ifndef SECANT_LANG_PARSER_H
#define SECANT_LANG_PARSER_H

#include "lang/diag.h"

/* What comments say of the rule under way (lang/kept.h); empty: nothing. */
struct kept_comments {
    struct bytes id;
    struct bytes events; /* all after "events:" */
};

struct parser {
    const struct parse_env *env;
    struct rule_file *file;
    struct diag diag;  /* the place of the rule that is being read */
    struct rule *rule; /* the same, as far as it is built */
    struct kept_comments kept;
    /* Set by parse_context when it fails: the part of the text that is wrong; {0}: it was told. */
    struct bytes fault;
};

/* Whoever listens wants all that is wrong with a rule; upstream's log has only what comes first. */
static inline bool parser_goes_on(const struct parser *parser)
{
    return parser->env->on_finding != NULL;
}

static inline bool parser_knows(const struct parse_env *env, const char *word)
{
    return !env->knows || env->knows(env->knower, bytes_of(word));
}

#define parser_error(parser, code, at, ...) diag_rule(&(parser)->diag, code, at, __VA_ARGS__)

/* The text for as long as the rule file lives: itself when it is of its source, or a copy. */
struct bytes parser_keep(struct parser *parser, struct bytes text);
/* A template of the present rule; masked: \( and \) in the text are ( and ). */
struct template *parse_template(struct parser *parser, struct bytes text, unsigned passes);
struct template *parse_masked(struct parser *parser, struct bytes text, unsigned passes);
/* White space separates the words. */
const struct template *const *parse_words(struct parser *parser, struct bytes text, unsigned passes,
                                          size_t *count);
const struct template *const *parse_masked_words(struct parser *parser, struct bytes text,
                                                 unsigned passes, size_t *count);
/* Compiles code that the rule file keeps.  NULL: *error says why not. */
struct perl_value *parse_code(struct parser *parser, struct bytes text, struct buf *error);
/* %name; gives the name without its token. */
bool parse_variable(struct bytes text, struct bytes *name);

/* These log what is wrong and return NULL or false then. */
struct action_list *parse_actions(struct parser *parser, struct bytes text, unsigned passes);
struct context_expr *parse_context(struct parser *parser, struct bytes text, unsigned passes);
bool parse_timespec(const struct diag *diag, struct bytes text, struct calendar_time *time);
/* first: the type of a Pair's first pattern when this is its second, else NULL. */
bool parse_pattern(struct parser *parser, struct bytes type, struct bytes text,
                   const enum pattern_type *first, struct pattern *pattern);
bool parse_group_pattern(struct parser *parser, struct bytes type, struct bytes text,
                         struct pattern *pattern);
bool parse_varmap(struct parser *parser, enum pattern_type type, struct bytes text,
                  struct varmap **varmap);

/* The match variables that lists and expressions use, collected while they are parsed. */
struct key_uses {
    uint32_t *keys; /* heap */
    size_t count, room;
};
void uses_add_template(struct key_uses *uses, const struct template *template);
void uses_add_words(struct key_uses *uses, const struct template *const *words, size_t count);
void uses_add(struct key_uses *uses, const uint32_t *keys, size_t count);
/* Each once, ascending, in the file's arena; frees the collection.  Returns whether one of them is
 * a pattern match cache entry's. */
bool uses_finish(struct key_uses *uses, struct parser *parser, const uint32_t **keys,
                 size_t *count);

#endif
