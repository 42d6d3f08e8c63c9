/* Texts of --help and --version. */
#ifndef SECANT_CLI_USAGE_H
#define SECANT_CLI_USAGE_H

#define SEC_VERSION "SEC (Simple Event Correlator) 2.9.4"
#define SECANT_VERSION "0.1.0"
#define VERSION_TEXT SEC_VERSION ", Secant " SECANT_VERSION

void usage_print(const char *program);
void version_print(void);

#endif
