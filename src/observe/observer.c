/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of observers. */
#include "observe/observer.h"

static void count_wishes(struct observers *observers)
{
    observers->every_rule = false;
    for (const struct observer *o = observers->first; o; o = o->next)
        observers->every_rule |= o->every_rule;
}

void observers_add(struct observers *observers, struct observer *observer)
{
    struct observer **end = &observers->first;
    while (*end)
        end = &(*end)->next;
    observer->next = NULL;
    *end = observer;
    count_wishes(observers);
}

void observers_remove(struct observers *observers, struct observer *observer)
{
    for (struct observer **at = &observers->first; *at; at = &(*at)->next) {
        if (*at == observer) {
            *at = observer->next;
            break;
        }
    }
    count_wishes(observers);
}

void observers_tell(const struct observers *observers, const struct record *record)
{
    struct observer *next;
    for (struct observer *o = observers->first; o; o = next) {
        next = o->next; /* it may remove itself */
        o->hear(o, record);
    }
}
