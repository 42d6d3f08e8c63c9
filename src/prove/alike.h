/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Failures of a test file that have the same cause: the first one is told at length. */
#ifndef SECANT_PROVE_ALIKE_H
#define SECANT_PROVE_ALIKE_H

#include <jansson.h>

struct alike {
    json_t *seen; /* owned; by cause: where; NULL: none yet */
};

void alike_free(struct alike *alike);
/* A failure with a cause that was there before, in the same file, gets a member `as`:
 * "ssh.sectest:15", "ssh.sectest:15, row 2"; so does one with a finding that one told at length
 * begins with, and that is its member `shared`; and an outcome with the same errors as one before.
 * Outcomes come in the order of their files. */
void alike_note(struct alike *alike, json_t *outcome);

#endif
