/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search for values with which texts are what they are: from piece to piece, and back to the
 * last value that may be longer when one does not fit. */
#include "import/pieces.h"

enum { MOST_STEPS = 4000000 }; /* bytes looked at, until it is given up */

/* What a value is in a text. */
struct value_text {
    struct bytes text; /* ptr NULL: not known yet */
    bool dollar, percent, quoted;
    size_t by; /* the piece that it was found at */
};

struct frame {
    size_t at, end; /* of the piece in its unit */
    bool free;      /* it may be longer */
};

struct search {
    const struct puzzle *puzzle;
    struct value_text *values; /* by key */
    struct frame *frames;      /* by piece */
    size_t *marks;
    size_t steps;
};

/* The next character of a value in a text; false: it cannot be there like this. */
static bool next_char(const struct value_text *value, size_t *at, char *c)
{
    struct bytes text = value->text;
    bool doubled;
    *c = text.ptr[(*at)++];
    if (value->quoted && !is_word(*c)) {
        if (*c != '\\' || *at == text.len || is_word(text.ptr[*at]))
            return false;
        *c = text.ptr[(*at)++];
        return true;
    }
    doubled = (*c == '$' && value->dollar) || (*c == '%' && value->percent);
    if (!doubled)
        return true;
    return *at < text.len && text.ptr[(*at)++] == *c;
}

static bool is_sound(struct search *s, const struct value_text *value)
{
    char c;
    s->steps += value->text.len + 1;
    for (size_t at = 0; at < value->text.len;)
        if (!next_char(value, &at, &c))
            return false;
    return true;
}

/* The known value as it is in this piece. */
static bool match_known(struct search *s, const struct piece *piece, struct frame *frame)
{
    const struct value_text *value = &s->values[piece->key];
    struct bytes found = s->puzzle->found[piece->unit];
    struct value_text here = {bytes_from(found, frame->at), piece->dollar, piece->percent,
                              piece->quoted, 0};
    size_t at = 0, place = 0;
    char a, b;
    s->steps += value->text.len + 1;
    while (place < value->text.len) {
        next_char(value, &place, &a);
        if (at >= here.text.len || !next_char(&here, &at, &b) || a != b)
            return false;
    }
    frame->end = frame->at + at;
    frame->free = false;
    return true;
}

/* The first end from `end` on at which the next piece may fit; false: there is none. */
static bool next_end(struct search *s, size_t i, size_t *end)
{
    const struct piece *piece = &s->puzzle->pieces[i], *next = piece + 1;
    struct bytes found = s->puzzle->found[piece->unit];
    s->steps++;
    if (*end > found.len)
        return false;
    if (next->kind == PIECE_END) {
        *end = found.len;
    } else if (next->kind == PIECE_TEXT) {
        ptrdiff_t at = bytes_find(found, next->text, *end);
        s->steps += (at < 0 ? found.len : (size_t)at) - *end;
        if (at < 0)
            return false;
        *end = (size_t)at;
    }
    return true;
}

/* A value that is not known, or anything: up to `end` or later. */
static bool match_open(struct search *s, size_t i, struct frame *frame, size_t end)
{
    const struct piece *piece = &s->puzzle->pieces[i];
    for (; s->steps < MOST_STEPS && next_end(s, i, &end); end++) {
        struct value_text value = {bytes_slice(s->puzzle->found[piece->unit], frame->at, end),
                                   piece->dollar, piece->percent, piece->quoted, i};
        if (piece->kind == PIECE_VALUE && !is_sound(s, &value))
            continue;
        if (piece->kind == PIECE_VALUE)
            s->values[piece->key] = value;
        frame->end = end;
        frame->free = true;
        return true;
    }
    return false;
}

static bool match_code(struct bytes found, struct frame *frame)
{
    struct bytes rest = bytes_from(found, frame->at);
    ptrdiff_t close = bytes_chr(rest, ')', 0);
    frame->end = frame->at + (size_t)(close + 1);
    return close >= 0 && bytes_starts(rest, B("CODE(0x"));
}

/* The piece where it comes first. */
static bool match_piece(struct search *s, size_t i)
{
    const struct piece *piece = &s->puzzle->pieces[i];
    struct bytes found = s->puzzle->found[piece->unit];
    struct frame *frame = &s->frames[i];
    bool first = i == 0 || s->puzzle->pieces[i - 1].unit != piece->unit;
    *frame = (struct frame){.at = first ? 0 : s->frames[i - 1].end};
    frame->end = frame->at;
    switch (piece->kind) {
    case PIECE_TEXT:
        frame->end += piece->text.len;
        s->steps += piece->text.len;
        return bytes_starts(bytes_from(found, frame->at), piece->text);
    case PIECE_VALUE:
        if (s->values[piece->key].text.ptr)
            return match_known(s, piece, frame);
        return match_open(s, i, frame, frame->at);
    case PIECE_ANY:
        return match_open(s, i, frame, frame->at);
    case PIECE_CODE:
        return match_code(found, frame);
    case PIECE_MARK:
        return true;
    case PIECE_END:
        return frame->at == found.len;
    }
    return false;
}

/* Back to a piece before *at that can be longer, and makes it so; *at is the one after it. */
static bool step_back(struct search *s, size_t *at)
{
    for (size_t i = *at; i-- > 0;) {
        const struct piece *piece = &s->puzzle->pieces[i];
        struct frame *frame = &s->frames[i];
        if (piece->kind == PIECE_VALUE && s->values[piece->key].by == i && frame->free)
            s->values[piece->key].text.ptr = NULL;
        if (frame->free && match_open(s, i, frame, frame->end + 1)) {
            *at = i + 1;
            return true;
        }
    }
    return false;
}

/* The values themselves, in the arena. */
static struct bytes *take_values(const struct search *s)
{
    struct arena *arena = s->puzzle->arena;
    struct bytes *values = arena_zalloc(arena, s->puzzle->keys * sizeof(*values));
    for (size_t key = 0; key < s->puzzle->keys; key++) {
        const struct value_text *value = &s->values[key];
        size_t len = 0;
        if (!value->text.ptr)
            continue;
        char *text = arena_alloc(arena, value->text.len + 1);
        for (size_t at = 0; at < value->text.len; len++)
            next_char(value, &at, &text[len]);
        values[key] = bytes_make(text, len);
    }
    return values;
}

static bool hand_out(struct search *s, bool (*found)(void *arg, const struct solution *s),
                     void *arg)
{
    struct solution solution = {s->puzzle, take_values(s), s->marks, 0};
    for (size_t i = 0; i < s->puzzle->count; i++)
        if (s->puzzle->pieces[i].kind == PIECE_MARK)
            s->marks[solution.mark_count++] = s->frames[i].at;
    return found(arg, &solution);
}

bool puzzle_solve(const struct puzzle *puzzle, bool (*found)(void *arg, const struct solution *s),
                  void *arg)
{
    struct search search = {.puzzle = puzzle}, *s = &search;
    size_t at = 0;
    s->values = arena_zalloc(puzzle->arena, puzzle->keys * sizeof(*s->values));
    s->frames = arena_zalloc(puzzle->arena, puzzle->count * sizeof(*s->frames));
    s->marks = arena_alloc(puzzle->arena, puzzle->count * sizeof(*s->marks));
    for (;;) {
        bool fits = true;
        while (fits && at < puzzle->count && s->steps < MOST_STEPS)
            if ((fits = match_piece(s, at)))
                at++;
        if (s->steps >= MOST_STEPS)
            return false;
        if (fits && !hand_out(s, found, arg))
            return true;
        if (!step_back(s, &at))
            return s->steps < MOST_STEPS;
    }
}
