/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report of a comparison as a page, for those who have to agree to the move. */
#ifndef SECANT_MIGRATE_TELL_HTML_H
#define SECANT_MIGRATE_TELL_HTML_H

#include "migrate/tell.h"

/* version: of SEC; minimal: NULL: there is none; whole: it was compared to its end, otherwise the
 * course says why not. */
void tell_html(const struct course *course, struct bytes version, const struct minimal *minimal,
               bool whole, struct buf *out);

/* Its parts.  Differences that are of chance, or those that are not. */
void html_differences(const struct course *course, bool chance, struct buf *out);
void html_setting(const struct course *course, struct bytes version, struct buf *out);
void html_rules(const struct course *course, struct buf *out);
void html_case(const struct minimal *minimal, const struct course *course, struct buf *out);
void html_uncompared(const struct course *course, struct buf *out);
void html_refusals(const struct course *course, struct buf *out);

#endif
