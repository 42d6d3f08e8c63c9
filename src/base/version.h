/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version, as --version, the log, the dumps and $main::SEC_VERSION give it.  It begins with
 * upstream's, for scripts that look for that. */
#ifndef SECANT_BASE_VERSION_H
#define SECANT_BASE_VERSION_H

#define SEC_VERSION "SEC (Simple Event Correlator) 2.9.4"
#define SECANT_VERSION "0.2.0"
#define VERSION_TEXT SEC_VERSION ", Secant " SECANT_VERSION

#endif
