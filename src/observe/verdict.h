/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a line at a rule, in the order in which the stages of matching come. */
#ifndef SECANT_OBSERVE_VERDICT_H
#define SECANT_OBSERVE_VERDICT_H

enum verdict {
    /* The rule was not tried. */
    VERDICT_NOT_REACHED, /* an earlier rule ended the matching, in this file or of the line */
    VERDICT_PASSED,      /* an earlier rule sent the line on to a later one */
    VERDICT_NO_LITERAL,  /* the line lacks a text that the pattern needs */
    /* It was tried, but did not match. */
    VERDICT_CONTEXT_FIRST,  /* its []-context does not hold */
    VERDICT_NO_MATCH,       /* its pattern does not match */
    VERDICT_NO_CACHE_ENTRY, /* the cached match that it looks for is not there */
    VERDICT_CONTEXT,        /* its context does not hold */
    /* Pattern and context match: what a rule of its type made of it. */
    VERDICT_MATCHED,       /* not known yet; no observer hears this one */
    VERDICT_ACTED,         /* the action list ran */
    VERDICT_BEGUN,         /* an operation began; its actions come later */
    VERDICT_COUNTED,       /* an operation counts it; its threshold is not reached */
    VERDICT_HELD,          /* an existing operation suppresses it */
    VERDICT_ENDED,         /* it is the second event that operations of a Pair rule waited for */
    VERDICT_STARTED,       /* a command began that decides which actions run */
    VERDICT_FAILED,        /* the operation or command could not begin; the log says why */
    VERDICT_DROPPED,       /* dropped by a Suppress rule */
    VERDICT_JUMPED,        /* went through other rule files */
    VERDICT_JUMPED_TO_END, /* the same, and one of their rules ended all matching */
    VERDICT_NO_SET,        /* no set of files could be entered; the log says why */
};

/* "the context does not hold" and similar. */
const char *verdict_text(enum verdict verdict);

#endif
