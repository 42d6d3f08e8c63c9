/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Socket outputs: what peers get, and what is said when they do not. */
#include "unit.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/socket.h"
enum { LIMIT = 20000, START = 1000 }; /* milliseconds, seconds */

static char directory[] = "/tmp/check_socket.XXXXXX";
static struct clock *clock_;
static struct log *log_;
static struct sockets *sockets;
static int64_t timeout = 60;
static size_t blocksize = 8192;
static char peer_[40]; /* host:port of the last inet_server */

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    clock_ = clock_event(START);
    log_ = log_new(clock_);
    ck_assert(log_open_file(log_, "messages"));
    sockets = sockets_new(log_, clock_, &timeout, &blocksize);
}

static void tear_down(void)
{
    sockets_free(sockets);
    log_free(log_);
    clock_free(clock_);
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static bool logged(const char *text)
{
    static char content[20000];
    log_flush(log_);
    FILE *file = fopen("messages", "r");
    content[fread(content, 1, sizeof(content) - 1, file)] = '\0';
    fclose(file);
    return strstr(content, text) != NULL;
}

static int unix_server(int type, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, type, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    if (type == SOCK_STREAM)
        ck_assert_int_eq(listen(fd, 10), 0);
    return fd;
}

static int inet_server(int type, int backlog)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, type, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    if (type == SOCK_STREAM)
        ck_assert_int_eq(listen(fd, backlog), 0);
    getsockname(fd, (struct sockaddr *)&address, &len);
    snprintf(peer_, sizeof(peer_), "127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

static void send_to(enum socket_kind kind, const char *to, const char *event)
{
    sockets_send(sockets, kind, bytes_of(to), bytes_of(event));
}

static void expect(int fd, const char *wanted)
{
    char text[100] = "";
    size_t len = 0;
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    while (len < strlen(wanted)) {
        ck_assert_int_eq(poll(&poller, 1, LIMIT), 1);
        ssize_t got = recv(fd, text + len, sizeof(text) - 1 - len, 0);
        ck_assert_int_gt(got, 0);
        len += (size_t)got;
    }
    ck_assert_str_eq(text, wanted);
}

/* Does clean-up work until a message appears. */
static void check_until(const char *text)
{
    for (int i = 0; i < LIMIT / 10 && !logged(text); i++) {
        sockets_check(sockets);
        usleep(10000);
    }
    ck_assert(logged(text));
}

START_TEST(datagrams_reach_a_unix_socket_and_its_successor)
{
    int fd = unix_server(SOCK_DGRAM, "s");
    send_to(SOCKET_UDGRAM, "s", "one");
    send_to(SOCKET_UDGRAM, "s", "two");
    expect(fd, "one");
    expect(fd, "two");
    close(fd);
    unlink("s");
    send_to(SOCKET_UDGRAM, "s", "lost");
    ck_assert(logged("Error when sending event 'lost' to socket 's' (Connection refused)\n"));
    ck_assert(logged("Retrying to send event 'lost' to socket 's'\n"));
    ck_assert(logged("Can't send event 'lost' to socket 's' (socket does not exist)\n"));
    fd = unix_server(SOCK_DGRAM, "s");
    send_to(SOCKET_UDGRAM, "s", "three");
    expect(fd, "three");
    ck_assert(logged("Sending event 'three' to unix datagram socket 's'\n"));
    close(fd);
}
END_TEST

/* Sends datagrams by sockets of its own until a fresh one finds no room: how many that takes is the
 * system's affair. */
static void fill(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    send_to(SOCKET_UDGRAM, path, "x");
    for (bool room = true; room;) {
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        room = false;
        while (send(fd, "x", 1, 0) == 1)
            room = true;
        close(fd);
    }
    send_to(SOCKET_UDGRAM, path, "x");
    ck_assert(
        logged("Error when sending event 'x' to socket 's' (Resource temporarily unavailable)\n"));
}

START_TEST(a_full_unix_socket_loses_the_event_and_is_closed)
{
    int fd = unix_server(SOCK_DGRAM, "s");
    fill("s");
    ck_assert(logged("Retrying to send event 'x' to socket 's'\n"));
    sockets_close(sockets, SOCKET_UDGRAM, B("s"));
    ck_assert(logged("Socket 's' is not open, can't close\n"));
    close(fd);
}
END_TEST

START_TEST(at_lower_debug_levels_it_stays_open)
{
    int fd = unix_server(SOCK_DGRAM, "s");
    log_set_level(log_, LOG_INFORM);
    for (int i = 0; i < 1000; i++)
        send_to(SOCKET_UDGRAM, "s", "x");
    log_set_level(log_, LOG_DETAIL);
    sockets_close(sockets, SOCKET_UDGRAM, B("s"));
    ck_assert(!logged("can't close"));
    close(fd);
}
END_TEST

START_TEST(a_unix_stream_is_one_connection_until_it_is_closed)
{
    int server = unix_server(SOCK_STREAM, "s");
    send_to(SOCKET_USTREAM, "s", "one ");
    send_to(SOCKET_USTREAM, "s", "two");
    int fd = accept(server, NULL, NULL);
    expect(fd, "one two");
    sockets_close(sockets, SOCKET_USTREAM, B("s"));
    ck_assert(logged("Closing unix stream socket 's'\n"));
    char byte;
    ck_assert_int_eq(recv(fd, &byte, 1, 0), 0);
    close(fd);
    sockets_close(sockets, SOCKET_USTREAM, B("s"));
    ck_assert(logged("Socket 's' is not open, can't close\n"));
    close(server);
}
END_TEST

START_TEST(the_end_of_a_stream_is_found_at_clean_up)
{
    int server = unix_server(SOCK_STREAM, "s");
    send_to(SOCKET_USTREAM, "s", "one");
    int fd = accept(server, NULL, NULL);
    ck_assert_int_eq(send(fd, "unwanted", 8, 0), 8);
    sockets_check(sockets);
    ck_assert(!logged("closed by peer"));
    close(fd);
    check_until("to socket 's'");
    close(server);
}
END_TEST

START_TEST(a_stream_without_server_is_reported)
{
    close(unix_server(SOCK_STREAM, "s"));
    send_to(SOCKET_USTREAM, "s", "one");
    ck_assert(logged("Can't connect to socket 's' for sending event 'one' (Connection refused)\n"));
    send_to(SOCKET_USTREAM, "/etc/passwd", "two");
    ck_assert(logged("Can't send event 'two' to socket '/etc/passwd' (socket does not exist)\n"));
}
END_TEST

START_TEST(a_path_too_long_for_a_socket_does_no_harm)
{
    char path[300] = "";
    for (int i = 0; i < 20; i++)
        strcat(path, "././././././");
    unix_server(SOCK_DGRAM, "s");
    strcat(path, "s");
    send_to(SOCKET_UDGRAM, path, "one");
    ck_assert(logged("Can't connect to socket"));
}
END_TEST

START_TEST(udp_datagrams_arrive_and_refusals_are_found)
{
    int fd = inet_server(SOCK_DGRAM, 0);
    send_to(SOCKET_UDP, peer_, "one");
    expect(fd, "one");
    close(fd);
    for (int i = 0; i < LIMIT / 10 && !logged("Retrying"); i++) {
        send_to(SOCKET_UDP, peer_, "two");
        usleep(10000);
    }
    ck_assert(logged("(Connection refused)\n"));
    ck_assert(logged("Retrying to send event 'two' to UDP peer '127.0.0.1:"));
    sockets_close(sockets, SOCKET_UDP, bytes_of(peer_));
    ck_assert(logged("Closing socket for UDP peer '127.0.0.1:"));
    sockets_close(sockets, SOCKET_UDP, B("x:1"));
    ck_assert(logged("No socket for UDP peer 'x:1', can't close\n"));
}
END_TEST

START_TEST(a_datagram_may_be_empty_or_too_large)
{
    static char large[70000];
    memset(large, 'x', sizeof(large) - 1);
    int fd = inet_server(SOCK_DGRAM, 0);
    char byte;
    send_to(SOCKET_UDP, peer_, "");
    ck_assert_int_eq(recv(fd, &byte, 1, 0), 0);
    send_to(SOCKET_UDP, peer_, large);
    log_flush(log_);
    ck_assert_int_eq(system("grep -q '(Message too long)' messages"), 0);
    ck_assert_int_eq(system("grep -q Retrying messages"), 0);
    close(fd);
}
END_TEST

START_TEST(addresses_that_are_none_are_refused)
{
    static const char *const bad[] = {"", "host", "host:", ":5", "host:x", "a\nb:5", "host:5 "};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char wanted[100];
        send_to(SOCKET_TCP, bad[i], "e");
        snprintf(wanted, sizeof(wanted),
                 "Can't connect to TCP peer '%s' for sending event 'e' (peer not in "
                 "host:portnumber format)\n",
                 bad[i]);
        ck_assert_msg(logged(wanted), "%s", wanted);
    }
    send_to(SOCKET_UDP, "no.such.host.invalid.:5", "e");
    ck_assert(logged("Can't create socket for no.such.host.invalid.:5/udp ("));
    ck_assert(
        logged("Can't connect to UDP peer 'no.such.host.invalid.:5' for sending event 'e'\n"));
}
END_TEST

START_TEST(events_are_kept_while_tcp_connects)
{
    int server = inet_server(SOCK_STREAM, 10);
    send_to(SOCKET_TCP, peer_, "one ");
    send_to(SOCKET_TCP, peer_, "two ");
    int fd = accept(server, NULL, NULL);
    sockets_check(sockets);
    send_to(SOCKET_TCP, peer_, "three");
    expect(fd, "one two three");
    close(fd);
    check_until("closed by peer\n");
    close(server);
}
END_TEST

START_TEST(a_refused_tcp_connection_loses_its_events)
{
    close(inet_server(SOCK_STREAM, 10));
    send_to(SOCKET_TCP, peer_, "one");
    check_until("(Connection refused)\n");
    sockets_close(sockets, SOCKET_TCP, bytes_of(peer_));
    ck_assert(logged("No socket for TCP peer '127.0.0.1:"));
}
END_TEST

START_TEST(a_connection_that_does_not_stand_in_time_is_given_up)
{
    inet_server(SOCK_STREAM, 0);
    int port = atoi(strchr(peer_, ':') + 1);
    for (int i = 0; i < 4; i++) { /* nobody accepts: the queue is full then */
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(fd, (struct sockaddr *)&address, sizeof(address));
    }
    send_to(SOCKET_TCP, peer_, "one");
    clock_set(clock_, START + timeout);
    sockets_check(sockets);
    ck_assert(!logged("establishment timeout"));
    clock_set(clock_, START + timeout + 1);
    sockets_check(sockets);
    ck_assert(logged("' (connection establishment timeout)\n"));
    sockets_close(sockets, SOCKET_TCP, bytes_of(peer_));
    ck_assert(logged("No socket for TCP peer"));
}
END_TEST

START_TEST(a_peer_that_does_not_read_does_not_block)
{
    static char large[100000];
    memset(large, 'x', sizeof(large) - 1);
    int server = unix_server(SOCK_STREAM, "s");
    for (int i = 0; i < 100; i++)
        send_to(SOCKET_USTREAM, "s", large);
    log_flush(log_);
    ck_assert_int_eq(system("grep -Eq 'bytes of|temporarily unavailable' messages"), 0);
    close(server);
}
END_TEST

RUN_TESTS_AROUND("socket", set_up, tear_down, datagrams_reach_a_unix_socket_and_its_successor,
                 a_full_unix_socket_loses_the_event_and_is_closed,
                 at_lower_debug_levels_it_stays_open,
                 a_unix_stream_is_one_connection_until_it_is_closed,
                 the_end_of_a_stream_is_found_at_clean_up, a_stream_without_server_is_reported,
                 a_path_too_long_for_a_socket_does_no_harm,
                 udp_datagrams_arrive_and_refusals_are_found, a_datagram_may_be_empty_or_too_large,
                 addresses_that_are_none_are_refused, events_are_kept_while_tcp_connects,
                 a_refused_tcp_connection_loses_its_events,
                 a_connection_that_does_not_stand_in_time_is_given_up,
                 a_peer_that_does_not_read_does_not_block)
