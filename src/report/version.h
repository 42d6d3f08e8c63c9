/* The version, as --version, the log and the dumps give it.  It begins with upstream's, for
 * scripts that look for that. */
#ifndef SECANT_REPORT_VERSION_H
#define SECANT_REPORT_VERSION_H

#define SEC_VERSION "SEC (Simple Event Correlator) 2.9.4"
#define SECANT_VERSION "0.1.0"
#define VERSION_TEXT SEC_VERSION ", Secant " SECANT_VERSION

#endif
