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
    sockets_send(engine->sockets, kind, to, event);
    return FLOW_NEXT;
}

static enum flow shut(struct engine *engine, const struct action *action, const struct scope *scope,
                      enum socket_kind kind)
{
    sockets_close(engine->sockets, kind, argument(engine, action, 0, scope));
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

const struct action_type action_udgram = {"udgram", TO_SOCKET, run_udgram};
const struct action_type action_ustream = {"ustream", TO_SOCKET, run_ustream};
const struct action_type action_udpsock = {"udpsock", TO_PEER, run_udpsock};
const struct action_type action_tcpsock = {"tcpsock", TO_PEER, run_tcpsock};
const struct action_type action_closeudgr = {"closeudgr", {NEEDED_WORD("filename")}, run_closeudgr};
const struct action_type action_closeustr = {"closeustr", {NEEDED_WORD("filename")}, run_closeustr};
const struct action_type action_closeudp = {"closeudp", {NEEDED_WORD("peername")}, run_closeudp};
const struct action_type action_closetcp = {"closetcp", {NEEDED_WORD("peername")}, run_closetcp};
