/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input windows: @main::input_buffer and @main::input_sources (all sources), %main::input_buffers
 * and %main::event_buffer (with --nojointbuf: of each source, and of synthetic events), the
 * position of the newest line and the size.  Lines and positions may be changed. */
#include "surface/area.h"

static AV *lines_array(pTHX)
{
    return get_av("main::input_buffer", GV_ADD);
}

static SV *position_scalar(pTHX)
{
    return get_sv("main::bufpos", GV_ADD);
}

static void show_lines(pTHX_ const struct window *window, AV *av)
{
    size_t size = window_size(window);
    array_resize(aTHX_ av, size);
    for (size_t i = 0; i < size; i++)
        show_text(aTHX_ element(aTHX_ av, i), window_at(window, i));
}

static void show_sources(pTHX_ const struct window *window, AV *av)
{
    size_t size = window_size(window), newest = window_position(window);
    array_resize(aTHX_ av, size);
    for (size_t back = 0; back < size; back++)
        show_text(aTHX_ element(aTHX_ av, (newest + size - back) % size),
                  window_source(window, back));
}

/* { Events => [...], BufPos => n } */
static void show_window(pTHX_ const struct window *window, HV *hash)
{
    show_lines(aTHX_ window, array_in(aTHX_ member(aTHX_ hash, B("Events"))));
    show_int(aTHX_ member(aTHX_ hash, B("BufPos")), (int64_t)window_position(window));
}

/* Returns how many sources there are. */
static size_t show_by_source(pTHX_ const struct inputs *inputs, HV *by_source)
{
    size_t count = inputs_count(inputs), shown = 0;
    for (size_t i = 0; i < count; i++) {
        const struct input *input = inputs_at(inputs, i);
        if (!input->source.window)
            continue;
        show_window(aTHX_ input->source.window,
                    hash_in(aTHX_ member(aTHX_ by_source, input->source.name)));
        shown++;
    }
    return shown;
}

static void show_separate(pTHX_ struct engine *engine)
{
    HV *by_source = get_hv("main::input_buffers", GV_ADD);
    HV *synthetic = get_hv("main::event_buffer", GV_ADD);
    if (engine->windows.joint) {
        hv_clear(by_source);
        hv_clear(synthetic);
        return;
    }
    show_window(aTHX_ engine->windows.synthetic, synthetic);
    if (show_by_source(aTHX_ engine->io.inputs, by_source) == HvTOTALKEYS(by_source))
        return;
    hv_clear(by_source); /* a source has gone */
    show_by_source(aTHX_ engine->io.inputs, by_source);
}

static void show(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    show_lines(aTHX_ engine->windows.all, lines_array(aTHX));
    show_sources(aTHX_ engine->windows.all, get_av("main::input_sources", GV_ADD));
    show_int(aTHX_ position_scalar(aTHX), (int64_t)window_position(engine->windows.all));
    show_int(aTHX_ get_sv("main::bufsize", GV_ADD), (int64_t)engine->windows.bufsize);
    show_separate(aTHX_ engine);
}

/* true: a line or the position is another one. */
static bool take_window(pTHX_ struct window *window, AV *lines, SV *position)
{
    size_t size = window_size(window);
    bool changed = false;
    for (size_t i = 0; lines && i < size; i++) {
        SV *sv = element_if(aTHX_ lines, i);
        if (sv && same_text(aTHX_ sv, window_at(window, i)))
            continue;
        struct bytes line = taken_text(aTHX_ sv);
        if (bytes_eq(line, window_at(window, i)))
            continue;
        window_set_at(window, i, line);
        changed = true;
    }
    int64_t at = taken_int(aTHX_ position);
    if (at < 0 || (size_t)at >= size || (size_t)at == window_position(window))
        return changed;
    window_set_position(window, (size_t)at);
    return true;
}

static bool take_hash(pTHX_ struct window *window, HV *hash)
{
    return take_window(aTHX_ window, array_if(aTHX_ member_if(aTHX_ hash, B("Events"))),
                       member_if(aTHX_ hash, B("BufPos")));
}

static bool take_separate(pTHX_ struct engine *engine)
{
    HV *by_source = get_hv("main::input_buffers", GV_ADD);
    bool changed = take_hash(aTHX_ engine->windows.synthetic, get_hv("main::event_buffer", GV_ADD));
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++) {
        const struct input *input = inputs_at(engine->io.inputs, i);
        HV *hash = hash_if(aTHX_ member_if(aTHX_ by_source, input->source.name));
        if (input->source.window && hash)
            changed |= take_hash(aTHX_ input->source.window, hash);
    }
    return changed;
}

static void take(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    bool changed = take_window(aTHX_ engine->windows.all, lines_array(aTHX), position_scalar(aTHX));
    if (!engine->windows.joint)
        changed |= take_separate(aTHX_ engine);
    engine->line.rewritten |= changed; /* other rules may match now */
}

static const char *const names[] = {"@input_buffer",  "@input_sources", "$bufpos", "$bufsize",
                                    "%input_buffers", "%event_buffer",  NULL};

const struct area area_windows = {names, show, show, take, NULL};
