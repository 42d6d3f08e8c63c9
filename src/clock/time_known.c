/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The built-in forms.
 *
 * Their conversions are those of time_form.c.  Where two forms fit a line, the first one is taken;
 * so if one form is the beginning of another, the longer one comes first. */
#include "clock/time_form.h"

static struct known_form known[] = {
    {"ISO 8601", "%Y-%m-%d%~%H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"syslog, year at the end", "%!%b %e %H:%M:%S%.%* %Y%$", FORM_FREE, false, false, NULL},
    {"syslog, year after the day", "%!%b %e %Y %H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"Cisco IOS", "%b %e %H:%M:%S%.%*%|:", FORM_FREE, false, false, NULL},
    {"RFC 3164", "%!%b %e %H:%M:%S%.", FORM_FREE, false, true, NULL},
    {"month, day, year", "%!%b %-d, %Y%~%-H:%M:%S%.%?%*", FORM_FREE, false, false, NULL},
    {"Apache", "%d/%b/%Y:%H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"year/month/day", "%Y/%m/%d %H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"day.month.year", "%-d.%-m.%Y%~%-H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"day.month.year", "%-d.%-m.%y %-H:%M:%S%.%*", FORM_START, false, false, NULL},
    {"year.month.day", "%Y.%m.%d %H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"Snort", "%m/%d/%Y-%H:%M:%S.%f", FORM_START, false, false, NULL},
    {"Snort", "%m/%d/%y-%H:%M:%S.%f", FORM_START, false, false, NULL},
    {"Snort", "%m/%d-%H:%M:%S.%f", FORM_START, false, false, NULL},
    {"day and month with /", "%q//%Y%~%-H:%M:%S%.%?%*", FORM_FREE, false, false, NULL},
    {"day and month with /", "%q//%y%~%-H:%M:%S%.%?%*", FORM_FREE, false, false, NULL},
    {"day and month with /", "%q//%Y-%H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"day and month with -", "%q--%Y %H:%M:%S%.%?%*", FORM_FREE, false, false, NULL},
    {"day-month-year", "%-d-%b-%Y %-H:%M:%S%.%?%*", FORM_FREE, false, false, NULL},
    {"day/month/year", "%-d/%b/%Y %-H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"day month year", "%!%-d %b %Y %H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"year month day", "%Y %b %e %H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"year-month-day", "%Y-%b-%d %H:%M:%S%.%*", FORM_FREE, false, false, NULL},
    {"day month", "%!%-d %b %H:%M:%S%.", FORM_START, false, true, NULL},
    {"DB2", "%Y-%m-%d-%H.%M.%S%.", FORM_FREE, false, false, NULL},
    {"compact", "%Y%m%dT%H%M%S%.%*", FORM_FREE, false, false, NULL},
    {"compact", "%Y%m%d %H:%M:%S%.%*", FORM_START, false, false, NULL},
    {"compact", "%Y%m%d-%H:%M:%S%.%*", FORM_START, false, false, NULL},
    {"compact", "%Y%m%d%H%M%S%.", FORM_START, false, false, NULL},
    {"compact", "%Y%m%d %H%M%S%.%*", FORM_START, false, false, NULL},
    {"compact", "%Y%m%d-%H%M%S%.%*", FORM_START, false, false, NULL},
    {"compact", "%Y%m%d_%H%M%S%.%*", FORM_START, false, false, NULL},
    {"year:month:day", "%Y:%m:%d-%H:%M:%S%.", FORM_START, false, false, NULL},
    {"date= time=", "date=%Y-%m-%d time=%H:%M:%S%.", FORM_START, false, false, NULL},
    {"MySQL", "%y%m%d %_H:%M:%S", FORM_START, false, false, NULL},
    {"MySQL", "# Time: %y%m%d %_H:%M:%S", FORM_START, false, false, NULL},
    {"MySQL", "SET timestamp=%@", FORM_START, false, false, NULL},
    {"epoch", "%@", FORM_START, false, false, NULL},
    {"TAI64N", "@%N", FORM_START, false, false, NULL},
    {"ISO 8601 to the minute", "%Y-%m-%d%~%H:%M%*", FORM_FREE, false, true, NULL},
    {"Google log", "I%m%d %H:%M:%S%.", FORM_START, false, false, NULL},
    {"Google log", "W%m%d %H:%M:%S%.", FORM_START, false, false, NULL},
    {"Google log", "E%m%d %H:%M:%S%.", FORM_START, false, false, NULL},
    {"Google log", "F%m%d %H:%M:%S%.", FORM_START, false, false, NULL},
    {"month-day", "%m-%d %H:%M:%S%.", FORM_START, false, false, NULL},
    {"kernel", "[%K]", FORM_START, true, false, NULL},
    {"time of day", "%H:%M:%S%.", FORM_START, true, false, NULL},
};

static bool compiled;
static uint64_t beginning[256];

static void compile_known(void)
{
    size_t count = sizeof(known) / sizeof(*known);
    static_assert(sizeof(known) / sizeof(*known) <= 64, "one bit for each");
    for (size_t i = 0; i < count; i++) {
        known[i].form = time_form_strict(bytes_of(known[i].format));
        for (int c = 0; c < 256; c++)
            beginning[c] |= (uint64_t)time_form_may_begin(known[i].form, (char)c) << i;
    }
    compiled = true;
}

const struct known_form *time_forms_known(size_t *count)
{
    *count = sizeof(known) / sizeof(*known);
    if (!compiled)
        compile_known();
    return known;
}

uint64_t time_forms_beginning(char c)
{
    return beginning[(unsigned char)c];
}
