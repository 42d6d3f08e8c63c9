/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In libFuzzer's place: runs the inputs that stand in the files and folders of the command line,
 * each once.  So every compiler builds the targets, and `make check` runs their seeds. */
#include <dirent.h>

#include "fuzz.h"

static size_t runs;

static void run_file(const char *path, int (*one)(const uint8_t *data, size_t size))
{
    FILE *file = fopen(path, "rbe");
    struct buf text = {0};
    char piece[4096];
    if (!file)
        return;
    for (size_t n; (n = fread(piece, 1, sizeof(piece), file)) > 0;)
        buf_add(&text, bytes_make(piece, n));
    fclose(file);
    /* A copy of just that size, so that the sanitizers see where it ends. */
    struct bytes exact = {bytes_cstr(buf_bytes(&text)), text.len};
    one((const uint8_t *)exact.ptr, exact.len);
    runs++;
    bytes_free(exact);
    buf_free(&text);
}

static void run_path(const char *path, int (*one)(const uint8_t *data, size_t size))
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) {
        run_file(path, one);
        return;
    }
    for (int i = 0; i < count; i++) {
        struct buf name = {0};
        buf_cat(&name, bytes_of(path), B("/"), bytes_of(entries[i]->d_name));
        buf_char(&name, '\0');
        if (entries[i]->d_name[0] != '.')
            run_file(name.ptr, one);
        buf_free(&name);
        free(entries[i]);
    }
    free(entries);
}

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size))
{
    for (int i = 1; i < *argc; i++)
        run_path((*argv)[i], one);
    fprintf(stderr, "%zu runs\n", runs);
    return 0;
}
