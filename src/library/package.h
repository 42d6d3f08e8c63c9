/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One package as it is read: its files, their text, and what is in the service's folder of it. */
#ifndef SECANT_LIBRARY_PACKAGE_H
#define SECANT_LIBRARY_PACKAGE_H

#include "library/library.h"

/* Appends the package, if the folder of the library of that name is one.  false: `why` says what
 * cannot be read. */
bool package_read(struct library *library, struct bytes name, struct buf *why);
/* An empty one at the end, in the state GONE, for links to it. */
struct package *package_add(struct library *library, struct bytes name);

/* The comments that a text begins with, and the first sentence of them, into package->head and
 * ->sentence.  Any text will do. */
void package_read_head(struct library *library, struct package *package, struct bytes text);

#endif
