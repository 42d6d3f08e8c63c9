/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/migrate.h"

#include <stdio.h>

#include "migrate/tell.h"
#include "stage/interrupt.h"

enum { VERSION_SECONDS = 20 }; /* that SEC has to say which one it is */

static bool compare(struct course *course, int argc, char **argv)
{
    return course_run(course, argc, argv) &&
           (course->comparison.found == 0 || interrupted || course_judge(course));
}

int migrate_run(const struct migrate_options *options, struct options *engine_options, int argc,
                char **argv)
{
    static struct course course; /* code in rules may end a copy of the process anywhere */
    struct buf text = {0}, why = {0};
    course.options = options;
    course.engine_options = engine_options;
    catch_interrupts();
    bool known = upstream_version(options->reference, VERSION_SECONDS, &course.version, &why);
    if (!known)
        buf_cat(&course.why, B("--ref: "), buf_bytes(&why), B("\n"));
    bool whole = known && compare(&course, argc, argv);
    if (course.lines > 0)
        tell_text(&course, &text);
    fwrite(text.ptr, 1, text.len, stdout);
    fwrite(course.why.ptr, 1, course.why.len, stderr);
    int status = tell_real(&course) > 0 ? MIGRATE_DIFFERS : MIGRATE_EQUAL;
    course_free(&course);
    buf_free(&text);
    buf_free(&why);
    return interrupted ? 128 + interrupted : whole ? status : MIGRATE_FAILED;
}
