/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page of HTML that is whole in itself: its style is in it, it fetches nothing, and no script can
 * run in it.  It is well-formed XML as well.
 *
 * Texts come from logs, so anything may be in them: what means something to HTML is escaped, and
 * what cannot be seen, or makes a reader see something else, is shown as its number, marked as
 * such: control characters, bytes that are no UTF-8, marks of direction and of no width. */
#ifndef SECANT_MIGRATE_PAGE_H
#define SECANT_MIGRATE_PAGE_H

#include "base/bytes.h"

void page_begin(struct buf *out, struct bytes title);
void page_end(struct buf *out);
/* The text, as it is to be read. */
void page_text(struct buf *out, struct bytes text);
/* The same for one in which the part from..to is what matters; both are moved apart to where
 * characters begin. */
void page_marked(struct buf *out, struct bytes text, size_t from, size_t to);
/* <TAG>text</TAG>; tag: with its attributes, such as "td class='n'". */
void page_element(struct buf *out, struct bytes tag, struct bytes text);

#endif
