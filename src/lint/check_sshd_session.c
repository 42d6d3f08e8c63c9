/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Since OpenSSH 9.8 sshd only listens: what is said of a connection comes from sshd-session.  A
 * pattern with "sshd\[" for such a message misses it: it matches a line that sshd wrote, and not
 * the same line by the new name.  A pattern for what the listener still writes is not reported, nor
 * one whose line by the new name another pattern of the set takes, which has that name. */
#include "base/mem.h"
#include "lint/checks.h"
#include "lint/patterns.h"
#include "witness/sample.h"

#define USER "alice"
#define HOST "192.0.2.7"
#define USUAL B("Jan 12 10:21:33 web1 ") /* before the name */

/* What sshd-session writes; the words of the pattern take the place of the
 * user and the host. */
static const char *const messages[] = {
    "Failed password for " USER " from " HOST " port 40222 ssh2",
    "Failed password for invalid user " USER " from " HOST " port 40222 ssh2",
    "Failed publickey for " USER " from " HOST " port 40222 ssh2: RSA SHA256:0k3vDuXz",
    "Failed keyboard-interactive/pam for " USER " from " HOST " port 40222 ssh2",
    "Failed keyboard-interactive/pam for invalid user " USER " from " HOST " port 40222 ssh2",
    "Failed none for " USER " from " HOST " port 40222 ssh2",
    "Failed none for invalid user " USER " from " HOST " port 40222 ssh2",
    "Accepted password for " USER " from " HOST " port 40222 ssh2",
    "Accepted publickey for " USER " from " HOST " port 40222 ssh2: RSA SHA256:0k3vDuXz",
    "Accepted publickey for " USER " from " HOST " port 40222 ssh2",
    "Accepted keyboard-interactive/pam for " USER " from " HOST " port 40222 ssh2",
    "Accepted gssapi-with-mic for " USER " from " HOST " port 40222 ssh2",
    "Invalid user " USER " from " HOST " port 40222",
    "Disconnected from " HOST " port 40222",
    "Disconnected from user " USER " " HOST " port 40222",
    "Disconnected from authenticating user " USER " " HOST " port 40222 [preauth]",
    "Disconnected from invalid user " USER " " HOST " port 40222 [preauth]",
    "Disconnecting authenticating user " USER " " HOST
    " port 40222: Too many authentication failures [preauth]",
    "Disconnecting invalid user " USER " " HOST
    " port 40222: Too many authentication failures [preauth]",
    "error: maximum authentication attempts exceeded for " USER " from " HOST
    " port 40222 ssh2 [preauth]",
    "error: maximum authentication attempts exceeded for invalid user " USER " from " HOST
    " port 40222 ssh2 [preauth]",
    "Received disconnect from " HOST " port 40222:11: disconnected by user",
    "Received disconnect from " HOST " port 40222:11: Bye Bye [preauth]",
    "Connection closed by " HOST " port 40222 [preauth]",
    "Connection closed by authenticating user " USER " " HOST " port 40222 [preauth]",
    "Connection closed by invalid user " USER " " HOST " port 40222 [preauth]",
    "Connection reset by " HOST " port 40222 [preauth]",
    "Connection reset by authenticating user " USER " " HOST " port 40222 [preauth]",
    "Connection from " HOST " port 40222 on 192.0.2.1 port 22",
    "Closing connection to " HOST " port 40222",
    "pam_unix(sshd:session): session opened for user " USER "(uid=1000) by " USER "(uid=0)",
    "pam_unix(sshd:session): session opened for user " USER " by (uid=0)",
    "pam_unix(sshd:session): session closed for user " USER,
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=" HOST
    "  user=" USER,
    "pam_unix(sshd:auth): check pass; user unknown",
    "pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=" HOST
    " user=" USER,
    "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=" HOST
    "  user=" USER,
    "error: PAM: Authentication failure for " USER " from " HOST,
    "error: PAM: Authentication failure for illegal user " USER " from " HOST,
    "User " USER " from " HOST " not allowed because not listed in AllowUsers",
    "User " USER " from " HOST " not allowed because listed in DenyUsers",
    "User " USER " not allowed because account is locked",
    "User " USER " not allowed because shell /bin/none does not exist",
    "ROOT LOGIN REFUSED FROM " HOST " port 40222",
    "Postponed publickey for " USER " from " HOST " port 40222 ssh2 [preauth]",
    "Postponed keyboard-interactive for " USER " from " HOST " port 40222 ssh2 [preauth]",
    "Unable to negotiate with " HOST
    " port 40222: no matching key exchange method found. Their offer: none [preauth]",
    "reverse mapping checking getaddrinfo for web1.example.com [" HOST "] failed.",
    "Address " HOST " maps to web1.example.com, but this does not map back to the address.",
    "banner exchange: Connection from " HOST " port 40222: invalid format",
    "error: kex_exchange_identification: Connection closed by remote host",
    "Authentication refused: bad ownership or modes for directory /home/" USER,
    "Starting session: shell on pts/0 for " USER " from " HOST " port 40222 id 0",
    "Starting session: command for " USER " from " HOST " port 40222 id 0",
    "subsystem request for sftp by user " USER,
    "error: connect_to web1 port 25: failed.",
    "error: connect_to ::1 port 25: Network is unreachable",
    "error: channel_setup_fwd_listener_tcpip: cannot listen to port: 8080",
    "error: channel_setup_fwd_listener: cannot listen to port: 8080", /* before 6.7 */
    "error: bind [127.0.0.1]:8080: Address already in use",
    "error: bind: Address already in use",
    "fatal: userauth_pubkey: parse publickey packet: incomplete message [preauth]",
    "fatal: Timeout before authentication for " HOST " port 40222", /* before 9.8 */
    "Bad packet length 1349676916. [preauth]",
    "Bad protocol version identification 'GET / HTTP/1.1' from " HOST " port 40222",
    "Did not receive identification string from " HOST " port 40222",
};

/* What sshd still writes itself: a pattern for one of these and a message above is for any. */
static const char *const listener[] = {
    "Server listening on 0.0.0.0 port 22.",
    "Received signal 15; terminating.",
    "error: Bind to port 22 on 0.0.0.0 failed: Address already in use.",
    "Timeout before authentication for connection from " HOST " to 192.0.2.1, pid = 4711",
    "drop connection #10 from [" HOST "]:40222 on [192.0.2.1]:22 past MaxStartups",
};

/* Where the next "sshd\[" at or after *at is; *at becomes its end.  false: there is none. */
static bool next_name(struct bytes pattern, size_t *at, struct bytes *name)
{
    static const struct bytes written = B("sshd\\[");
    ptrdiff_t found = bytes_find(pattern, written, *at);
    if (found < 0)
        return false;
    *at = (size_t)found + written.len;
    *name = bytes_slice(pattern, (size_t)found, *at);
    return true;
}

/* In all regular expressions of the rule. */
static void mend(struct lint *lint, struct lint_finding *finding, const struct rule *rule)
{
    struct bytes text = rule->text, name;
    struct lint_pattern found;
    while (patterns_next(rule, &text, &found)) {
        size_t at = 0;
        while (pattern_is_regexp(found.pattern) && next_name(found.text, &at, &name))
            lint_fix(lint, finding, bytes_slice(name, 4, 4), B("(?:-session)?"));
    }
}

/* Patterns that have the new name. */
struct news {
    const struct pattern **patterns; /* heap */
    size_t count, room;
};

struct look {
    const struct news *news;
    struct arena *arena;
    const struct pattern *pattern;
    struct bytes sample;     /* a line that it matches, up to the message ... */
    struct bytes user, host; /* ... and words from there; "": none */
};

/* The word after this text; "": none. */
static struct bytes word_after(struct bytes line, struct bytes text)
{
    ptrdiff_t at = bytes_find(line, text, 0);
    size_t from = at < 0 ? line.len : (size_t)at + text.len, to = from;
    while (to < line.len && !is_space(line.ptr[to]))
        to++;
    return bytes_slice(line, from, to);
}

static bool read_sample(struct look *look, struct bytes line)
{
    ptrdiff_t at = bytes_find(line, B("sshd["), 0);
    if (at < 0)
        return false;
    struct bytes rest = bytes_from(line, (size_t)at);
    look->sample = bytes_slice(line, 0, (size_t)at);
    look->user = word_after(rest, B("user "));
    if (look->user.len == 0)
        look->user = word_after(rest, B("for "));
    look->host = word_after(rest, B("from "));
    return true;
}

static struct bytes with(struct arena *arena, struct bytes text, struct bytes word,
                         struct bytes other)
{
    ptrdiff_t at = other.len > 0 ? bytes_find(text, word, 0) : -1;
    if (at < 0)
        return text;
    return arena_cat(arena, bytes_slice(text, 0, (size_t)at), other,
                     bytes_from(text, (size_t)at + word.len));
}

/* "sshd-session", "sshd(?:-session)?" and "sshd-(?:session|auth)", not "(sshd:session)". */
static bool has_new_name(struct bytes pattern)
{
    static const struct bytes name = B("session");
    ptrdiff_t at = -1;
    while ((at = bytes_find(pattern, name, (size_t)(at + 1))) >= 0)
        if (at > 0 && strchr("-:|(", pattern.ptr[at - 1]) &&
            !bytes_ends(bytes_slice(pattern, 0, (size_t)at), B("sshd:")))
            return true;
    return false;
}

/* All patterns of the set that have it.  A Jump only leads to rules that have it or not. */
static void collect_new(struct news *news, const struct ruleset *set)
{
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++) {
            const struct rule *rule = set->files[i]->rules[k];
            bool jump = strcmp(rule->type->name, "Jump") == 0;
            for (size_t part = 0; !jump && part < rule->part_count; part++) {
                if (!has_new_name(rule->parts[part].pattern.text))
                    continue;
                MEM_GROW(news->patterns, news->count, news->room, 8);
                news->patterns[news->count++] = &rule->parts[part].pattern;
            }
        }
}

/* Code that has the name may take the line. */
static bool is_taken(const struct news *news, struct bytes line)
{
    for (size_t i = 0; i < news->count; i++)
        if (news->patterns[i]->type == PATTERN_PERLFUNC || sample_matches(news->patterns[i], line))
            return true;
    return false;
}

/* *missed: the line by the new name, if the pattern matches the one by the old name alone. */
static bool misses(const struct look *look, struct bytes before, struct bytes message,
                   struct bytes *missed)
{
    struct bytes old = arena_cat(look->arena, before, B("sshd[1234]: "), message);
    if (!sample_matches(look->pattern, old))
        return false;
    *missed = arena_cat(look->arena, before, B("sshd-session[1234]: "), message);
    return !sample_matches(look->pattern, *missed) && !is_taken(look->news, *missed);
}

/* As syslog has it, and as the pattern wants its beginning; Solaris has more before the message. */
static bool misses_message(const struct look *look, struct bytes message, struct bytes *missed)
{
    static const char *const before[] = {"", "[ID 800047 auth.info] ", "[ID 800047 auth.error] "};
    for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
        struct bytes whole = arena_cat(look->arena, bytes_of(before[i]), message);
        if (misses(look, USUAL, whole, missed) || misses(look, look->sample, whole, missed))
            return true;
    }
    return false;
}

static bool misses_any(const struct look *look, struct bytes *missed)
{
    for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
        struct bytes message = bytes_of(messages[i]);
        struct bytes named = with(look->arena, message, B(USER), look->user);
        named = with(look->arena, named, B(HOST), look->host);
        if (misses_message(look, message, missed) || misses_message(look, named, missed))
            return true;
    }
    return false;
}

static bool is_of_listener(const struct look *look)
{
    for (size_t i = 0; i < sizeof(listener) / sizeof(*listener); i++) {
        struct bytes line = arena_cat(look->arena, B("sshd[1234]: "), bytes_of(listener[i]));
        if (sample_matches(look->pattern, arena_cat(look->arena, USUAL, line)) ||
            sample_matches(look->pattern, arena_cat(look->arena, look->sample, line)))
            return true;
    }
    return false;
}

static struct lint_finding *tell(struct lint *lint, const struct news *news,
                                 const struct rule *rule, struct bytes written,
                                 const struct pattern *pattern)
{
    struct look look = {.news = news, .arena = &lint->arena, .pattern = pattern};
    struct sample sample;
    size_t at = 0;
    struct bytes name, missed;
    if (pattern->type != PATTERN_REGEXP || !pattern->regex || !next_name(written, &at, &name) ||
        !sample_line(pattern, NULL, &lint->arena, &sample) || !read_sample(&look, sample.line) ||
        !misses_any(&look, &missed))
        return NULL;
    struct lint_finding *finding = lint_tell(
        lint, rule, name, B("since OpenSSH 9.8 "),
        is_of_listener(&look) ? B("most of these messages come") : B("this message comes"),
        B(" from sshd-session"));
    lint_hint(lint, finding, B("sshd(?:-session)?\\[ matches both names"));
    lint_witness(lint, finding, missed, B("does not match"));
    finding->cause = B("name");
    return finding;
}

/* A Pair's second pattern with variables in it: any words are in their place. */
static struct lint_finding *tell_open(struct lint *lint, const struct news *news,
                                      const struct rule *rule, struct bytes written)
{
    const struct template *text = rule->pattern2_text;
    struct pattern filled = rule->parts[1].pattern;
    struct buf out = {0}, error = {0};
    struct lint_finding *finding = NULL;
    for (uint32_t i = 0; i < text->count; i++)
        buf_add(&out, text->segments[i].kind == SEG_TEXT ? text->segments[i].text : B("\\S+"));
    filled.text = buf_bytes(&out);
    if (!text->spliced && regex_compile(filled.text, &filled.regex, &error)) {
        finding = tell(lint, news, rule, written, &filled);
        regex_free(filled.regex);
    }
    buf_free(&out);
    buf_free(&error);
    return finding;
}

/* The patterns of a rule belong together: with the new name in one of them alone it may tell what
 * is not so.  The first finding corrects all. */
static void look_at_rule(struct lint *lint, const struct news *news, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    struct lint_finding *first = NULL;
    while (patterns_next(rule, &text, &found)) {
        bool open = rule->pattern2_open && found.part == 1;
        struct lint_finding *finding = open ? tell_open(lint, news, rule, found.text)
                                            : tell(lint, news, rule, found.text, found.pattern);
        if (finding && first)
            lint_hint(lint, first,
                      B("sshd(?:-session)?\\[ matches both names; change it in all patterns of the "
                        "rule"));
        else if (finding)
            mend(lint, first = finding, rule);
    }
}

static void look(struct lint *lint)
{
    const struct ruleset *set = lint->set;
    struct news news = {0};
    collect_new(&news, set);
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            look_at_rule(lint, &news, set->files[i]->rules[k]);
    free(news.patterns);
}

const struct lint_check check_sshd_session = {
    .name = "sshd-session",
    .level = LINT_WARNING,
    .summary = "A pattern knows OpenSSH messages only by the program name used before 9.8",
    .set = look,
};
