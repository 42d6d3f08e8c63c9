/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two ways of taking effects share. */
#include "effect/effect.h"

#include <assert.h>

void effects_free(struct effects *effects)
{
    if (effects)
        effects->free(effects);
}

const char *effect_name(const struct effect *effect)
{
    static const char *const names[] = {
        [EFFECT_WRITE] = "write",   [EFFECT_WRITEN] = "writen",   [EFFECT_OWRITECL] = "owritecl",
        [EFFECT_CLOSEF] = "closef", [EFFECT_PRINT] = "print",     [EFFECT_RUN] = "run",
        [EFFECT_SPAWN] = "spawn",   [EFFECT_FEED] = "pipe",       [EFFECT_SIGNAL] = "signal",
        [EFFECT_DUMP] = "dump",     [EFFECT_PIDFILE] = "pidfile",
    };
    static_assert(sizeof(names) / sizeof(*names) == EFFECT_PERL, "one of each, Perl's excepted");
    static const char *const sends[] = {
        [SOCKET_UDGRAM] = "udgram",
        [SOCKET_USTREAM] = "ustream",
        [SOCKET_UDP] = "udpsock",
        [SOCKET_TCP] = "tcpsock",
    };
    static const char *const ends[] = {
        [SOCKET_UDGRAM] = "closeudgr",
        [SOCKET_USTREAM] = "closeustr",
        [SOCKET_UDP] = "closeudp",
        [SOCKET_TCP] = "closetcp",
    };
    if (effect->kind == EFFECT_PERL)
        return effect->function;
    if (effect->kind == EFFECT_SEND)
        return sends[effect->socket];
    return effect->kind == EFFECT_HANG_UP ? ends[effect->socket] : names[effect->kind];
}

bool effect_is_print(const struct effect *effect)
{
    static const char *const prints[] = {"print", "say", "printf", "write", "syswrite"};
    for (size_t i = 0; effect->kind == EFFECT_PERL && i < sizeof(prints) / sizeof(*prints); i++)
        if (strcmp(effect->function, prints[i]) == 0)
            return true;
    return false;
}

void effect_log(struct log *log, const struct effect *effect)
{
    static const char *const peers[] = {
        [SOCKET_UDGRAM] = "unix datagram socket '",
        [SOCKET_USTREAM] = "unix stream socket '",
        [SOCKET_UDP] = "UDP peer '",
        [SOCKET_TCP] = "TCP peer '",
    };
    if (effect->kind == EFFECT_WRITE || effect->kind == EFFECT_WRITEN ||
        effect->kind == EFFECT_OWRITECL)
        log_msg(log, LOG_DETAIL, B("Writing event '"), effect->text, B("' to file '"),
                effect->target, B("'"));
    else if (effect->kind == EFFECT_CLOSEF)
        log_msg(log, LOG_DETAIL, B("Closing file '"), effect->target, B("'"));
    else if (effect->kind == EFFECT_SEND)
        log_msg(log, LOG_DETAIL, B("Sending event '"), effect->text, B("' to "),
                bytes_of(peers[effect->socket]), effect->target, B("'"));
}
