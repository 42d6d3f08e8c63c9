/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library: packages of rules that come with the program, and which of them are enabled.
 *
 * A package is a folder NAME of the library that holds rules, NAME.sec, with a head of comments;
 * the package base, which all others need, has alert.sec instead.  A package is enabled by links to
 * its rule files in the folder whose *.sec files the service loads.  Files that users change
 * (settings.sec, and files that rules expect in /etc/secant) are copied there once and belong to
 * the user from then on.  testing.sec and other files than *.sec stay in the library.
 */
#ifndef SECANT_LIBRARY_LIBRARY_H
#define SECANT_LIBRARY_LIBRARY_H

#include "base/arena.h"

/* What the service's folder has under a file's name: nothing, a link to the file or a copy of it,
 * or a file of the user's own. */
enum target_state { FILE_MISSING, FILE_THERE, FILE_THEIRS };

struct package_file {
    struct bytes source; /* in the library, absolute */
    struct bytes target; /* in the service's folder */
    bool copy;           /* not a link; a target of any kind is one that is there */
    enum target_state state;
};

/* GONE: the library has no such package, but there are links to its files. */
enum package_state { PACKAGE_OFF, PACKAGE_ON, PACKAGE_PART, PACKAGE_GONE };

/* A link to a file that its package no longer has. */
struct dangling {
    struct bytes path, text; /* in the service's folder; what the link says */
};

struct package {
    struct bytes name, folder;
    struct bytes head;     /* without the marks of comments, a line each; "": there is none */
    struct bytes sentence; /* the first one of it, without its period; "" */
    struct package_file *files;
    size_t file_count, file_room;
    struct dangling *dangling;
    size_t dangling_count, dangling_room;
    size_t rules, tests; /* how many; tests as `secant test` counts them */
    enum package_state state;
};

/* All texts end with a NUL, which is not counted, and last as long as the library. */
struct library {
    struct arena arena;
    struct bytes rules, etc;  /* its folder, and the service's; both absolute */
    struct package *packages; /* owned, in the order of their names */
    size_t count, room;
    struct bytes *others; /* rule files in the service's folder that are of no package; owned */
    size_t other_count, other_room;
};

/* The default folders: the library next to the program, as installed (BIN/../share/secant) or built
 * (BUILD/../rules); and the service's folder, set by the build.  false: there is no library next to
 * the program; `why` says where it was searched for. */
bool library_beside(struct buf *folder, struct buf *why);
struct bytes library_etc(void);

/* Reads both folders.  A missing service folder counts as empty.  false: `why` says what cannot be
 * read; call library_close even then. */
bool library_open(struct library *library, struct bytes rules, struct bytes etc, struct buf *why);
void library_close(struct library *library);

/* NULL: there is none of this name. */
const struct package *library_find(const struct library *library, struct bytes name);
static inline bool package_is_base(const struct package *package)
{
    return bytes_eq(package->name, B("base"));
}
/* The service loads some of its rules, perhaps all. */
static inline bool package_is_enabled(const struct package *package)
{
    return package->state == PACKAGE_ON || package->state == PACKAGE_PART;
}
struct bytes
package_state_word(enum package_state state); /* "enabled", "partly", "-", "dangling" */

#endif
