/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rsyslog's omprog with confirmMessages="on": on standard output it is told that the program is
 * ready, and of each line that it is kept.  What is not confirmed it sends again.
 *
 * The protocol is that of rsyslog's documentation of omprog: one line for a line, OK; within a
 * transaction (useTransactions="on") DEFER_COMMIT.  The marks around one are lines of their own,
 * confirmed with OK, and no lines for rules; they are those that rsyslog has without
 * beginTransactionMark and commitTransactionMark. */
#ifndef SECANT_DURABLE_CONFIRM_H
#define SECANT_DURABLE_CONFIRM_H

#include "log/log.h"

struct confirm;

/* Standard output is its own from now on: whatever else goes there goes to standard error, which is
 * said once.  Before anything is written to it, so before rules are loaded.  NULL: it can't be had,
 * and the log says why. */
struct confirm *confirm_new(struct log *log);
void confirm_free(struct confirm *confirm); /* NULL is allowed */

/* The first line may come. */
void confirm_ready(struct confirm *confirm);
/* These bytes of standard input are kept: its lines that end in them are confirmed. */
void confirm_bytes(struct confirm *confirm, struct bytes bytes);

/* Is the line of standard input a mark, which is not for rules? */
bool confirm_is_mark(struct bytes line);

#endif
