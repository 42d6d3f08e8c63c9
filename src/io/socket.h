/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Socket outputs: UNIX datagram and stream sockets, UDP and TCP peers.
 *
 * Nothing blocks: connections are made in the background, and their events are kept until they
 * are established (at most socket_timeout seconds); an event for a peer that takes no more is lost
 * with a debug message, as upstream.  The one exception is upstream's as well: a host name is
 * looked up when a connection is made, and a slow name server holds up the engine for that long.
 * Numeric addresses and names of /etc/hosts do not.
 */
#ifndef SECANT_IO_SOCKET_H
#define SECANT_IO_SOCKET_H

#include "base/bytes.h"
#include "clock/clock.h"
#include "log/log.h"

enum socket_kind { SOCKET_UDGRAM, SOCKET_USTREAM, SOCKET_UDP, SOCKET_TCP };

struct sockets;

/* socket_timeout (seconds) and blocksize (bytes) are read at each use. */
struct sockets *sockets_new(struct log *log, const struct clock *clock,
                            const int64_t *socket_timeout, const size_t *blocksize);
void sockets_free(struct sockets *sockets);
/* to: a path, or host:port. */
void sockets_send(struct sockets *sockets, enum socket_kind kind, struct bytes to,
                  struct bytes event);
void sockets_close(struct sockets *sockets, enum socket_kind kind, struct bytes to);
void sockets_close_all(struct sockets *sockets);
/* The number of the present attempt to connect to the peer, different for each attempt; 0: there is
 * none.  What is sent meanwhile waits for it, and is lost if it fails. */
uint64_t sockets_attempt(const struct sockets *sockets, enum socket_kind kind, struct bytes to);
/* To be called at each clean-up: finishes connections and finds peers that have closed. */
void sockets_check(struct sockets *sockets);
/* Are there connections, established or not yet, that each clean-up has to check? */
bool sockets_any(const struct sockets *sockets);

#endif
