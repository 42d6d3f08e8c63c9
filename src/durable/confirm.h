/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rsyslog's omprog with confirmMessages="on": the program says on standard output when it is
 * ready, and then confirms each line once it is kept.  rsyslog sends again what is not confirmed.
 *
 * The protocol is that of rsyslog's documentation of omprog: one answer for each line, OK, or
 * DEFER_COMMIT within a transaction (useTransactions="on").  The marks around a transaction are
 * lines of their own, which are confirmed with OK and hidden from rules; they are rsyslog's
 * defaults for beginTransactionMark and commitTransactionMark. */
#ifndef SECANT_DURABLE_CONFIRM_H
#define SECANT_DURABLE_CONFIRM_H

#include "log/log.h"

struct confirm;

/* Takes over standard output: whatever else is written there goes to standard error from now on,
 * which is logged once.  To be called before anything is written to it, thus before rules are
 * loaded.  Returns NULL if this fails, and logs why. */
struct confirm *confirm_new(struct log *log);
void confirm_free(struct confirm *confirm); /* NULL is allowed */

/* Says that the program is ready for the first line. */
void confirm_ready(struct confirm *confirm);
/* These bytes of standard input are kept: confirms the lines that end in them. */
void confirm_bytes(struct confirm *confirm, struct bytes bytes);

/* Is this line of standard input a mark of a transaction, which rules must not see? */
bool confirm_is_mark(struct bytes line);

#endif
