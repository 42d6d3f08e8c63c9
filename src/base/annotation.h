/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Workflow commands of GitHub Actions (docs.github.com, "Workflow commands for GitHub Actions"): a
 * line ::error file=F,line=N,title=T::TEXT shows the text beside that line of the file. */
#ifndef SECANT_BASE_ANNOTATION_H
#define SECANT_BASE_ANNOTATION_H

#include "base/bytes.h"

struct annotation {
    const char *level; /* "error", "warning", "notice" */
    /* The file as GitHub knows it: from the top of the repository, where a workflow's steps run. */
    struct bytes file;
    int64_t line, column, end_line, end_column; /* from 1; 0: not given */
    struct bytes title;
};

/* Appends the line up to where its text begins. */
void annotation_begin(struct buf *out, const struct annotation *annotation);
/* Appends text; its newlines are shown as such. */
void annotation_add(struct buf *out, struct bytes text);
/* Ends the line. */
void annotation_end(struct buf *out);

#endif
