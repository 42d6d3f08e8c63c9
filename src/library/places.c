/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the library and the folder of the service are, when nobody says it. */
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/path.h"
#include "library/library.h"
#include "sysconfdir.h"

/* A library has at least base. */
static bool is_library(struct bytes folder)
{
    struct buf path = {0};
    struct stat info;
    buf_cat(&path, folder, B("/base/alert.sec\0"));
    bool is = stat(path.ptr, &info) == 0 && S_ISREG(info.st_mode);
    buf_free(&path);
    return is;
}

bool library_beside(struct buf *folder, struct buf *why)
{
    static const char *const from_above[] = {"/share/secant", "/rules"};
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program));
    if (len < 0) {
        buf_cat(why, B("/proc/self/exe: "), error_text(errno));
        return false;
    }
    struct bytes above = path_folder(path_folder(bytes_make(program, (size_t)len)));
    if (bytes_eq(above, B("/")))
        above = B("");
    for (size_t i = 0; i < sizeof(from_above) / sizeof(*from_above); i++) {
        buf_clear(folder);
        buf_cat(folder, above, bytes_of(from_above[i]));
        if (is_library(buf_bytes(folder))) {
            buf_clear(why);
            return true;
        }
        buf_cat(why, i > 0 ? B(" nor ") : B("neither "), buf_bytes(folder));
    }
    buf_cat(why, B(" has base/alert.sec"));
    return false;
}

struct bytes library_etc(void)
{
    return B(SYSCONFDIR "/secant");
}
