/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action list variables: %name.  Names are numbers (base/names.h); a variable is found by index.
 *
 * The built-in ones (%s %t %u, the %.-time and character variables, %%) are ordinary variables
 * that the engine sets: the time ones again at each substitution of a text that holds a %.
 */
#ifndef SECANT_STATE_VARIABLES_H
#define SECANT_STATE_VARIABLES_H

#include "base/names.h"
#include "clock/clock.h"
#include "perl/interp.h"

enum variable_kind {
    VARIABLE_ABSENT,
    VARIABLE_UNDEF,
    VARIABLE_TEXT,
    VARIABLE_NUMBER,
    VARIABLE_CODE
};

struct variable {
    enum variable_kind kind;
    struct buf text;         /* TEXT, NUMBER; CODE: its stringification */
    struct perl_value *code; /* CODE: any Perl reference; counted */
};

struct variables;

struct variables *variables_new(struct names *names, const struct clock *clock);
void variables_free(struct variables *variables);
/* Removes all variables, then sets the built-in ones of this second and the characters (at the
 * start and after HUP). */
void variables_reset(struct variables *variables);
/* The second of the built-in time variables. */
int64_t variables_touched(const struct variables *variables);
/* Removes all variables, including the built-in ones, in order to restore those of a previous run.
 * The time variables are not set again before the second differs from `touched`. */
void variables_clear(struct variables *variables, int64_t touched);
/* The variable, for reading; VARIABLE_ABSENT if there is none.  Valid until the next call. */
const struct variable *variables_get(struct variables *variables, uint32_t id);
void variables_set(struct variables *variables, uint32_t id, struct bytes text);
void variables_set_number(struct variables *variables, uint32_t id, int64_t number);
/* Sets a number from Perl, given as Perl prints it. */
void variables_set_numeric(struct variables *variables, uint32_t id, struct bytes text);
void variables_set_undef(struct variables *variables, uint32_t id);
/* Takes over a reference to value. */
void variables_set_value(struct variables *variables, uint32_t id, struct perl_value *value,
                         struct bytes text);
void variables_unset(struct variables *variables, uint32_t id);
bool variables_true(struct variables *variables, uint32_t id); /* exists and true */
/* To be called when a text that contains a % is expanded: sets %s to s, and %t, %u and the time
 * variables to the current second. */
void variables_touch(struct variables *variables, struct bytes s);
/* Appends the value, or nothing if it is absent or undef.  Time variables are up to date after
 * variables_touch. */
void variables_append(struct variables *variables, uint32_t id, struct buf *out);
/* Lists all existing variables, sorted by name, for dumps.  The list is in the arena; the variables
 * it points to are valid until the next call of any of these functions. */
struct variable_entry {
    struct bytes name;
    const struct variable *variable;
};
size_t variables_list(struct variables *variables, struct arena *arena,
                      struct variable_entry **list);

#endif
