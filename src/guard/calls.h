/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that change something outside: their names, and what they aim at. */
#ifndef SECANT_GUARD_CALLS_H
#define SECANT_GUARD_CALLS_H

#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>

/* The processors whose calls are known here. */
#if defined(__x86_64__) && defined(__LP64__)
#define PROCESSOR AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__LP64__) && !defined(__AARCH64EB__)
#define PROCESSOR AUDIT_ARCH_AARCH64
#endif

/* What the target is, in the arguments from number `at` on. */
enum call_target {
    TARGET_NONE,
    TARGET_PATH,    /* a path */
    TARGET_PATHS,   /* two of them */
    TARGET_AT,      /* a folder's descriptor and a path, which may be empty or NULL */
    TARGET_ATS,     /* two pairs of them */
    TARGET_FILE,    /* a descriptor */
    TARGET_ADDRESS, /* a socket's address and its length */
    TARGET_MESSAGE, /* a struct msghdr */
    TARGET_COMMAND, /* a path and the words of a command */
    TARGET_NUMBER,
    TARGET_PROCESS /* a process ID, which may be that of the caller */
};

struct call {
    const char *name; /* of the function as people know it: "unlink" for unlinkat */
    enum call_target target;
    int at;
    /* It only changes files, and is allowed for those of a folder that may be changed: its target
     * is PATH, PATHS, AT, ATS or FILE. */
    bool files;
    bool opens; /* it opens a file for writing, which is allowed for the null device */
};

/* Returns NULL if the call is not known. */
const struct call *call_find(uint32_t processor, int number);

#endif
