/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of lines in texts that a shell or Perl reads: whoever writes to the log writes there, too.
 *
 * The text is put together as at run time, from a line that was made for it (witness/sample.h), and
 * again with harmless letters in place of what was put into the line: if it is read in another way,
 * the line is a witness. */
#ifndef SECANT_LINT_PASTE_H
#define SECANT_LINT_PASTE_H

#include "lint/embedded.h"
#include "lint/lint.h"

struct paste {
    const struct visit_spot *spot;
    const struct template *text;
    struct bytes variable;       /* in the text: "$1", "%x", "%s" */
    struct bytes from;           /* what it holds of the match: "$1" */
    bool quoted;                 /* it is quoted for the shell once more */
    struct bytes line;           /* that the pattern matches */
    struct bytes held;           /* what was put into it */
    struct bytes read;           /* what the text then is */
    struct bytes harmless;       /* the same with letters in place of what was put in */
    bool several;                /* there are more such variables in the text: */
    struct bytes names;          /* all of them, "$1, $2 and $3 (in %s)" */
    struct bytes arguments;      /* the same as the text has them, "$1 %s" */
    const struct action *around; /* the action whose list the text is in; NULL: none */
};

struct paste_reader {
    enum embedded_language language; /* of the texts that it reads */
    const struct bytes *held;        /* what is tried, the most telling first */
    size_t held_count;
    /* Writes how the text is divided: of equal shapes are texts that differ in letters only. */
    void (*shape)(struct bytes text, struct buf *shape);
    /* false: it shows nothing; the next one is tried.  NULL: all show something. */
    bool (*shows)(const struct paste *paste);
    /* Once for each text, of the variable that shows most. */
    void (*tell)(struct lint *lint, const struct paste *paste);
};

/* The finding, as "$1 (in %x) <is> <done> and can contain ;id;<does>", with its witness: "makes the
 * <kind> 'rm ;id;'"; of several "$1 and $2 <are> <done>; $1 can contain ...".  Those of a file with
 * the same <alike> and <does> are one for people, as are those of a rule. */
struct paste_words {
    struct bytes is, are, done, does, kind, alike;
};
struct lint_finding *paste_tell(struct lint *lint, const struct paste *paste,
                                const struct paste_words *words);
/* Tells of each text of the rule. */
void paste_look(struct lint *lint, const struct rule *rule, const struct paste_reader *reader);

#endif
