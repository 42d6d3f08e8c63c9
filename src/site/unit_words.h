/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a command in a unit, as systemd makes them (systemd.service(5), "Command lines";
 * what the page leaves open is as systemd 252 does it): first quotes and backslashes go, then
 * specifiers (%n), then variables of the environment. */
#ifndef SECANT_SITE_UNIT_WORDS_H
#define SECANT_SITE_UNIT_WORDS_H

#include "base/arena.h"
#include "site/env_file.h"

struct word_list {
    struct bytes *items; /* owned; the texts are in the arena, each with a NUL after it */
    size_t count, room;
};

/* Splits a text; full_name: of the unit, for specifiers.  false: *why says what is wrong. */
bool unit_split(struct arena *arena, struct bytes text, struct bytes full_name,
                struct word_list *words, struct buf *why);
/* The command of ExecStart=, with its variables.  The prefixes and, after "@", the name that the
 * program is given are left out. */
bool unit_command(struct arena *arena, struct bytes text, struct bytes full_name,
                  const struct environment *environment, struct word_list *words, struct buf *why);
/* The same command with another program: its prefixes, but for "@", that program, and the rest of
 * the text as it is, after so many words. */
void unit_replace_program(struct buf *out, struct bytes text, struct bytes program, size_t words);
void word_list_add(struct word_list *words, struct arena *arena, struct bytes word);
void word_list_free(struct word_list *words);

#endif
