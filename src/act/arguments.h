/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What actions share: common parameters, texts of arguments, results in variables. */
#ifndef SECANT_ACT_ARGUMENTS_H
#define SECANT_ACT_ARGUMENTS_H

#include "state/engine.h"

/* clang-format off */
#define NEEDED_WORD(noun)     {.kind = PARAM_WORD, .what = (noun)}
#define CONTEXT_NAME          {.kind = PARAM_WORD, .what = "context name"}
#define WORD_OR(text)         {.kind = PARAM_WORD, .optional = true, .fallback = (text)}
#define EVENT_TEXT            {.kind = PARAM_TEXT, .optional = true, .fallback = "%s"}
#define VARIABLE              {.kind = PARAM_VARIABLE}
#define VARIABLE_OR_NONE      {.kind = PARAM_VARIABLE, .optional = true}
/* clang-format on */

/* The text of a WORD, TEXT or QUOTED argument here; it lives until the arena is reset. */
static inline struct bytes argument(struct engine *engine, const struct action *action, int index,
                                    const struct scope *scope)
{
    return expand(engine, action->args[index].text, scope);
}

/* The effect of an action. */
static inline void take_effect(struct engine *engine, const struct action *action,
                               struct effect effect)
{
    effect.rule = action->within->rule;
    effects_take(engine->effects, &effect);
}

/* The command of a WORDS argument: its words, and as text the words
 * joined by blanks; in the arena. */
struct command argument_command(struct engine *engine, const struct arg *arg,
                                const struct scope *scope);
/* Gives text and a newline to the command; NULL: to standard output. */
void feed(struct engine *engine, const struct action *action, const struct command *command,
          struct bytes text);

/* Sets the variable of a VARIABLE argument and says so in the log. */
void set_text(struct engine *engine, const struct arg *variable, struct bytes text);
void set_number(struct engine *engine, const struct arg *variable, int64_t number);
/* The variable's name as messages have it, to be put between quotes: "%name". */
#define VARIABLE_NAME(arg) B("%"), (arg)->name

/* Takes the next event off a text of events, one a line; empty lines at its end are none.
 * struct bytes rest = text; while (next_event(&rest, &event)) ... */
bool next_event(struct bytes *rest, struct bytes *event);
size_t count_events(struct bytes text);
/* Texts joined with a separator, in the arena. */
struct bytes joined(struct engine *engine, const struct bytes *texts, size_t count, char separator);

/* The text within apostrophes, safe for a shell. */
struct bytes shell_quoted(struct engine *engine, struct bytes text);

#endif
