/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/stretches.h"

enum { MOST_STRETCHES = 10, SHORTEST = 1000 };

bool sample_read(struct bytes text, struct sample *sample)
{
    int64_t whole = 0, fraction = 0, unit = 1;
    *sample = (struct sample){0};
    if (!bytes_ends(text, B("%"))) {
        bool is = bytes_uint(text, false, &whole) && whole > 0;
        sample->lines = (uint64_t)whole;
        return is;
    }
    text.len--;
    ptrdiff_t dot = bytes_chr(text, '.', 0);
    struct bytes after = dot < 0 ? B("") : bytes_from(text, (size_t)dot + 1);
    if (after.len > 9 || (dot >= 0 && !bytes_uint(after, false, &fraction)))
        return false;
    for (size_t i = 0; i < after.len; i++)
        unit *= 10;
    text.len = dot < 0 ? text.len : (size_t)dot;
    if (!bytes_uint(text, false, &whole) || whole > 100)
        return false;
    sample->part = ((double)whole + (double)fraction / (double)unit) / 100;
    return sample->part > 0 && sample->part <= 1;
}

struct stretches stretches_sample(const struct sample *sample, uint64_t lines)
{
    uint64_t wanted = sample->lines;
    if (sample->part > 0)
        wanted = (uint64_t)(sample->part * (double)lines + 0.5);
    wanted = wanted > 0 ? wanted : 1;
    if (wanted >= lines)
        return (struct stretches){0};
    uint64_t count = wanted / SHORTEST;
    count = count > MOST_STRETCHES ? MOST_STRETCHES : count > 0 ? count : 1;
    return (struct stretches){count, wanted / count, lines};
}

/* value * at / count, which need not overflow. */
static uint64_t share(uint64_t value, uint64_t at, uint64_t count)
{
    return value / count * at + value % count * at / count;
}

uint64_t stretches_start(const struct stretches *s, uint64_t at)
{
    assert(at < s->count && s->length <= s->of);
    if (s->length == 0)
        return share(s->of, at, s->count);
    return s->count == 1 ? 0 : share(s->of - s->length, at, s->count - 1);
}

uint64_t stretches_end(const struct stretches *s, uint64_t at)
{
    if (s->length == 0)
        return share(s->of, at + 1, s->count);
    return stretches_start(s, at) + s->length;
}

uint64_t stretches_lines(const struct stretches *s)
{
    return s->length == 0 ? s->of : s->count * s->length;
}

uint64_t stretches_number(const struct stretches *s, uint64_t from, uint64_t number)
{
    uint64_t start = 0;
    for (uint64_t at = from; at < s->count && number > 0; at++) {
        start = stretches_start(s, at);
        uint64_t length = stretches_end(s, at) - start;
        if (number <= length)
            break;
        number -= at + 1 < s->count ? length : 0;
    }
    return start + number;
}
