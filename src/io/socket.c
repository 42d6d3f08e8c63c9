/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Socket outputs.
 *
 * The four kinds differ in the wording of messages and in how an address is made; sending, keeping
 * events while a connection is being made, and noticing that a peer is gone are the same for all.
 * If sending fails, the socket is closed, and the event is sent once more over a new one.  Problems
 * with peers are debug messages, so that a dead peer does not flood the log.
 */
#include "io/socket.h"

#include <assert.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/table.h"

enum { READ_LIMIT = 8192 }; /* bytes of unwanted input that are read from a peer at a time */

struct peer {
    struct bytes name; /* owned */
    enum socket_kind kind;
    int fd;
    uint64_t attempt;     /* to connect, which is under way; 0: none is */
    int64_t since;        /* connecting */
    struct bytes *events; /* kept while connecting; owned */
    size_t kept;
    struct peer *next, *prev; /* in the order of making */
};

struct sockets {
    struct log *log;
    const struct clock *clock;
    const int64_t *socket_timeout;
    const size_t *blocksize;
    struct table peers[4]; /* by kind */
    struct peer *first, *last;
    uint64_t attempts; /* so far */
};

struct address {
    struct sockaddr_storage bytes;
    socklen_t len;
};
static_assert(sizeof(struct sockaddr_un) <= sizeof(struct sockaddr_storage), "unix_socket casts");

/* The words of messages. */
static const struct words {
    struct bytes target, peer, closing, open, not_open;
} words[] = {
    [SOCKET_UDGRAM] = {B("unix datagram socket '"), B("socket '"),
                       B("Closing unix datagram socket '"), B("Socket '"),
                       B("' is not open, can't close")},
    [SOCKET_USTREAM] = {B("unix stream socket '"), B("socket '"), B("Closing unix stream socket '"),
                        B("Socket '"), B("' is not open, can't close")},
    [SOCKET_UDP] = {B("UDP peer '"), B("UDP peer '"), B("Closing socket for UDP peer '"),
                    B("No socket for UDP peer '"), B("', can't close")},
    [SOCKET_TCP] = {B("TCP peer '"), B("TCP peer '"), B("Closing socket for TCP peer '"),
                    B("No socket for TCP peer '"), B("', can't close")},
};

static bool is_unix(enum socket_kind kind)
{
    return kind == SOCKET_UDGRAM || kind == SOCKET_USTREAM;
}

static struct bytes peer_name(const void *entry)
{
    return ((const struct peer *)entry)->name;
}

struct sockets *sockets_new(struct log *log, const struct clock *clock,
                            const int64_t *socket_timeout, const size_t *blocksize)
{
    struct sockets *sockets = mem_zalloc(sizeof(*sockets));
    sockets->log = log;
    sockets->clock = clock;
    sockets->socket_timeout = socket_timeout;
    sockets->blocksize = blocksize;
    for (size_t kind = 0; kind < 4; kind++)
        table_init(&sockets->peers[kind], peer_name);
    return sockets;
}

void sockets_free(struct sockets *sockets)
{
    if (!sockets)
        return;
    sockets_close_all(sockets);
    for (size_t kind = 0; kind < 4; kind++)
        table_free(&sockets->peers[kind]);
    free(sockets);
}

static struct peer *enter_peer(struct sockets *sockets, enum socket_kind kind, struct bytes name,
                               int fd)
{
    struct peer *peer = mem_zalloc(sizeof(*peer));
    peer->name = bytes_dup(name);
    peer->kind = kind;
    peer->fd = fd;
    LIST_APPEND(sockets, peer);
    table_insert(&sockets->peers[kind], peer);
    return peer;
}

static void forget_events(struct peer *peer)
{
    for (size_t i = 0; i < peer->kept; i++)
        bytes_free(peer->events[i]);
    free(peer->events);
    peer->events = NULL;
    peer->kept = 0;
}

/* Closes a peer's socket and forgets the peer; returns what close returned. */
static int drop_peer(struct sockets *sockets, struct peer *peer)
{
    int result = close(peer->fd);
    table_remove(&sockets->peers[peer->kind], peer->name);
    LIST_REMOVE(sockets, peer);
    forget_events(peer);
    bytes_free(peer->name);
    free(peer);
    return result;
}

/* --- sending -------------------------------------------------------------------------------- */

/* A full buffer and a datagram that is too long say nothing against the socket.  But upstream looks
 * at the error when it has logged it, and then finds what logging has left there: with the highest
 * debug level it closes the socket.  We do the same for datagrams; a stream is not broken off. */
static bool survives(const struct sockets *sockets, enum socket_kind kind, int error)
{
    bool datagrams = kind == SOCKET_UDGRAM || kind == SOCKET_UDP;
    if (datagrams && log_level(sockets->log) >= LOG_DETAIL)
        return false;
    return error == EAGAIN || error == EWOULDBLOCK || error == EMSGSIZE;
}

/* False when the socket is of no more use; a peer that cannot take the event now just loses it. */
static bool send_event(struct sockets *sockets, const struct peer *peer, struct bytes event)
{
    ssize_t sent;
    do {
        sent = send(peer->fd, event.ptr, event.len, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    struct bytes target = words[peer->kind].peer;
    if (sent < 0) {
        int error = errno;
        log_msg(sockets->log, LOG_DETAIL, B("Error when sending event '"), event, B("' to "),
                target, peer->name, B("' ("), error_text(error), B(")"));
        return survives(sockets, peer->kind, error);
    }
    if ((size_t)sent != event.len)
        log_msg(sockets->log, LOG_DETAIL, NUM(sent), B(" bytes of '"), event, B("' sent to "),
                target, peer->name, B("'"));
    return true;
}

/* Can the socket be read (or written) without waiting?  An error or the end counts as well. */
static bool is_ready(const struct peer *peer, bool writing)
{
    struct pollfd poller = {.fd = peer->fd, .events = writing ? POLLOUT : POLLIN};
    int result;
    do {
        result = poll(&poller, 1, 0);
    } while (result < 0 && errno == EINTR);
    return result > 0 && (poller.revents & (writing ? POLLOUT | POLLERR : ~POLLOUT)) != 0;
}

static void keep_event(struct peer *peer, struct bytes event)
{
    peer->events = mem_array(peer->events, peer->kept + 1, sizeof(*peer->events));
    peer->events[peer->kept++] = bytes_dup(event);
}

/* A connection that has been made gets the events that were kept for it; one that failed shows it
 * at the first of them. */
static void check_connecting(struct sockets *sockets, struct peer *peer)
{
    if (!is_ready(peer, true)) {
        if (clock_now(sockets->clock) - peer->since <= *sockets->socket_timeout)
            return;
        log_msg(sockets->log, LOG_DETAIL, B("Can't connect to "), words[peer->kind].peer,
                peer->name, B("' (connection establishment timeout)"));
        drop_peer(sockets, peer);
        return;
    }
    for (size_t i = 0; i < peer->kept; i++) {
        if (send_event(sockets, peer, peer->events[i]))
            continue;
        drop_peer(sockets, peer);
        return;
    }
    peer->attempt = 0;
    forget_events(peer);
}

/* --- making sockets ------------------------------------------------------------------------- */

static int unix_socket(struct sockets *sockets, enum socket_kind kind, struct bytes to,
                       struct bytes event, struct address *address)
{
    struct stat status;
    struct sockaddr_un *un = (struct sockaddr_un *)(void *)&address->bytes;
    char *path = bytes_cstr(to);
    bool exists = bytes_chr(to, '\0', 0) < 0 && stat(path, &status) == 0;
    free(path);
    if (!exists || !S_ISSOCK(status.st_mode)) {
        log_msg(sockets->log, LOG_DETAIL, B("Can't send event '"), event, B("' to socket '"), to,
                B("' (socket does not exist)"));
        return -1;
    }
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, to.ptr, to.len < sizeof(un->sun_path) ? to.len : sizeof(un->sun_path));
    address->len = sizeof(*un);
    int type = kind == SOCKET_UDGRAM ? SOCK_DGRAM : SOCK_STREAM;
    int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        log_msg(sockets->log, LOG_ERROR, B("Can't create socket for sending event '"), event,
                B("' ("), error_text(errno), B(")"));
    return fd;
}

/* Splits "host:port". */
static bool split_peer(struct bytes to, struct bytes *host, struct bytes *port)
{
    if (to.len > 0 && to.ptr[to.len - 1] == '\n')
        to.len--;
    size_t digits = 0;
    while (digits < to.len && is_digit(to.ptr[to.len - digits - 1]))
        digits++;
    if (digits == 0 || to.len < digits + 2 || to.ptr[to.len - digits - 1] != ':')
        return false;
    *port = bytes_from(to, to.len - digits);
    *host = bytes_slice(to, 0, to.len - digits - 1);
    return bytes_chr(*host, '\n', 0) < 0;
}

/* "host:port/udp", for messages. */
static void say_no_socket(struct sockets *sockets, int level, const char *host, const char *port,
                          bool tcp, struct bytes why)
{
    log_msg(sockets->log, level, B("Can't create socket for "), bytes_of(host), B(":"),
            bytes_of(port), tcp ? B("/tcp (") : B("/udp ("), why, B(")"));
}

/* The first address of the host for which the system has sockets. */
static int first_socket(struct sockets *sockets, const struct addrinfo *list, const char *host,
                        const char *port, struct address *address)
{
    bool failed = false;
    for (const struct addrinfo *info = list; info; info = info->ai_next) {
        bool tcp = info->ai_socktype == SOCK_STREAM;
        int fd = socket(info->ai_family, info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                        info->ai_protocol);
        if (fd < 0) {
            failed = true;
            say_no_socket(sockets, LOG_ERROR, host, port, tcp, error_text(errno));
            continue;
        }
        memcpy(&address->bytes, info->ai_addr, info->ai_addrlen);
        address->len = info->ai_addrlen;
        if (failed)
            log_msg(sockets->log, LOG_DETAIL, B("Socket for "), bytes_of(host), B(":"),
                    bytes_of(port), tcp ? B("/tcp") : B("/udp"), B(" successfully created"));
        return fd;
    }
    return -1;
}

static int resolve_host(struct sockets *sockets, bool tcp, const char *host, const char *port,
                        struct address *address)
{
    struct addrinfo hints = {.ai_socktype = tcp ? SOCK_STREAM : SOCK_DGRAM,
                             .ai_protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP};
    struct addrinfo *list;
    int error = getaddrinfo(host, port, &hints, &list);
    if (error != 0) {
        say_no_socket(sockets, LOG_WARN, host, port, tcp, bytes_of(gai_strerror(error)));
        return -1;
    }
    int fd = first_socket(sockets, list, host, port, address);
    freeaddrinfo(list);
    return fd;
}

static int inet_socket(struct sockets *sockets, enum socket_kind kind, struct bytes to,
                       struct bytes event, struct address *address)
{
    struct bytes host, port;
    if (!split_peer(to, &host, &port)) {
        log_msg(sockets->log, LOG_WARN, B("Can't connect to "), words[kind].peer, to,
                B("' for sending event '"), event, B("' (peer not in host:portnumber format)"));
        return -1;
    }
    char *host_text = bytes_cstr(host), *port_text = bytes_cstr(port);
    int fd = resolve_host(sockets, kind == SOCKET_TCP, host_text, port_text, address);
    free(host_text);
    free(port_text);
    if (fd < 0)
        log_msg(sockets->log, LOG_DETAIL, B("Can't connect to "), words[kind].peer, to,
                B("' for sending event '"), event, B("'"));
    return fd;
}

/* Is a connect that failed with this error still under way? */
static bool is_under_way(enum socket_kind kind, int error)
{
    return (kind == SOCKET_TCP && error == EINPROGRESS) ||
           (kind == SOCKET_USTREAM && (error == EINPROGRESS || error == EAGAIN));
}

static void send_to_new(struct sockets *sockets, enum socket_kind kind, struct bytes to,
                        struct bytes event)
{
    struct address address = {0};
    int fd = is_unix(kind) ? unix_socket(sockets, kind, to, event, &address)
                           : inet_socket(sockets, kind, to, event, &address);
    if (fd < 0)
        return;
    bool connected = connect(fd, (struct sockaddr *)&address.bytes, address.len) == 0;
    if (!connected && !is_under_way(kind, errno)) {
        log_msg(sockets->log, LOG_DETAIL, B("Can't connect to "), words[kind].peer, to,
                B("' for sending event '"), event, B("' ("), error_text(errno), B(")"));
        close(fd);
        return;
    }
    struct peer *peer = enter_peer(sockets, kind, to, fd);
    if (!connected) {
        peer->attempt = ++sockets->attempts;
        peer->since = clock_now(sockets->clock);
        keep_event(peer, event);
    } else if (!send_event(sockets, peer, event)) {
        drop_peer(sockets, peer);
    }
}

/* --- what the engine calls ------------------------------------------------------------------ */

void sockets_send(struct sockets *sockets, enum socket_kind kind, struct bytes to,
                  struct bytes event)
{
    log_msg(sockets->log, LOG_DETAIL, B("Sending event '"), event, B("' to "), words[kind].target,
            to, B("'"));
    struct peer *peer = table_find(&sockets->peers[kind], to);
    if (peer && peer->attempt) {
        keep_event(peer, event);
        check_connecting(sockets, peer);
        return;
    }
    if (peer) {
        if (send_event(sockets, peer, event))
            return;
        log_msg(sockets->log, LOG_DETAIL, B("Retrying to send event '"), event, B("' to "),
                words[kind].peer, to, B("'"));
        drop_peer(sockets, peer);
    }
    send_to_new(sockets, kind, to, event);
}

uint64_t sockets_attempt(const struct sockets *sockets, enum socket_kind kind, struct bytes to)
{
    const struct peer *peer = table_find(&sockets->peers[kind], to);
    return peer ? peer->attempt : 0;
}

void sockets_close(struct sockets *sockets, enum socket_kind kind, struct bytes to)
{
    log_msg(sockets->log, LOG_DETAIL, words[kind].closing, to, B("'"));
    struct peer *peer = table_find(&sockets->peers[kind], to);
    if (!peer)
        log_msg(sockets->log, LOG_DETAIL, words[kind].open, to, words[kind].not_open);
    else if (drop_peer(sockets, peer) != 0)
        log_msg(sockets->log, LOG_WARN, B("Error when closing "),
                is_unix(kind) ? B("") : B("socket for "), words[kind].peer, to, B("' ("),
                error_text(errno), B(")"));
}

void sockets_close_all(struct sockets *sockets)
{
    while (sockets->first)
        drop_peer(sockets, sockets->first);
}

/* Reads and forgets what the peer sent; that is how its end or an error shows. */
static void check_established(struct sockets *sockets, struct peer *peer)
{
    size_t size = *sockets->blocksize < READ_LIMIT ? *sockets->blocksize : READ_LIMIT, total = 0;
    char block[READ_LIMIT];
    while (total < READ_LIMIT && is_ready(peer, false)) {
        ssize_t got = recv(peer->fd, block, size, 0);
        if (got > 0) {
            total += (size_t)got;
            continue;
        }
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            log_msg(sockets->log, LOG_DETAIL, B("Connection error to "), words[peer->kind].peer,
                    peer->name, B("' ("), error_text(errno), B(")"));
        else
            log_msg(sockets->log, LOG_DETAIL, B("Connection to "), words[peer->kind].peer,
                    peer->name, B("' closed by peer"));
        drop_peer(sockets, peer);
        return;
    }
}

static void check_all(struct sockets *sockets, enum socket_kind kind, bool connecting,
                      void (*check)(struct sockets *sockets, struct peer *peer))
{
    for (struct peer *peer = sockets->first, *next; peer; peer = next) {
        next = peer->next;
        if (peer->kind == kind && (peer->attempt != 0) == connecting)
            check(sockets, peer);
    }
}

void sockets_check(struct sockets *sockets)
{
    check_all(sockets, SOCKET_TCP, true, check_connecting);
    check_all(sockets, SOCKET_USTREAM, true, check_connecting);
    check_all(sockets, SOCKET_TCP, false, check_established);
    check_all(sockets, SOCKET_USTREAM, false, check_established);
}

bool sockets_any(const struct sockets *sockets)
{
    return sockets->peers[SOCKET_TCP].count > 0 || sockets->peers[SOCKET_USTREAM].count > 0;
}
