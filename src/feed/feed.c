/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sources of every kind have in common. */
#include "feed/feed.h"

#include "base/mem.h"

void source_close(struct line_source *source)
{
    bytes_free(source->name);
    bytes_free(source->context);
    window_free(source->window);
}
