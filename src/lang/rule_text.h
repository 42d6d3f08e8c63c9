/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule as keywords and values, and building the rule from them. */
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
/* Splits "keyword = value", a line without white space at its ends.  Returns false if the line has
 * another form. */
bool keyword_split(struct bytes line, struct bytes *name, struct bytes *value);
/* Adds a keyword.  If it is already there, it keeps its place and gets the new value; the old value
 * is returned, else NULL. */
const struct bytes *rule_text_set(struct rule_text *text, struct bytes name, struct bytes value);
struct keyword *rule_text_find(const struct rule_text *text, struct bytes name); /* NULL: none */

/* Reads the keywords of a loaded rule again, as they are in its text, including rem, label and
 * overridden values.  Takes the next one off *text (initially rule->text); returns false at the
 * end. */
bool rule_next_keyword(struct bytes *text, struct keyword *keyword);
/* Finds the last one of that name in such a text, which is the one that counts.  Returns false if
 * there is none. */
bool keyword_find(struct bytes text, struct bytes name, struct keyword *keyword);
bool rule_keyword(const struct rule *rule, struct bytes name, struct keyword *keyword);

/* Does this line, without white space at its ends, end a rule?  Empty lines and comments do. */
static inline bool line_ends_rule(struct bytes line)
{
    return line.len == 0 || *line.ptr == '#';
}

/* The type of that name, given in upper case, with or without the number of an EventGroup; NULL if
 * there is none. */
const struct rule_type *rule_type_find(const struct parse_env *env, struct bytes name);

/* Is this one of the type's own keywords, including those of the second and later patterns?
 * Keywords of all rules (type, rem, label) do not count. */
bool rule_type_has(const struct rule_type *type, struct bytes keyword);

/* Checks that all required keywords are there and no others than those of the type; type_name is
 * the type as the rule has it, in upper case.  Reports what is wrong and returns false then. */
bool check_keywords(const struct parser *parser, const struct rule_type *type,
                    struct bytes type_name, size_t part_count, struct rule_text *text);
/* Checks that every keyword is marked as known; reports others and returns false then. */
bool check_all_known(const struct parser *parser, struct bytes type_name,
                     const struct rule_text *text);
/* "ptype" and 2 give "ptype3", the keyword of the third pattern; "ptype" and 0 "ptype". */
struct bytes numbered_keyword(const char *name, size_t part, struct buf *room);
/* Fields of EventGroup rules belong to one pattern or to all; other rules just have fields. */
enum field_group { FIELDS_ALL, FIELDS_NUMBERED, FIELDS_SHARED };
bool field_belongs(const struct field *field, enum field_group which);

/* The passes for texts that belong to the first match of a part, to a Pair's second match, to all
 * patterns, and to a field with this part. */
unsigned passes_of_part(const struct rule *rule, size_t part);
unsigned passes_second(const struct rule *rule);
unsigned passes_shared(const struct rule *rule);
unsigned passes_of_field(const struct rule *rule, size_t part);

/* Reads all fields of the rule's type into parser->rule.  Returns false on errors, which are
 * reported. */
bool rule_read_fields(struct parser *parser, struct rule_text *text);
/* Reads an Options rule into parser->file. */
bool rule_options_read(struct parser *parser, struct bytes type_name, struct rule_text *text);

enum rule_result { RULE_FAULTY, RULE_SOUND, RULE_OPTIONS };
/* Checks and builds parser->rule, which must be zero except for its file, id and line.  Errors are
 * reported; the caller must then dispose of the rule. */
enum rule_result rule_build(struct parser *parser, struct rule_text *text);
/* Frees what the rule owns outside the arena. */
void rule_dispose(struct rule *rule);

#endif
