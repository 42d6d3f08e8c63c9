/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forms of the times of log lines, as programs write them, and what only looks like one. */
#include "timestamps.h"

struct sample {
    const char *form, *line;
    int64_t second;
    int32_t nanoseconds;
};

/* clang-format off */
static const struct sample samples[] = {
    {"ISO 8601", "2026-11-27T10:20:30Z host sshd[1]: Accepted", NOON, 0},
    {"ISO 8601", "2026-11-27T11:20:30.123456+01:00 host sshd[1]: Accepted", NOON, 123456000},
    {"ISO 8601", "2026-11-27T05:20:30,5-0500 x", NOON, 500000000},
    {"ISO 8601", "2026-11-27T11:20:30+01 x", NOON, 0},
    {"ISO 8601", "2026-11-27 10:20:30.123456789 x", NOON, 123456789},
    {"ISO 8601", "[2026-11-27T10:20:30.001Z] x", NOON, 1000000},
    {"ISO 8601", "2026-11-27T10:20:30", NOON, 0},
    {"ISO 8601", "<165>1 2026-11-27T10:20:30.003Z host app 1 ID47 - text", NOON, 3000000},
    {"ISO 8601", "<34>1 2026-11-27T11:20:30.52+01:00 host su - ID47 - text", NOON, 520000000},
    /* PostgreSQL, MySQL 8, Java, W3C, Docker, containerd */
    {"ISO 8601", "2026-11-27 11:20:30.123 CET [4711] LOG:  checkpoint starting", NOON, 123000000},
    {"ISO 8601", "2026-11-27 05:20:30 EST LOG:  x", NOON, 0},
    {"ISO 8601", "2026-11-27T10:20:30.123456Z 8 [Note] [MY-010051] x", NOON, 123456000},
    {"ISO 8601", "2026-11-27 10:20:30,123 INFO [main] com.example.Main - started", NOON, 123000000},
    {"ISO 8601", "2026-11-27 10:20:30.123  WARN 1 --- [main] o.s.b.Application : x", NOON, 123000000},
    {"ISO 8601", "INFO  2026-11-27 10:20:30,123 [main] x", NOON, 123000000},
    {"ISO 8601", "2026-11-27 10:20:30 W3SVC1 10.0.0.1 GET /x - 80", NOON, 0},
    {"ISO 8601", "2026-11-27T10:20:30.123456789Z stdout F text", NOON, 123456789},
    {"ISO 8601", "time=\"2026-11-27T10:20:30Z\" level=info msg=x", NOON, 0},
    {"ISO 8601", "level=info ts=2026-11-27T10:20:30.5Z caller=x", NOON, 500000000},
    {"ISO 8601", "  <TimeCreated SystemTime='2026-11-27T10:20:30.1234567Z'/>", NOON, 123456700},
    {"ISO 8601", "\"4624\",\"2026-11-27 10:20:30\",\"Security\"", NOON, 0},
    {"ISO 8601 to the minute", "2026-11-27 10:20 x", NOON - 30, 0},
    {"RFC 3164", "Nov 27 10:20:30 host sshd[1]: Accepted", NOON, 0},
    {"RFC 3164", "<34>Nov 27 10:20:30 host su: x", NOON, 0},
    {"RFC 3164", "Nov 27 10:20:30.250 host su: x", NOON, 250000000},
    {"RFC 3164", "Fri Nov 27 10:20:30 host su: x", NOON, 0},
    {"syslog, year after the day", "<166>Nov 27 2026 10:20:30: %ASA-6-302013: Built", NOON, 0},
    {"syslog, year after the day", "Nov 27 2026 10:20:30 fw : %ASA-6-302013: Built", NOON, 0},
    {"syslog, year at the end", "Nov 27 10:20:30 2026 router firewall: x", NOON, 0},
    {"syslog, year at the end", "[Fri Nov 27 10:20:30.123456 2026] [core:error] [pid 1] x", NOON, 123456000},
    {"syslog, year at the end", "Fri Nov 27 10:20:30 2026 -- ORA-00000", NOON, 0},
    {"syslog, year at the end", "Fri Nov 27 11:20:30 CET 2026 started", NOON, 0},
    {"Cisco IOS", "*Nov 27 10:20:30.123: %SYS-5-CONFIG_I: Configured", NOON, 123000000},
    {"Cisco IOS", "000123: .Nov 27 11:20:30.123 CET: %SYS-5-CONFIG_I: x", NOON, 123000000},
    {"Cisco IOS", "<189>4711: *Nov 27 10:20:30.123 UTC: %LINK-3-UPDOWN: x", NOON, 123000000},
    {"year month day", "2026 Nov 27 10:20:30 nexus %ETHPORT-5-IF_UP: x", NOON, 0},
    {"Apache", "10.0.0.9 - bob [27/Nov/2026:11:20:30 +0100] \"GET / HTTP/1.1\" 200 5", NOON, 0},
    {"Apache", "10.0.0.9:1 [27/Nov/2026:10:20:30.123] front back/srv 0/0/1", NOON, 123000000},
    {"year/month/day", "2026/11/27 10:20:30 [error] 7#7: *1 open() failed", NOON, 0},
    {"year/month/day", "2026/11/27 10:20:30.000123 main.go:7: x", NOON, 123000},
    {"day.month.year", "27.11.2026 10:20:30 Dienst gestartet", NOON, 0},
    {"day.month.year", "Information;7.11.2026 9:20:30;Quelle", NOON - 20 * DAY - 3600, 0},
    {"year.month.day", "2026.11.27 10:20:30 x", NOON, 0},
    {"day and month with /", "Information,11/27/2026 10:20:30 AM,Service,7036", NOON, 0},
    {"day and month with /", "27/11/2026 10:20:30 x", NOON, 0},
    {"day and month with /", "11/27/2026 10:20:30 PM x", NOON + DAY / 2, 0},
    {"day and month with /", "[11/27/26 11:20:30:123 CET] 0000001 WebSphere", NOON, 123000000},
    {"day and month with /", "10,11/27/26,10:20:30,Assign,10.0.0.5,pc,001122", NOON, 0},
    {"day and month with -", "27-11-2026 10:20:30 x", NOON, 0},
    {"day-month-year", "27-Nov-2026 10:20:30.123 INFO [main] catalina", NOON, 123000000},
    {"day-month-year", "27-Nov-2026 10:20:30.123 queries: info: client", NOON, 123000000},
    {"day month year", "4711:M 27 Nov 2026 10:20:30.123 * Ready", NOON, 123000000},
    {"day month year", "Fri, 27 Nov 2026 11:20:30 +0100 x", NOON, 0},
    {"day month", "27 Nov 10:20:30.123 * Ready", NOON, 123000000},
    {"month, day, year", "Nov 27, 2026 10:20:30 AM org.apache.catalina.startup", NOON, 0},
    {"month, day, year", "November 27, 2026 10:20:30 PM x", NOON + DAY / 2, 0},
    {"DB2", "2026-11-27-10.20.30.123456+000 I1 LEVEL: x", NOON, 123456000},
    {"compact", "20261127T102030Z x", NOON, 0},
    {"compact", "20261127 10:20:30.5 x", NOON, 500000000},
    {"compact", "20261127-10:20:30 x", NOON, 0},
    {"compact", "20261127102030 x", NOON, 0},
    {"MySQL", "261127 10:20:30 [Note] InnoDB: x", NOON, 0},
    {"MySQL", "261127  9:20:30 [Note] InnoDB: x", NOON - 3600, 0},
    {"MySQL", "# Time: 261127 10:20:30", NOON, 0},
    {"MySQL", "SET timestamp=1795774830;", NOON, 0},
    {"day.month.year", "27.11.26 10:20:30 x", NOON, 0},
    {"day and month with /", "11/27/2026,10:20:30 AM,Error", NOON, 0},
    {"Apache", "10.0.0.1 - - [27/Nov/2026:10:20:30 +0000] \"GET /?d=2020-01-01T00:00:00Z\"", NOON, 0},
    {"ISO 8601", "{\"event\":{\"created\":\"2026-11-27T10:20:30Z\"},\"x\":1}", NOON, 0},
    {"RFC 3164", "{\"timestamp\":\"Nov 27 10:20:30\",\"host\":\"x\"}", NOON, 0},
    {"day-month-year", "[27-Nov-2026 10:20:30 UTC] PHP Warning:  x", NOON, 0},
    {"epoch", "[1795774830] SERVICE ALERT: host;x", NOON, 0},
    {"epoch", "1795774830 x", NOON, 0},
    {"epoch", "1795774830.123    45 10.0.0.1 TCP_MISS/200", NOON, 123000000},
    {"epoch", "1795774830123 x", NOON, 123000000},
    {"epoch", "1795774830123456 x", NOON, 123456000},
    {"epoch", "1795774830123456789 x", NOON, 123456789},
    {"epoch", "ts=1795774830.5 level=info", NOON, 500000000},
    {"epoch", "type=SYSCALL msg=audit(1795774830.123:7): arch=c000003e", NOON, 123000000},
    {"epoch", "node=h type=USER_LOGIN msg=audit(1795774830.123:7): pid=1", NOON, 123000000},
    {"epoch", "{\"MESSAGE\":\"a {\\\"time\\\":1}\",\"__REALTIME_TIMESTAMP\":\"1795774830123456\"}", NOON, 123456000},
    {"epoch", "{\"level\":30,\"time\":1795774830123,\"msg\":\"x\"}", NOON, 123000000},
    {"epoch", "{ \"a\": {\"time\": 5}, \"ts\": 1795774830.25 }", NOON, 250000000},
    {"ISO 8601", "{\"time\":\"1\",\"@timestamp\":\"2026-11-27T10:20:30.000Z\"}", NOON, 0},
    {"ISO 8601", "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-27T10:20:30.5Z\"}", NOON, 500000000},
    {"TAI64N", "@400000006b0959780756b518 x", NOON, 123122968},
    {"Google log", "I1127 10:20:30.123456       1 server.go:7] x", NOON, 123456000},
    {"month-day", "11-27 10:20:30.123  100  100 I ActivityManager: x", NOON, 123000000},
    /* traditional syslog, Postfix, HAProxy, netfilter, pf: the line's own time is its first */
    {"RFC 3164", "<22>Nov 27 10:20:30 mx1 postfix/smtpd[4711]: 4A1B2C3D4E: client=mail[10.1.2.3]", NOON, 0},
    {"RFC 3164", "Nov 27 10:20:30 lb1 haproxy[17]: 10.1.2.3:410 [27/Nov/2026:10:20:29.123] web app/s1", NOON, 0},
    {"RFC 3164", "Nov 27 10:20:30 fw kernel: [ 4711.123456] IN=eth0 OUT= SRC=10.1.2.3 DST=10.2.3.4", NOON, 0},
    {"RFC 3164", "Nov 27 10:20:30.123456 rule 4/0(match): block in on em0: 10.1.2.3.41 > 10.2.3.4.22", NOON, 123456000},
    {"RFC 3164", "Nov 27 10:20:30 h kernel: audit: type=1400 audit(1795774829.123:7): apparmor=x", NOON, 0},
    {"RFC 3164", "Nov 27 10:20:30 host app: 2026-11-27T10:20:29Z slow", NOON, 0},
    {"ISO 8601", "2026-11-27T10:20:30Z app {\"time\":\"2020-01-01T00:00:00Z\"}", NOON, 0},
    {"ISO 8601", "2026-11-27T10:20:30.123456+00:00 mx1 postfix/qmgr[4711]: 4A1B2C3D4E: removed", NOON, 123456000},
    /* Cisco: with a sequence number and a host */
    {"Cisco IOS", "<187>17: sw1: *Nov 27 10:20:30.123: %LINK-3-UPDOWN: x", NOON, 123000000},
    {"syslog, year after the day", "000017: Nov 27 2026 11:20:30.123 CET: %SYS-5-RESTART: x", NOON, 123000000},
    {"syslog, year after the day", "Nov 27 2026 10:20:30: %ASA-4-106023: Deny tcp src out:10.1.2.3/17", NOON, 0},
    /* Apache, with a host before; IPv6 */
    {"Apache", "www.example.org:443 10.1.2.3 - - [27/Nov/2026:11:20:30 +0100] \"GET /a HTTP/1.1\" 200 17", NOON, 0},
    {"Apache", "2001:db8::17 - - [27/Nov/2026:11:20:30 +0100] \"GET /a HTTP/1.1\" 200 17", NOON, 0},
    {"Apache", "abc logs [27/Nov/2026:10:20:30 +0000] 10.1.2.3 - 17 REST.GET.OBJECT x", NOON, 0},
    {"syslog, year at the end", "[Fri Nov 27 10:20:30 2026] [error] [client 10.1.2.3] x", NOON, 0},
    /* dmesg -T, Oracle */
    {"syslog, year at the end", "[Fri Nov 27 10:20:30 2026] usb 1-1: new high-speed device", NOON, 0},
    {"ISO 8601", "2026-11-27T10:20:30,123456+00:00 usb 1-1: new high-speed device", NOON, 123456000},
    {"syslog, year at the end", "Fri Nov 27 10:20:30 2026", NOON, 0},
    {"ISO 8601", "2026-11-27T10:20:30.123456+00:00", NOON, 123456000},
    {"day-month-year", "27-NOV-2026 10:20:30 * (CONNECT_DATA=(SID=x)) * establish * 0", NOON, 0},
    /* MySQL, PostgreSQL, Exim */
    {"MySQL", "261127 10:20:30\t    4 Query\tSELECT 1", NOON, 0},
    {"ISO 8601", "2026-11-27 10:20:30 17 [Note] mysqld: ready for connections", NOON, 0},
    {"ISO 8601", "2026-11-27 10:20:30 UTC:10.1.2.3(5432):app@db:[4711]:LOG:  x", NOON, 0},
    {"ISO 8601", "2026-11-27 07:20:30.123 -03 [4711] LOG:  x", NOON, 123000000},
    {"ISO 8601", "2026-11-27 10:20:30 1r2abc-0000Xy-17 <= bob@example.org H=mail [10.1.2.3]", NOON, 0},
    {"ISO 8601", "2026-11-27 11:20:30 +0100 1r2abc-0000Xy-17 Completed", NOON, 0},
    /* Samba, Tomcat, Elasticsearch */
    {"year/month/day", "[2026/11/27 10:20:30.123456,  0] ../../source3/smbd/server.c:1788(main)", NOON, 123456000},
    {"year/month/day", "[2026/11/27 10:20:30, 1] smbd/service.c:1070(make_connection_snum)", NOON, 0},
    {"ISO 8601", "[2026-11-27T10:20:30,123][INFO ][o.e.n.Node               ] [es1] started", NOON, 123000000},
    /* Go, Rust, Python, Ruby, PHP */
    {"ISO 8601", "time=2026-11-27T10:20:30.123Z level=INFO msg=x", NOON, 123000000},
    {"ISO 8601", "2026-11-27T10:20:30.123Z\tINFO\tserver/main.go:17\tx", NOON, 123000000},
    {"ISO 8601", "[2026-11-27T10:20:30Z INFO  shop::cart] x", NOON, 0},
    {"ISO 8601", "2026-11-27 10:20:30,123 - shop.cart - WARNING - x", NOON, 123000000},
    {"ISO 8601", "WARNING:2026-11-27 10:20:30,123:x", NOON, 123000000},
    {"ISO 8601", "[2026-11-27 10:20:30 +0000] [17] [INFO] Starting gunicorn", NOON, 0},
    {"ISO 8601", "I, [2026-11-27T10:20:30.123456 #17]  INFO -- : x", NOON, 123456000},
    {"day-month-year", "[27-Nov-2026 10:20:30] WARNING: [pool www] child 17 exited", NOON, 0},
    /* Windows: Snare, NXLog, Event Viewer */
    {"syslog, year at the end", "pc17\tMSWinEventLog\t1\tSecurity\t47\tFri Nov 27 10:20:30 2026\t4624\tx", NOON, 0},
    {"ISO 8601", "{\"EventReceivedTime\":\"2026-11-27 10:20:31\",\"EventTime\":\"2026-11-27 10:20:30\"}", NOON, 0},
    {"epoch", "{\"EventTime\":1795774830,\"Hostname\":\"pc17\"}", NOON, 0},
    {"day and month with /", "Information,27/11/2026 10:20:30,Service Control Manager,7036,None", NOON, 0},
    {"day and month with /", "Error,11/27/2026 10:20:30 p.m.,Disk,7,None", NOON + DAY / 2, 0},
    {"day.month.year", "Informationen,27.11.2026 10:20:30,Service Control Manager,7036,Keine", NOON, 0},
    {"ISO 8601", "{\"TimeCreated\":\"2026-11-27T10:20:30.1234567Z\",\"Id\":4624}", NOON, 123456700},
    {"epoch", "{\"instant\":{\"epochSecond\":1795774830,\"nanoOfSecond\":5},\"level\":\"INFO\"}", NOON, 0},
    {"ISO 8601", "{\"t\":{\"$date\":\"2026-11-27T10:20:30.123+00:00\"},\"s\":\"I\"}", NOON, 123000000},
    {"epoch", "{\"timeMillis\":1795774830123,\"level\":\"INFO\"}", NOON, 123000000},
    /* AWS: CloudTrail, load balancers, CloudFront; Suricata, Snort, Zeek, ausearch -i */
    {"ISO 8601", "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-27T10:20:30Z\"}", NOON, 0},
    {"ISO 8601", "https 2026-11-27T10:20:30.123456Z app/lb/17 10.1.2.3:41000 10.2.3.4:80 0.0", NOON, 123456000},
    {"ISO 8601", "2026-11-27\t10:20:30\tFRA50-C1\t1700\t10.1.2.3\tGET\td.example.net\t/a", NOON, 0},
    {"ISO 8601", "{\"timestamp\":\"2026-11-27T11:20:30.123456+0100\",\"event_type\":\"alert\"}", NOON, 123456000},
    {"Snort", "11/27/2026-10:20:30.123456  [**] [1:2100498:7] x [**]", NOON, 123456000},
    {"Snort", "11/27-10:20:30.123456  [**] [1:2100498:7] x [**]", NOON, 123456000},
    {"Snort", "11/27/26-10:20:30.123456  [**] [1:2100498:7] x [**]", NOON, 123456000},
    {"epoch", "1795774830.123456 CXWfTc 10.1.2.3 41000 10.2.3.4 53 udp dns", NOON, 123456000},
    {"epoch", "[1795774830.123456] x", NOON, 123456000},
    {"day and month with /", "type=USER_AUTH msg=audit(27/11/2026 10:20:30.123:7) : pid=1", NOON, 123000000},
    /* svlogd, firewalls, and what people write themselves */
    {"ISO 8601", "2026-11-27_10:20:30.12345 x", NOON, 123450000},
    {"year:month:day", "<30>2026:11:27-10:20:30 gw ulogd[17]: x", NOON, 0},
    {"date= time=", "<189>date=2026-11-27 time=10:20:30 devname=\"fw\"", NOON, 0},
    {"day and month with /", "27/11/2026-10:20:30 x", NOON, 0},
    {"day and month with /", "27/11/2026;10:20:30;x", NOON, 0},
    {"day.month.year", "27.11.2026, 10:20:30: x", NOON, 0},
    {"compact", "20261127 102030 x", NOON, 0},
    {"compact", "20261127-102030 x", NOON, 0},
    {"compact", "20261127_102030 x", NOON, 0},
    {"compact", "20261127T112030.5+0100 x", NOON, 500000000},
    {"month, day, year", "Friday, November 27, 2026 10:20:30 AM x", NOON, 0},
    {"month, day, year", "Nov 27, 2026, 10:20:30 PM x", NOON + DAY / 2, 0},
    {"day month year", "Fri 27 Nov 2026 10:20:30 x", NOON, 0},
    {"day month", "Fri 27 Nov 10:20:30 x", NOON, 0},
    /* what may come before it */
    {"RFC 3164", "<13> Nov 27 10:20:30 host su: x", NOON, 0},
    {"RFC 3164", "\tNov 27 10:20:30 host su: x", NOON, 0},
    {"ISO 8601", "        2026-11-27 10:20:30 x", NOON, 0},
};
/* clang-format on */

static uint64_t lines_of(const char *form)
{
    struct bytes name;
    uint64_t lines, sum = 0;
    for (size_t i = 0; time_reader_form(reader, i, &name, &lines); i++)
        sum += bytes_eq(name, bytes_of(form)) ? lines : 0;
    return sum;
}

START_TEST(every_form_is_found_by_itself)
{
    for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
        const struct sample *sample = &samples[i];
        begin_year("UTC", "2026");
        at(sample->line);
        ck_assert_msg(stamp.flags == (TIMESTAMP_OWN | TIMESTAMP_LEAP), "%s: flags %x", sample->line,
                      stamp.flags);
        ck_assert_msg(stamp.second == sample->second, "%s: %lld, not %lld", sample->line,
                      (long long)stamp.second, (long long)sample->second);
        ck_assert_msg(stamp.nanoseconds == sample->nanoseconds, "%s: %d ns", sample->line,
                      stamp.nanoseconds);
        ck_assert_msg(lines_of(sample->form) == 1, "%s: not read as %s", sample->line,
                      sample->form);
        end();
    }
}
END_TEST

START_TEST(the_same_line_again_is_the_same_time)
{
    for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
        begin_year("UTC", "2026");
        int64_t first = at(samples[i].line);
        ck_assert_msg(at(samples[i].line) == first, "%s", samples[i].line);
        ck_assert_int_eq(stamp.nanoseconds, samples[i].nanoseconds);
        ck_assert_uint_eq(counts()->own, 2);
        ck_assert_uint_eq(counts()->odd, 0);
        ck_assert_msg(lines_of(samples[i].form) == 2, "%s", samples[i].line);
        end();
    }
}
END_TEST

START_TEST(what_is_no_time_is_none)
{
    static const char *const lines[] = {
        "", "x", "2026-11-27", "10.20.30.40 x", "123456789 x", "12345678901 x", "Nov 27 host x",
        "1.2.3.4 - - [x] y", "{", "{\"time\":", "{\"time\":{}}", "audit(", "<34>", "[", "%",
        "Marching 10:20", "@4000", "version 2026.11.27",
        /* addresses */
        "fe80::10:20:30 x", "00:11:22:33:44:55 joined", "12:34:56:78:9a:bc joined",
        /* versions */
        "2026.03.01 released", "app-2026.03.01 up", "v2026.03.01-8 up", "1700000000.17.3 installed",
        /* telephone numbers */
        "+49 30 1700000000 called", "4915112345678 called", "tel:1700000000",
        /* processes and identifiers */
        "1700000000[17]: x", "sshd[1700000000]: x", "pid=1700000000 x", "id=1700000000 x",
        "1700000000-17 x", "1700000000/17 x", "4294967295 x",
        "550e8400-e29b-41d4-a716-446655440000 x",
        /* names of files */
        "backup-2026-03-01.tar.gz written", "2026-03-01.log rotated",
        "/var/log/a-2026-03-01T08:00:00.log x", "20260301.log rotated",
        "20260301080000.log rotated", "20260301-080000.jpg x",
        /* halves of a time */
        "20260301 x", "12/24/2026 offer", "Mar 1 x", "March 10:20:30 x", "1795774830123x"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        begin_year("UTC", "2026");
        at(lines[i]);
        ck_assert_msg(stamp.flags == TIMESTAMP_NONE_YET, "%s: %x", lines[i], stamp.flags);
        end();
    }
}
END_TEST

/* PHP; a machine without tzdata knows no names. */
START_TEST(a_line_may_name_its_zone)
{
    if (!has_zone("Europe/Berlin")) {
        skip_test("no zone Europe/Berlin");
        return;
    }
    begin("UTC");
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(at("[27-Nov-2026 11:20:30 Europe/Berlin] PHP Warning:  x"), NOON);
        ck_assert_int_eq(at("[27-Nov-2026 05:20:30 America/New_York] PHP Warning:  x"), NOON);
        ck_assert_int_eq(at("[27-Jul-2026 12:20:30 Europe/Berlin] PHP Warning:  x"),
                         utc(2026, 7, 27, 10, 20, 30));
    }
    ck_assert_uint_eq(counts()->assumed_zone, 0);
    ck_assert_int_eq(at("[27-Nov-2026 10:20:30 Europe/Nowhere] PHP Warning:  x"), NOON);
    ck_assert_uint_eq(counts()->assumed_zone, 1);
    end();
}
END_TEST

START_TEST(the_head_of_a_w3c_log_says_utc)
{
    begin(BERLIN);
    ck_assert_int_eq(at("2026-11-27 11:20:00 x"), NOON - 30);
    at("#Software: Microsoft Internet Information Services 10.0");
    at("#Version: 1.0");
    ck_assert_int_eq(at("#Date: 2026-11-27 10:20:00"), NOON - 30);
    at("#Fields: date time s-ip cs-method cs-uri-stem");
    ck_assert_int_eq(at("2026-11-27 10:20:30 10.2.3.4 GET /a"), NOON);
    ck_assert_int_eq(at("2026-11-27 10:20:31 10.2.3.4 GET /b"), NOON + 1);
    ck_assert_int_eq(at("2026-11-27 11:20:32 CET x"), NOON + 2);
    ck_assert_uint_eq(counts()->assumed_zone, 1);
    /* The firewall of Windows says that it has the machine's. */
    at("#Version: 1.5");
    at("#Software: Microsoft Windows Firewall");
    at("#Time Format: Local");
    at("#Fields: date time action protocol src-ip dst-ip");
    ck_assert_int_eq(at("2026-11-27 11:20:33 ALLOW TCP 10.1.2.3 10.2.3.4"), NOON + 3);
    end();
}
END_TEST

/* An epoch in the midst of numbers: VPC flow logs of AWS have the begin and the end of a flow. */
START_TEST(a_number_among_numbers_needs_a_regex)
{
    struct buf why = {0};
    const char *line =
        "2 123456789012 eni-1 10.1.2.3 10.2.3.4 443 41 6 17 47 1795774830 1795774890 OK";
    begin("UTC");
    at(line);
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_NONE_YET);
    ck_assert(time_options_regex(options, B(" (\\d{10}) \\d{10} "), &why));
    ck_assert_int_eq(at(line), NOON);
    end();
    buf_free(&why);
}
END_TEST

RUN_TESTS("time_forms", every_form_is_found_by_itself, the_same_line_again_is_the_same_time,
          a_line_may_name_its_zone, the_head_of_a_w3c_log_says_utc,
          a_number_among_numbers_needs_a_regex, what_is_no_time_is_none)
