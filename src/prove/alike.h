/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds failures of a test file that have the same cause, so that only the first one is shown in
 * full. */
#ifndef SECANT_PROVE_ALIKE_H
#define SECANT_PROVE_ALIKE_H

#include <jansson.h>

struct alike {
    json_t *seen; /* owned; maps each cause to its place; NULL: none yet */
};

void alike_free(struct alike *alike);
/* Gives a failure a member `as` ("ssh.sectest:15", "ssh.sectest:15, row 2") that names an earlier
 * failure of the same file, if both have the same cause, or if one of its findings is the first one
 * of a failure that is shown in full; that finding becomes the member `shared`.  An outcome with
 * the same errors as an earlier one gets `as`, too.  Outcomes must come in the order of their
 * files. */
void alike_note(struct alike *alike, json_t *outcome);

#endif
