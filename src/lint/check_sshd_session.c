/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Since OpenSSH 9.8 sshd only listens: what is said of a connection comes from sshd-session.  A
 * pattern with "sshd\[" for such a message misses it: it matches a line that sshd wrote, and not
 * the same line by the new name.  What the listener still writes is not reported.  Where rules of
 * the set know the new name, nothing is reported. */
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
};

/* What sshd still writes itself: a pattern for one of these is for any message. */
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

struct look {
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

/* The sample is a line of sshd: "sshd[", a number, "]: ". */
static bool read_sample(struct look *look, struct bytes line)
{
    ptrdiff_t at = bytes_find(line, B("sshd["), 0);
    size_t to = (size_t)at + 5;
    if (at < 0)
        return false;
    while (to < line.len && is_digit(line.ptr[to]))
        to++;
    struct bytes rest = bytes_from(line, to);
    look->sample = bytes_slice(line, 0, (size_t)at);
    look->user = word_after(rest, B("user "));
    if (look->user.len == 0)
        look->user = word_after(rest, B("for "));
    look->host = word_after(rest, B("from "));
    return bytes_starts(rest, B("]: "));
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

/* *missed: the line by the new name, if the pattern matches the one by the old name alone. */
static bool misses(const struct look *look, struct bytes before, struct bytes message,
                   struct bytes *missed)
{
    struct bytes old = arena_cat(look->arena, before, B("sshd[1234]: "), message);
    if (!sample_matches(look->pattern, old))
        return false;
    *missed = arena_cat(look->arena, before, B("sshd-session[1234]: "), message);
    return !sample_matches(look->pattern, *missed);
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

/* As syslog has it, and as the pattern wants its beginning; Solaris has more before the message. */
static bool misses_message(const struct look *look, struct bytes message, struct bytes *missed)
{
    struct bytes solaris = arena_cat(look->arena, B("[ID 800047 auth.info] "), message);
    return misses(look, USUAL, message, missed) || misses(look, look->sample, message, missed) ||
           misses(look, USUAL, solaris, missed) || misses(look, look->sample, solaris, missed);
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

static bool tell(struct lint *lint, const struct rule *rule, const struct lint_pattern *found)
{
    struct look look = {.arena = &lint->arena, .pattern = found->pattern};
    struct sample sample;
    size_t at = 0;
    struct bytes name, missed;
    if (found->pattern->type != PATTERN_REGEXP || !found->pattern->regex ||
        !next_name(found->text, &at, &name) ||
        !sample_line(found->pattern, NULL, &lint->arena, &sample) ||
        !read_sample(&look, sample.line) || is_of_listener(&look) || !misses_any(&look, &missed))
        return false;
    struct lint_finding *finding =
        lint_tell(lint, rule, name, B("since OpenSSH 9.8 this message comes from sshd-session"));
    lint_hint(lint, finding, B("sshd(?:-session)?\\[ matches both names"));
    lint_witness(lint, finding, missed, B("does not match"));
    finding->cause = B("name");
    mend(lint, finding, rule);
    return true;
}

/* One finding for each rule. */
static void look_at_rule(struct lint *lint, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    while (patterns_next(rule, &text, &found))
        if (tell(lint, rule, &found))
            return;
}

static void look(struct lint *lint)
{
    const struct ruleset *set = lint->set;
    for (size_t i = 0; i < set->file_count; i++)
        if (bytes_find(set->files[i]->source.text, B("sshd-session"), 0) >= 0)
            return;
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            look_at_rule(lint, set->files[i]->rules[k]);
}

const struct lint_check check_sshd_session = {
    .name = "sshd-session",
    .level = LINT_WARNING,
    .summary = "A pattern knows OpenSSH messages only by the program name used before 9.8",
    .set = look,
};
