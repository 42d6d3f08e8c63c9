/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/things.h"

void things_begin(struct things *things)
{
    *things = (struct things){0};
    arena_init(&things->arena);
}

void things_end(struct things *things)
{
    arena_free(&things->arena);
}

bool things_take(struct things *things, struct bytes record)
{
    things->record = unpack_of(bytes_from(record, record.len > 0));
    things->kind = record.len > 0 ? (enum saved_kind)(unsigned char)*record.ptr : SAVED_END;
    things->failed = record.len == 0 || !thing_name(things->kind);
    return !things->failed;
}

static void take_context(struct things *things, struct unpack *from, struct saved_context *context)
{
    context_unpack(from, &things->arena, things->second, &things->contexts_armed, context);
    entries_unpack(from, &things->arena, things->second, &context->store);
}

static void take_operation(struct things *things, struct unpack *from, struct saved_operation *o)
{
    operation_unpack(from, &things->arena, things->second, &things->operations_armed, o);
    times_unpack(from, &things->arena, things->second, &o->times);
}

static void take(struct things *things, struct unpack *from, struct saved_thing *thing)
{
    struct arena *arena = &things->arena;
    switch (thing->kind) {
    case SAVED_HEAD:
        head_unpack(from, &thing->head);
        things->second = thing->head.second;
        break;
    case SAVED_RULE:
        rule_unpack(from, arena, &thing->rule);
        thing->number = things->rules++;
        break;
    case SAVED_LIST:
        list_unpack(from, arena, &thing->list);
        thing->number = things->lists++;
        break;
    case SAVED_CONTEXT:
        take_context(things, from, &thing->context);
        break;
    case SAVED_STORE:
        entries_unpack(from, arena, things->second, &thing->store);
        break;
    case SAVED_OPERATION:
        take_operation(things, from, &thing->operation);
        break;
    case SAVED_LINES:
        entries_unpack(from, arena, things->second, &thing->store);
        break;
    case SAVED_TIMES:
        times_unpack(from, arena, things->second, &thing->times);
        break;
    case SAVED_QUEUED:
    case SAVED_PENDING:
        event_unpack(from, things->second, &thing->event);
        break;
    case SAVED_VARIABLE:
        variable_unpack(from, &thing->variable);
        break;
    case SAVED_WINDOW:
        window_unpack(from, arena, &thing->window);
        break;
    case SAVED_INPUT:
        place_unpack(from, &thing->place);
        break;
    case SAVED_PATTERN:
        thing->pattern = unpack_text(from);
        break;
    case SAVED_MATCH:
        match_unpack(from, arena, &thing->match);
        break;
    case SAVED_CHILD:
        child_unpack(from, &thing->child);
        break;
    case SAVED_PERL:
        perl_value_unpack(from, &thing->perl);
        break;
    case SAVED_END:
        end_unpack(from, &thing->end);
        break;
    }
}

bool things_next(struct things *things, struct saved_thing *thing)
{
    if (things->failed || unpack_ended(&things->record))
        return false;
    arena_reset(&things->arena);
    *thing = (struct saved_thing){.kind = things->kind};
    take(things, &things->record, thing);
    things->failed = things->record.failed;
    return !things->failed;
}

const char *thing_name(enum saved_kind kind)
{
    switch (kind) {
    case SAVED_HEAD:
        return "head";
    case SAVED_RULE:
        return "rule";
    case SAVED_LIST:
        return "list";
    case SAVED_CONTEXT:
        return "context";
    case SAVED_STORE:
        return "store";
    case SAVED_OPERATION:
        return "operation";
    case SAVED_LINES:
        return "lines";
    case SAVED_TIMES:
        return "times";
    case SAVED_QUEUED:
        return "queued";
    case SAVED_PENDING:
        return "pending";
    case SAVED_VARIABLE:
        return "variable";
    case SAVED_WINDOW:
        return "window";
    case SAVED_INPUT:
        return "input";
    case SAVED_PATTERN:
        return "pattern";
    case SAVED_MATCH:
        return "match";
    case SAVED_CHILD:
        return "child";
    case SAVED_PERL:
        return "perl";
    case SAVED_END:
        return "end";
    }
    return NULL;
}
