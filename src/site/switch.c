/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "site/switch.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "stage/stage.h"

static struct switching switching; /* there is one */

/* Why rules do not load. */
static void hear_message(void *arg, int level, struct bytes text)
{
    (void)arg;
    if (level <= LOG_ERROR)
        buf_cat(&switching.findings, B("Secant rejects a rule: "), text, B("\n"));
}

static void print(const struct buf *text, FILE *file)
{
    if (text->len > 0)
        fwrite(text->ptr, 1, text->len, file);
}

/* What runs inside perl. */
static void body(void *arg)
{
    static const struct stage_ears ears = {.message = hear_message};
    const struct buf *text = arg;
    struct stage *stage = stage_new(switching.sec, (int64_t)time(NULL), &ears);
    bool sound = stage_load(stage);
    if (!sound && switching.findings.len == 0)
        buf_add(&switching.findings, B("Some rules were not loaded\n"));
    bool ready = switching.findings.len == 0;
    if (!ready)
        fputs("Obstacles:\n", stderr);
    print(ready ? text : &switching.findings, ready ? stdout : stderr);
    perl_exit(fflush(stdout) != 0 ? SWITCH_FAILED : ready ? SWITCH_READY : SWITCH_NOT_YET);
}

int switch_run(const struct switch_options *options, struct options *engine_options)
{
    struct buf text = {0};
    switching = (struct switching){.options = options, .sec = engine_options};
    switch_look(&switching);
    switch_tell(&switching, &text);
    stage_expect((int64_t)time(NULL));
    int status = perl_run_main(options->argc, options->argv, environ, body, &text);
    word_list_free(&switching.pipes);
    word_list_free(&switching.files);
    buf_free(&switching.findings);
    buf_free(&switching.release_text);
    buf_free(&text);
    return status;
}
