/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of all actions. */
#include "act/types.h"

#define ADDRESS(name) &action_##name,

const struct action_type *const action_types[] = {EACH_ACTION(ADDRESS) NULL};
