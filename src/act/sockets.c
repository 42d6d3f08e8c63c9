/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Socket outputs and their ends: udgram, ustream, udpsock, tcpsock, closeudgr, closeustr, closeudp,
 * closetcp.  Connections and messages are io/socket.c's. */
#include "act/arguments.h"
#include "act/types.h"

static enum flow transmit(struct engine *engine, const struct action *action,
                          const struct scope *scope, enum socket_kind kind)
{
    struct bytes to = argument(engine, action, 0, scope);
    struct bytes event = argument(engine, action, 1, scope);
    take_effect(engine, action,
                (struct effect){EFFECT_SEND, .socket = kind, .target = to, .text = event});
    return FLOW_NEXT;
}

static enum flow shut(struct engine *engine, const struct action *action, const struct scope *scope,
                      enum socket_kind kind)
{
    struct bytes to = argument(engine, action, 0, scope);
    take_effect(engine, action, (struct effect){EFFECT_HANG_UP, .socket = kind, .target = to});
    return FLOW_NEXT;
}

static enum flow run_udgram(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    return transmit(engine, action, scope, SOCKET_UDGRAM);
}

static enum flow run_ustream(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    return transmit(engine, action, scope, SOCKET_USTREAM);
}

static enum flow run_udpsock(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    return transmit(engine, action, scope, SOCKET_UDP);
}

static enum flow run_tcpsock(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    return transmit(engine, action, scope, SOCKET_TCP);
}

static enum flow run_closeudgr(struct engine *engine, const struct action *action,
                               const struct scope *scope)
{
    return shut(engine, action, scope, SOCKET_UDGRAM);
}

static enum flow run_closeustr(struct engine *engine, const struct action *action,
                               const struct scope *scope)
{
    return shut(engine, action, scope, SOCKET_USTREAM);
}

static enum flow run_closeudp(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    return shut(engine, action, scope, SOCKET_UDP);
}

static enum flow run_closetcp(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    return shut(engine, action, scope, SOCKET_TCP);
}

/* clang-format off */
#define TO_SOCKET             {NEEDED_WORD("filename"), EVENT_TEXT}
#define TO_PEER               {NEEDED_WORD("peername"), EVENT_TEXT}
/* clang-format on */

const struct action_type action_udgram = {
    .name = "udgram", .constant = {"UDGRAM", 6}, .params = TO_SOCKET, .run = run_udgram};
const struct action_type action_ustream = {
    .name = "ustream", .constant = {"USTREAM", 8}, .params = TO_SOCKET, .run = run_ustream};
const struct action_type action_udpsock = {
    .name = "udpsock", .constant = {"UDPSOCK", 10}, .params = TO_PEER, .run = run_udpsock};
const struct action_type action_tcpsock = {
    .name = "tcpsock", .constant = {"TCPSOCK", 12}, .params = TO_PEER, .run = run_tcpsock};
const struct action_type action_closeudgr = {.name = "closeudgr",
                                             .constant = {"CLOSEUDGR", 7},
                                             .params = {NEEDED_WORD("filename")},
                                             .run = run_closeudgr};
const struct action_type action_closeustr = {.name = "closeustr",
                                             .constant = {"CLOSEUSTR", 9},
                                             .params = {NEEDED_WORD("filename")},
                                             .run = run_closeustr};
const struct action_type action_closeudp = {.name = "closeudp",
                                            .constant = {"CLOSEUDP", 11},
                                            .params = {NEEDED_WORD("peername")},
                                            .run = run_closeudp};
const struct action_type action_closetcp = {.name = "closetcp",
                                            .constant = {"CLOSETCP", 13},
                                            .params = {NEEDED_WORD("peername")},
                                            .run = run_closetcp};
