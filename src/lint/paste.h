/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds pieces of log lines in texts that a shell or Perl parses: whoever can write to the log can
 * inject code there.
 *
 * The text is put together as at run time, from a line that was made for it (witness/sample.h), and
 * again with harmless letters in place of what was put into the line: if it is parsed differently
 * then, the line is a witness. */
#ifndef SECANT_LINT_PASTE_H
#define SECANT_LINT_PASTE_H

#include "lint/embedded.h"
#include "lint/lint.h"

struct paste {
    const struct visit_spot *spot;
    const struct template *text;
    struct bytes variable;       /* in the text: "$1", "%x", "%s" */
    struct bytes from;           /* what it contains of the match: "$1" */
    bool quoted;                 /* it is quoted for the shell once more */
    struct bytes line;           /* a line that the pattern matches */
    struct bytes held;           /* what was put into the line */
    struct bytes read;           /* the text that results */
    struct bytes harmless;       /* the same with letters in place of what was put in */
    bool several;                /* there are more such variables in the text */
    struct bytes names;          /* all of them: "$1, $2 and $3 (in %s)" */
    struct bytes arguments;      /* all of them as in the text: "$1 %s" */
    const struct action *around; /* the action whose list contains the text; NULL: none */
};

struct paste_reader {
    enum embedded_language language; /* of the texts that it reads */
    const struct bytes *held;        /* what to try to put in, the most convincing first */
    size_t held_count;
    /* Writes how the text is parsed; texts that differ only in letters have the same shape. */
    void (*shape)(struct bytes text, struct buf *shape);
    /* Returns false if it shows nothing, and the next one has to be tried.  NULL: all show
     * something. */
    bool (*shows)(const struct paste *paste);
    /* Called once for each text, with the variable that shows most. */
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
