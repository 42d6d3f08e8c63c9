/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of --help and --version. */
#ifndef SECANT_CLI_USAGE_H
#define SECANT_CLI_USAGE_H

void usage_print(const char *program);
void version_print(void);

#endif
