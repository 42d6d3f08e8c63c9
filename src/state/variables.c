/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action list variables, found by the number of their name.
 *
 * Texts with a % are expanded many times a second, but hardly any of them reads the time.  So
 * variables_touch only notes the second and copies %s; %t, %u and the %.-time variables are made
 * when one of them is read, set or listed.
 */
#include "state/variables.h"

#include <time.h>

#include "base/mem.h"

enum role {
    ROLE_PLAIN,
    ROLE_U, /* %u: seconds since the epoch */
    ROLE_T, /* %t: the second as text */
    ROLE_TIME,
};

/* The %.-time variables. */
enum time_name {
    TIME_SEC,
    TIME_MIN,
    TIME_HOUR,
    TIME_HMSSTR,
    TIME_MDAY,
    TIME_MDAYSTR,
    TIME_MON,
    TIME_MONSTR,
    TIME_YEAR,
    TIME_WDAY,
    TIME_WDAYSTR,
    TIME_TZNAME,
    TIME_TZOFF,
    TIME_TZOFF2,
    TIME_NAMES,
};

static const char *const time_names[TIME_NAMES] = {
    [TIME_SEC] = ".sec",       [TIME_MIN] = ".min",         [TIME_HOUR] = ".hour",
    [TIME_HMSSTR] = ".hmsstr", [TIME_MDAY] = ".mday",       [TIME_MDAYSTR] = ".mdaystr",
    [TIME_MON] = ".mon",       [TIME_MONSTR] = ".monstr",   [TIME_YEAR] = ".year",
    [TIME_WDAY] = ".wday",     [TIME_WDAYSTR] = ".wdaystr", [TIME_TZNAME] = ".tzname",
    [TIME_TZOFF] = ".tzoff",   [TIME_TZOFF2] = ".tzoff2",
};

struct slot {
    struct variable variable;
    uint8_t role; /* enum role */
};

struct variables {
    struct names *names;
    const struct clock *clock;
    struct slot *slots; /* owned; by names id */
    uint32_t count;
    uint32_t s, t, u, times[TIME_NAMES]; /* names ids */
    int64_t second;                      /* of the last touch */
    int64_t times_second;                /* what the %.-time variables say */
    bool u_stale, t_stale;               /* to be made from `second` when asked for */
};

/* The slot of any name that there is; new ones are absent. */
static struct slot *slot_of(struct variables *variables, uint32_t id)
{
    if (id >= variables->count) {
        uint32_t count = id + 1 > 2 * variables->count ? id + 1 : 2 * variables->count;
        variables->slots = mem_array(variables->slots, count, sizeof(*variables->slots));
        memset(variables->slots + variables->count, 0,
               (count - variables->count) * sizeof(*variables->slots));
        variables->count = count;
    }
    return &variables->slots[id];
}

static void become(struct variable *variable, enum variable_kind kind, struct bytes text)
{
    if (variable->code) {
        perl_release(variable->code);
        variable->code = NULL;
    }
    variable->kind = kind;
    buf_clear(&variable->text);
    buf_add(&variable->text, text);
}

static void put_text(struct variables *variables, uint32_t id, enum variable_kind kind,
                     struct bytes text)
{
    become(&slot_of(variables, id)->variable, kind, text);
}

static void put_number(struct variables *variables, uint32_t id, int64_t number)
{
    put_text(variables, id, VARIABLE_NUMBER, NUM(number));
}

/* Two digits: "07" is a text, 12 a number, as upstream makes them. */
static void put_padded(struct variables *variables, uint32_t id, int number, char pad)
{
    if (number >= 10)
        put_number(variables, id, number);
    else
        put_text(variables, id, VARIABLE_TEXT, bytes_make((char[2]){pad, (char)('0' + number)}, 2));
}

static void put_time(struct variables *variables, uint32_t id, const char *format,
                     const struct tm *tm)
{
    char text[256];
    size_t len = strftime(text, sizeof(text), format, tm);
    put_text(variables, id, VARIABLE_TEXT, bytes_make(text, len));
}

/* "+02:00" from "+0200"; empty when the zone's offset has another form. */
static void put_offset(struct variables *variables, uint32_t id, struct bytes offset)
{
    char text[6];
    bool known = offset.len == 5 && (*offset.ptr == '+' || *offset.ptr == '-');
    for (size_t i = 1; i < 5 && known; i++)
        known = is_digit(offset.ptr[i]);
    if (known) {
        memcpy(text, offset.ptr, 3);
        text[3] = ':';
        memcpy(text + 4, offset.ptr + 3, 2);
    }
    put_text(variables, id, VARIABLE_TEXT, bytes_make(text, known ? sizeof(text) : 0));
}

static void make_times(struct variables *variables)
{
    const uint32_t *ids = variables->times;
    time_t second = (time_t)variables->second;
    struct tm tm = {0};
    variables->times_second = variables->second;
    tzset(); /* user Perl may have set another $ENV{TZ} */
    if (!localtime_r(&second, &tm))
        return;
    put_padded(variables, ids[TIME_SEC], tm.tm_sec, '0');
    put_padded(variables, ids[TIME_MIN], tm.tm_min, '0');
    put_padded(variables, ids[TIME_HOUR], tm.tm_hour, '0');
    put_time(variables, ids[TIME_HMSSTR], "%H:%M:%S", &tm);
    put_padded(variables, ids[TIME_MDAY], tm.tm_mday, '0');
    put_padded(variables, ids[TIME_MDAYSTR], tm.tm_mday, ' ');
    put_padded(variables, ids[TIME_MON], tm.tm_mon + 1, '0');
    put_time(variables, ids[TIME_MONSTR], "%b", &tm);
    put_number(variables, ids[TIME_YEAR], (int64_t)tm.tm_year + 1900);
    put_number(variables, ids[TIME_WDAY], tm.tm_wday);
    put_time(variables, ids[TIME_WDAYSTR], "%a", &tm);
    put_time(variables, ids[TIME_TZNAME], "%Z", &tm);
    put_time(variables, ids[TIME_TZOFF], "%z", &tm);
    put_offset(variables, ids[TIME_TZOFF2],
               buf_bytes(&slot_of(variables, ids[TIME_TZOFF])->variable.text));
}

static void make_u(struct variables *variables)
{
    variables->u_stale = false;
    put_number(variables, variables->u, variables->second);
}

static void make_t(struct variables *variables)
{
    variables->t_stale = false;
    put_text(variables, variables->t, VARIABLE_TEXT, CTIME(variables->second));
}

/* Makes what this slot should hold, if that was put off. */
static void settle(struct variables *variables, uint8_t role)
{
    if (role == ROLE_TIME && variables->times_second != variables->second)
        make_times(variables);
    else if (role == ROLE_T && variables->t_stale)
        make_t(variables);
    else if (role == ROLE_U && variables->u_stale)
        make_u(variables);
}

static void settle_all(struct variables *variables)
{
    settle(variables, ROLE_TIME);
    settle(variables, ROLE_T);
    settle(variables, ROLE_U);
}

static uint32_t name_role(struct variables *variables, const char *name, enum role role)
{
    uint32_t id = names_id(variables->names, bytes_of(name));
    slot_of(variables, id)->role = (uint8_t)role;
    return id;
}

struct variables *variables_new(struct names *names, const struct clock *clock)
{
    struct variables *variables = mem_zalloc(sizeof(*variables));
    variables->names = names;
    variables->clock = clock;
    variables->s = name_role(variables, "s", ROLE_PLAIN);
    variables->t = name_role(variables, "t", ROLE_T);
    variables->u = name_role(variables, "u", ROLE_U);
    for (int i = 0; i < TIME_NAMES; i++)
        variables->times[i] = name_role(variables, time_names[i], ROLE_TIME);
    variables_reset(variables);
    return variables;
}

/* Empties the slot and gives its memory back. */
static void drop_variable(struct variable *variable)
{
    become(variable, VARIABLE_ABSENT, B(""));
    buf_free(&variable->text);
}

void variables_free(struct variables *variables)
{
    if (!variables)
        return;
    for (uint32_t id = 0; id < variables->count; id++)
        drop_variable(&variables->slots[id].variable);
    free(variables->slots);
    free(variables);
}

static void put_named(struct variables *variables, struct bytes name, struct bytes text)
{
    put_text(variables, names_id(variables->names, name), VARIABLE_TEXT, text);
}

static void put_characters(struct variables *variables)
{
    put_named(variables, B("%"), B("%"));
    put_named(variables, B(".nl"), B("\n"));
    put_named(variables, B(".cr"), B("\r"));
    put_named(variables, B(".tab"), B("\t"));
    put_named(variables, B(".sp"), B(" "));
    struct buf name = {0};
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        buf_clear(&name);
        buf_cat(&name, B(".chr"), NUM(i));
        put_named(variables, buf_bytes(&name), bytes_make(&c, 1));
    }
    buf_free(&name);
}

int64_t variables_touched(const struct variables *variables)
{
    return variables->second;
}

void variables_clear(struct variables *variables, int64_t touched)
{
    for (uint32_t id = 0; id < variables->count; id++)
        drop_variable(&variables->slots[id].variable);
    variables->u_stale = variables->t_stale = false;
    variables->second = variables->times_second = touched;
}

void variables_reset(struct variables *variables)
{
    variables_clear(variables, clock_now(variables->clock));
    make_times(variables);
    put_characters(variables);
}

const struct variable *variables_get(struct variables *variables, uint32_t id)
{
    struct slot *slot = slot_of(variables, id);
    if (slot->role != ROLE_PLAIN) {
        settle(variables, slot->role);
        slot = slot_of(variables, id);
    }
    return &slot->variable;
}

/* A variable that is about to be set by the user: what was put off must not overwrite it. */
static struct variable *variable_to_set(struct variables *variables, uint32_t id)
{
    settle(variables, slot_of(variables, id)->role);
    return &slot_of(variables, id)->variable;
}

void variables_set(struct variables *variables, uint32_t id, struct bytes text)
{
    become(variable_to_set(variables, id), VARIABLE_TEXT, text);
}

void variables_set_number(struct variables *variables, uint32_t id, int64_t number)
{
    become(variable_to_set(variables, id), VARIABLE_NUMBER, NUM(number));
}

void variables_set_numeric(struct variables *variables, uint32_t id, struct bytes text)
{
    become(variable_to_set(variables, id), VARIABLE_NUMBER, text);
}

void variables_set_undef(struct variables *variables, uint32_t id)
{
    become(variable_to_set(variables, id), VARIABLE_UNDEF, B(""));
}

void variables_set_value(struct variables *variables, uint32_t id, struct perl_value *value,
                         struct bytes text)
{
    struct variable *variable = variable_to_set(variables, id);
    become(variable, VARIABLE_CODE, text);
    variable->code = value;
}

void variables_unset(struct variables *variables, uint32_t id)
{
    drop_variable(variable_to_set(variables, id));
}

bool variables_true(struct variables *variables, uint32_t id)
{
    const struct variable *variable = variables_get(variables, id);
    if (variable->kind == VARIABLE_CODE)
        return perl_true(variable->code);
    return bytes_true(buf_bytes(&variable->text));
}

void variables_touch(struct variables *variables, struct bytes s)
{
    variables->second = clock_now(variables->clock);
    variables->u_stale = variables->t_stale = true;
    become(&variables->slots[variables->s].variable, VARIABLE_TEXT, s);
}

void variables_append(struct variables *variables, uint32_t id, struct buf *out)
{
    buf_add(out, buf_bytes(&variables_get(variables, id)->text));
}

static int compare_names(const void *a, const void *b)
{
    const struct variable_entry *left = a, *right = b;
    return bytes_cmp(left->name, right->name);
}

size_t variables_list(struct variables *variables, struct arena *arena,
                      struct variable_entry **list)
{
    size_t count = 0;
    settle_all(variables);
    struct variable_entry *entries = arena_alloc(arena, variables->count * sizeof(*entries));
    for (uint32_t id = 0; id < variables->count; id++) {
        const struct variable *variable = &variables->slots[id].variable;
        if (variable->kind != VARIABLE_ABSENT)
            entries[count++] = (struct variable_entry){names_text(variables->names, id), variable};
    }
    qsort(entries, count, sizeof(*entries), compare_names);
    *list = entries;
    return count;
}
