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

/* The expanded text of a WORD, TEXT or QUOTED argument; valid until the arena is reset. */
static inline struct bytes argument(struct engine *engine, const struct action *action, int index,
                                    const struct scope *scope)
{
    return expand(engine, action->args[index].text, scope);
}

/* Performs the effect of an action. */
static inline void take_effect(struct engine *engine, const struct action *action,
                               struct effect effect)
{
    effect.rule = action->within->rule;
    effects_take(engine->effects, &effect);
}

/* The command of a WORDS argument: its words, and as its text the words joined by blanks; in the
 * arena. */
struct command argument_command(struct engine *engine, const struct arg *arg,
                                const struct scope *scope);
/* Feeds text and a newline to the command, or, if that is NULL, to standard output. */
void feed(struct engine *engine, const struct action *action, const struct command *command,
          struct bytes text);

/* Set the variable of a VARIABLE argument and log that. */
void set_text(struct engine *engine, const struct arg *variable, struct bytes text);
void set_number(struct engine *engine, const struct arg *variable, int64_t number);
/* The variable's name as messages have it, to be put between quotes: "%name". */
#define VARIABLE_NAME(arg) B("%"), (arg)->name

/* Takes the next event off a text with one event per line; empty lines at its end do not count.
 * struct bytes rest = text; while (next_event(&rest, &event)) ... */
bool next_event(struct bytes *rest, struct bytes *event);
size_t count_events(struct bytes text);
/* Texts joined with a separator, in the arena. */
struct bytes joined(struct engine *engine, const struct bytes *texts, size_t count, char separator);

/* The text within apostrophes, safe for a shell. */
struct bytes shell_quoted(struct engine *engine, struct bytes text);

#endif
