/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Secrets in lines and rules: what is one, and what is in its place. */
#include "secrets/mask.h"

#include "unit.h"

static struct mask *mask;
static struct buf out;

static void prepare(void)
{
    mask = mask_new();
}

static void release(void)
{
    mask_free(mask);
    buf_free(&out);
}

static struct bytes masked(const char *text, bool rules)
{
    buf_clear(&out);
    mask_text(mask, bytes_of(text), rules, &out);
    return buf_bytes(&out);
}

/* Each by itself. */
struct pair {
    const char *text, *masked;
};

static void check_pairs(const struct pair *pairs, size_t count, bool rules)
{
    for (size_t i = 0; i < count; i++) {
        release();
        prepare();
        mask_learn(mask, bytes_of(pairs[i].text), rules);
        ck_bytes_eq(masked(pairs[i].text, rules), bytes_of(pairs[i].masked));
    }
}

static const struct pair of_lines[] = {
    {"from 10.1.2.3 port 22 v 127.0.0.1", "from 192.0.2.1 port 22 v 127.0.0.1"},
    {"10.1.2.3 10.1.2.4, 10.1.2.3:80 10.0.0.0/8", "192.0.2.1 192.0.2.2, 192.0.2.1:80 192.0.2.3/8"},
    {"peer fe80::a1:2, ::ffff:10.0.0.1 at 01:46:40 ::1",
     "peer 2001:db8::1, ::ffff:192.0.2.1 at 01:46:40 ::1"},
    {"at 52:54:00:Ab:cd:ef 52-54-00-ab-cd-ef", "at 00:00:5e:00:53:00 00-00-5e-00-53-01"},
    {"mail from Alice.B@corp.example.org to bob@web1, alice.b",
     "mail from Mailm.A@hosa.hosthob.org to mab@hos2, mailm.a"},
    {"Nov 28 10:00:00 web1 sshd[123]: session opened for user alice by (uid=0)",
     "Nov 28 10:00:00 hos0 sshd[123]: session opened for user usera by (uid=0)"},
    {"2026-11-28T10:00:00.123+01:00 db-3.corp.net postfix/smtp[1]: 4A5B6C7D8E: to=<x@y.de>, "
     "relay=mx.y.de[1.2.3.4]:25",
     "2026-11-28T10:00:00.123+01:00 ho-0.hosb.net postfix/smtp[1]: 4A5B6C7D8E: to=<a@c.de>, "
     "relay=hd.c.de[192.0.2.1]:25"},
    {"<34>1 2003-10-11T22:14:15.003Z mymachine su - ID47 - su root failed for lonvick",
     "<34>1 2003-10-11T22:14:15.003Z hosthosta su - ID47 - su root failed for userusa"},
    {"password=hunter2 Password: \"s3cret\", token is abc123; key=1",
     "password=secret0 Password: \"s1ecrb\", token is sec112; key=1"},
    {"Authorization: Bearer eyJhbGciOi.J9x12.xyz", "Authorization: Bearer seCreTseCr.E1t11.sea"},
    {"https://joe:pw1@host.example.com/path?api_key=AKIA123456&x=1",
     "https://usa:se0@hosa.hosthob.com/path?api_key=SECR111111&x=1"},
    {"card 4111 1111 1111 1111 acct 123456789012 epoch 1700000000 1700000000.123 20010909014640",
     "card 1111 1111 1111 1110 acct 111111111111 epoch 1700000000 1700000000.123 20010909014640"},
    {"uuid 123e4567-e89b-12d3-a456-426614174000 sha d41d8cd98f00b204e9800998ecf8427e "
     "SingleWith2Thresholds",
     "uuid 111a1111-b11c-11d1-e111-111111111110 sha a11b1cd11e11f111a1111111bcd1111b "
     "SingleWith2Thresholds"},
    {"file /home/alice/auth.log opened by alice, conf.d/a.sec libc.so.6 type=Single foo.sh a.b.pl",
     "file /home/usera/auth.log opened by usera, conf.d/a.sec libc.so.6 type=Single foo.sh a.b.pl"},
    {"sudo: alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/ls",
     "sudo: usera : TTY=pts/0 ; PWD=/home/usera ; USER=root ; COMMAND=/bin/ls"},
    {"Invalid user admin from 1.2.3.4; user=bob, rhost=evil.example.net user unknown",
     "Invalid user usera from 192.0.2.1; user=usb, rhost=hosa.hosthob.net user unknown"},
    {"login failed for user root, account locked", "login failed for user root, account locked"},
    {"LOGIN_alice user alice", "LOGIN_usera user usera"},
};

static const struct pair of_rules[] = {
    {"pattern=host 10\\.1\\.2\\.3 (\\S+) password=(\\S+) token=$1 \\d+\\.corp\\.com key=(\\w+)",
     "pattern=host 192\\.0\\.2\\.1 (\\S+) password=(\\S+) token=$1 \\d+\\.hosa\\.com key=(\\w+)"},
    {"action=shellcmd mail -s 'x' root@corp.com; event %u token: $2; call %o->(sub { $_[0]; "
     "}); tcpsock 10.0.0.1:25 %s",
     "action=shellcmd mail -s 'x' maia@hosa.com; event %u token: $2; call %o->(sub { $_[0]; "
     "}); tcpsock 192.0.2.1:25 %s"},
};

START_TEST(lines)
{
    check_pairs(of_lines, sizeof(of_lines) / sizeof(*of_lines), false);
}
END_TEST

START_TEST(rules)
{
    check_pairs(of_rules, sizeof(of_rules) / sizeof(*of_rules), true);
}
END_TEST

static const char rule[] = "type=Single\nptype=RegExp\n"
                           "pattern=user admin from web9 \\\n at 10\\.1\\.2\\.3\n"
                           "desc=bob\naction=none\n";

START_TEST(what_patterns_name_stays_unless_it_has_a_form)
{
    mask_learn(mask, bytes_of(rule), true);
    mask_learn(mask, B("user admin, user bob, host=web9, host=db1, 10.1.2.3"), false);
    ck_bytes_eq(masked("user admin, user bob, host=web9, host=db1, 10.1.2.3", false),
                B("user admin, user usa, host=web9, host=ho0, 192.0.2.1"));
    ck_bytes_eq(masked(rule, true), B("type=Single\nptype=RegExp\n"
                                      "pattern=user admin from web9 \\\n at 192\\.0\\.2\\.1\n"
                                      "desc=usa\naction=none\n"));
    for (size_t i = 0; i < mask_count(mask); i++) {
        const struct secret *secret = mask_secret(mask, i);
        bool stays = bytes_eq(secret->key, B("admin")) || bytes_eq(secret->key, B("web9"));
        ck_assert_int_eq(secret_stays(secret), stays);
    }
}
END_TEST

START_TEST(the_same_is_replaced_by_the_same)
{
    mask_learn(mask, B("user alice, user bobby, user usera"), false);
    ck_bytes_eq(masked("Alice alice bobby malice ALICE_x alice-1 user usera", false),
                B("Userb userb userc malice USERB_x userb-1 user userd"));
}
END_TEST

START_TEST(what_is_left_stays)
{
    mask_learn(mask, B("user alice 10.0.0.1"), false);
    ck_assert_uint_eq(mask_count(mask), 2);
    mask_secret(mask, 0)->left = true;
    ck_bytes_eq(masked("user alice 10.0.0.1", false), mask_secret(mask, 0)->kind == SECRET_USER
                                                          ? B("user alice 192.0.2.1")
                                                          : B("user usera 10.0.0.1"));
}
END_TEST

START_TEST(no_two_have_the_same_as_long_as_there_are_some)
{
    struct buf text = {0};
    for (int i = 0; i < 300; i++)
        buf_printf(&text, "10.0.%d.%d user u%dx\n", i / 100, i % 100, i + 100);
    buf_char(&text, '\0');
    mask_learn(mask, bytes_of(text.ptr), false);
    struct bytes rest = masked(text.ptr, false), one, others;
    while (bytes_piece(&rest, '\n', &one))
        for (others = rest; others.len > 0; bytes_piece(&others, '\n', &(struct bytes){0}))
            ck_assert(!bytes_starts(others, one));
    buf_free(&text);
}
END_TEST

RUN_TESTS_AROUND("mask", prepare, release, lines, rules,
                 what_patterns_name_stays_unless_it_has_a_form, the_same_is_replaced_by_the_same,
                 what_is_left_stays, no_two_have_the_same_as_long_as_there_are_some)
