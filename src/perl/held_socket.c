/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of held user code: each is one end of a pair whose other end is closed.  So options can
 * be set, it can be waited for, and reading from it gives end of file. */
#include "perl/held_inside.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

/* As text: host and port, or a path. */
static struct bytes address_text(pTHX_ SV *packed)
{
    struct bytes raw = held_text(aTHX_ packed);
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
    } address = {0};
    char host[INET6_ADDRSTRLEN];
    memcpy(&address, raw.ptr, raw.len < sizeof(address) ? raw.len : sizeof(address) - 1);
    int family = address.any.sa_family;
    if (family == AF_UNIX)
        return held_text(aTHX_ sv_2mortal(newSVpv(address.un.sun_path, 0)));
    bool four = family == AF_INET;
    const void *bytes = four ? (const void *)&address.in.sin_addr : &address.in6.sin6_addr;
    if ((!four && family != AF_INET6) || !inet_ntop(family, bytes, host, sizeof(host)))
        return raw;
    in_port_t port = four ? address.in.sin_port : address.in6.sin6_port;
    return held_text(aTHX_ sv_2mortal(newSVpvf("%s:%d", host, (int)ntohs(port))));
}

static void cut_off(pTHX_ PerlIO *f)
{
    int pair[2], fd = f ? PerlIO_fileno(f) : -1;
    if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return;
    dup3(pair[0], fd, O_CLOEXEC);
    close(pair[0]);
    close(pair[1]);
}

static OP *hold_socket(pTHX)
{
    SV *gv = held_fixed(aTHX).sv[0];
    OP *next = held_perls(aTHX);
    IO *io = SvTRUE(*PL_stack_sp) ? held_io(aTHX_ gv) : NULL;
    if (!io)
        return next;
    held_handle_new(aTHX_ io, B("socket"));
    cut_off(aTHX_ IoIFP(io));
    return next;
}

/* connect, bind */
static OP *hold_connect(pTHX)
{
    struct held_arguments arguments = held_fixed(aTHX);
    IO *io = held_io(aTHX_ arguments.sv[0]);
    bool binds = PL_op->op_type == OP_BIND;
    if (!io || !IoIFP(io))
        return held_perls(aTHX);
    struct bytes target = address_text(aTHX_ arguments.sv[1]);
    held_tell(aTHX_(struct perl_deed){.function = binds ? "bind" : "connect", .target = target});
    if (!binds)
        held_handle_new(aTHX_ io, target)->peer = newSVsv(arguments.sv[1]);
    return held_return(aTHX_ arguments, false, &PL_sv_yes);
}

static OP *hold_getpeername(pTHX)
{
    struct held_arguments arguments = {PL_stack_sp, 1};
    const struct held_handle *handle = held_handle_of(aTHX_ held_io(aTHX_ * PL_stack_sp));
    if (!handle || !handle->peer)
        return held_perls(aTHX);
    return held_return(aTHX_ arguments, false, sv_mortalcopy(handle->peer));
}

static OP *hold_send(pTHX)
{
    struct held_arguments arguments = held_marked(aTHX);
    IO *io = held_io(aTHX_ arguments.sv[0]);
    if (!io || !IoIFP(io))
        return held_perls(aTHX);
    struct perl_deed deed = {.function = "send", .text = perl_sv_view(aTHX_ arguments.sv[1])};
    deed.target = arguments.count > 3 ? address_text(aTHX_ arguments.sv[3])
                                      : held_handle_name(aTHX_ arguments.sv[0]);
    held_tell(aTHX_ deed);
    return held_return(aTHX_ arguments, true, sv_2mortal(newSViv((IV)deed.text.len)));
}

/* No name server is asked. */
static OP *hold_lookup(pTHX)
{
    struct bytes name = held_text(aTHX_ * PL_stack_sp);
    struct in_addr numeric;
    if (inet_pton(AF_INET, name.ptr, &numeric) == 1)
        return held_perls(aTHX);
    held_tell(aTHX_(struct perl_deed){.function = "gethostbyname", .target = name});
    *PL_stack_sp = newSVpvs_flags(HELD_SOME_ADDRESS, SVs_TEMP);
    return held_perls(aTHX);
}

static OP *hold_reverse_lookup(pTHX)
{
    struct held_arguments arguments = held_fixed(aTHX);
    held_tell(aTHX_(struct perl_deed){.function = "gethostbyaddr"});
    if (GIMME_V != G_LIST)
        return held_return(aTHX_ arguments, false, &PL_sv_undef);
    PL_stack_sp = arguments.sv - 1;
    return NORMAL;
}

void held_watch_sockets(void)
{
    held_intercept(OP_SOCKET, hold_socket);
    held_intercept(OP_CONNECT, hold_connect);
    held_intercept(OP_BIND, hold_connect);
    held_follow(OP_GETPEERNAME, hold_getpeername);
    held_intercept(OP_SEND, hold_send);
    held_intercept(OP_GHBYNAME, hold_lookup);
    held_intercept(OP_GHBYADDR, hold_reverse_lookup);
}
