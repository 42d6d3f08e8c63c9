/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libarchive, loaded when the first compressed file is opened.
 *
 * Linking it would pull a dozen more libraries into every start of the program: 4 ms on top of 6,
 * and 3 MB, though a live run never needs it.
 */
#ifndef SECANT_IO_ARCHIVE_H
#define SECANT_IO_ARCHIVE_H

#include <archive.h>

#define EACH_ARCHIVE_FUNCTION(F)                                                                   \
    F(archive_errno)                                                                               \
    F(archive_error_string)                                                                        \
    F(archive_filter_code)                                                                         \
    F(archive_read_data)                                                                           \
    F(archive_read_free)                                                                           \
    F(archive_read_new)                                                                            \
    F(archive_read_next_header)                                                                    \
    F(archive_read_open)                                                                           \
    F(archive_read_support_filter_bzip2)                                                           \
    F(archive_read_support_filter_gzip)                                                            \
    F(archive_read_support_filter_xz)                                                              \
    F(archive_read_support_filter_zstd)                                                            \
    F(archive_read_support_format_empty)                                                           \
    F(archive_read_support_format_raw)                                                             \
    F(archive_set_error)

/* Pointers to the functions, under the names that <archive.h> gives them. */
struct archive_library {
#define MEMBER(name) __typeof__(name) *name;
    EACH_ARCHIVE_FUNCTION(MEMBER)
#undef MEMBER
};

/* Returns NULL if the library is not installed or is of an unknown release; *why then has the
 * reason, valid until the next call. */
const struct archive_library *archive_library(const char **why);

#endif
