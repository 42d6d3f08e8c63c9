/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule as keywords and values, and what is made of it. */
#ifndef SECANT_LANG_RULE_TEXT_H
#define SECANT_LANG_RULE_TEXT_H

#include "base/table.h"
#include "lang/parser.h"

struct keyword {
    struct bytes name, value; /* in the file's source */
    struct keyword *next;     /* in the order of the file */
    bool known;               /* its rule type has a field for it */
};

struct rule_text {
    struct arena arena; /* of the keywords; reset when the rule is done */
    struct keyword *first, **last;
    size_t count;
    struct table table; /* struct keyword by name, when there are many */
};

void rule_text_init(struct rule_text *text);
void rule_text_free(struct rule_text *text);
void rule_text_clear(struct rule_text *text);
/* "keyword = value", a line without white space at its ends; false: it has another form. */
bool keyword_split(struct bytes line, struct bytes *name, struct bytes *value);
/* A keyword that was there before keeps its place and gets the new value; the old one is returned.
 */
const struct bytes *rule_text_set(struct rule_text *text, struct bytes name, struct bytes value);
struct keyword *rule_text_find(const struct rule_text *text, struct bytes name); /* NULL: none */

/* The keywords of a rule once more, as they are in its text: rem, label and values that were
 * overridden as well.  Takes the next one off *text (at first rule->text); false: there is none. */
bool rule_next_keyword(struct bytes *text, struct keyword *keyword);
/* The last one of that name in such a text, which is the one that counts; false: there is none. */
bool keyword_find(struct bytes text, struct bytes name, struct keyword *keyword);
bool rule_keyword(const struct rule *rule, struct bytes name, struct keyword *keyword);

/* Does this line, without white space at its ends, end a rule?  Empty lines and comments do. */
static inline bool line_ends_rule(struct bytes line)
{
    return line.len == 0 || *line.ptr == '#';
}

/* The type of that name in upper case, with or without the number of an EventGroup; NULL: none. */
const struct rule_type *rule_type_find(const struct parse_env *env, struct bytes name);

/* Is it one of the type's own keywords, those of the second pattern and later ones included?  What
 * any rule may have (type, rem, label) is not. */
bool rule_type_has(const struct rule_type *type, struct bytes keyword);

/* All required keywords are there, and no others than those of the type; type_name is the type as
 * the rule has it, in upper case.  Logs and returns false else. */
bool check_keywords(const struct parser *parser, const struct rule_type *type,
                    struct bytes type_name, size_t part_count, struct rule_text *text);
/* Every keyword is marked as known: logs and returns false else. */
bool check_all_known(const struct parser *parser, struct bytes type_name,
                     const struct rule_text *text);
/* "ptype" and 2 give "ptype3", the keyword of the third pattern; "ptype" and 0 "ptype". */
struct bytes numbered_keyword(const char *name, size_t part, struct buf *room);
/* Fields of EventGroup rules belong to one pattern or to all; other rules just have fields. */
enum field_group { FIELDS_ALL, FIELDS_NUMBERED, FIELDS_SHARED };
bool field_belongs(const struct field *field, enum field_group which);

/* Passes that texts go through which belong to the first match of a part, to a Pair's second match,
 * to all patterns, and to a field with this part. */
unsigned passes_of_part(const struct rule *rule, size_t part);
unsigned passes_second(const struct rule *rule);
unsigned passes_shared(const struct rule *rule);
unsigned passes_of_field(const struct rule *rule, size_t part);

/* Reads all fields of the rule's type into parser->rule; false after a logged fault. */
bool rule_read_fields(struct parser *parser, struct rule_text *text);
/* Options: into parser->file. */
bool rule_options_read(struct parser *parser, struct bytes type_name, struct rule_text *text);

enum rule_result { RULE_FAULTY, RULE_SOUND, RULE_OPTIONS };
/* Checks and builds parser->rule, which is zero but for its file, id and line. What is wrong is
 * logged; the rule is to be disposed of then. */
enum rule_result rule_build(struct parser *parser, struct rule_text *text);
/* Gives back what the rule owns outside of the arena. */
void rule_dispose(struct rule *rule);

#endif
