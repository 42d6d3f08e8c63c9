/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling a service manager, such as systemd with Type=notify, what state the program is in. */
#ifndef SECANT_CLI_NOTIFY_H
#define SECANT_CLI_NOTIFY_H

/* All do nothing unless $NOTIFY_SOCKET names the manager's socket.  One that does not listen is not
 * complained about: there is nobody who could act on it. */
void notify_ready(void);
void notify_reloading(void); /* to be followed by notify_ready */
void notify_stopping(void);

#endif
