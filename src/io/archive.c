/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/archive.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The name under which its interface has been the same since 2011. */
#define LIBRARY "libarchive.so.13"

static bool find_function(void *handle, const char *name, void *pointer)
{
    void *found = dlsym(handle, name);
    memcpy(pointer, &found, sizeof(found)); /* C knows no cast from an object to a function */
    return found != NULL;
}

static bool load(struct archive_library *library)
{
    bool complete = true;
    void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return false;
#define FIND(name) complete = complete && find_function(handle, #name, &library->name);
    EACH_ARCHIVE_FUNCTION(FIND)
#undef FIND
    return complete;
}

const struct archive_library *archive_library(const char **why)
{
    static struct archive_library library; /* one for the process, as the loader has it */
    static bool loaded;
    loaded = loaded || load(&library);
    *why = loaded ? NULL : dlerror();
    return loaded ? &library : NULL;
}
