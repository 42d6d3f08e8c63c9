/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A self-contained page of HTML: it includes its style, fetches nothing, and no script can run in
 * it.  It is also well-formed XML.
 *
 * Texts come from logs, so they may contain anything.  What has a meaning in HTML is escaped, and
 * what is invisible or misleading is shown as a number, marked as such: control characters, bytes
 * that are not UTF-8, direction marks and characters of zero width. */
#ifndef SECANT_MIGRATE_PAGE_H
#define SECANT_MIGRATE_PAGE_H

#include "base/bytes.h"

void page_begin(struct buf *out, struct bytes title);
void page_end(struct buf *out);
/* Appends the text, to be displayed as it is. */
void page_text(struct buf *out, struct bytes text);
/* The same with the part from..to marked; both ends are moved outwards to where characters
 * begin. */
void page_marked(struct buf *out, struct bytes text, size_t from, size_t to);
/* <TAG>text</TAG>; tag: with its attributes, such as "td class='n'". */
void page_element(struct buf *out, struct bytes tag, struct bytes text);

#endif
