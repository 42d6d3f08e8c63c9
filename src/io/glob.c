/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File name patterns.
 *
 * A text is cut into words, a word's braces are expanded, and each expansion is walked path
 * segment by path segment.  A pattern is a row of symbols, which distinguishes quoted characters
 * from special ones: a symbol above 255 is a character that always stands for itself.
 *
 * This does the same as Perl's glob, down to the order of names; the test compares it with Perl.
 * The C library's glob differs in quoting, sorting, sets and braces.  Perl's own, File::Glob, is
 * not used: loading it takes 11.5 million instructions, while a whole start takes 4.3 million;
 * names are looked up without perl, also at each reopening; and it crashes when braces are nested a
 * thousand times.
 */
#include "io/glob.h"

#include <dirent.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum {
    QUOTED = 0x100, /* added to a character: not special */
    /* Perl cuts off what is beyond this.  It also bounds how often functions here call themselves:
     * for braces in braces and for folders in folders, each at most once for two characters. */
    WORD_MAX = 4095,
};

typedef uint16_t symbol;

struct pattern {
    symbol *at;
    size_t len;
};

static struct pattern pattern_join(struct pattern head, struct pattern middle, struct pattern tail)
{
    struct pattern joined = {0};
    joined.at = mem_array(NULL, head.len + middle.len + tail.len + 1, sizeof(symbol));
    const struct pattern parts[] = {head, middle, tail};
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].len > 0)
            memcpy(joined.at + joined.len, parts[i].at, parts[i].len * sizeof(symbol));
        joined.len += parts[i].len;
    }
    return joined;
}

static struct pattern pattern_slice(struct pattern p, size_t from, size_t to)
{
    return (struct pattern){p.at + from, to - from};
}

/* Index of a special character at or after `from`, or the pattern's length. */
static size_t pattern_find(struct pattern p, symbol special, size_t from)
{
    while (from < p.len && p.at[from] != special)
        from++;
    return from;
}

static void add_name(struct file_names *list, struct bytes name)
{
    list->names = mem_array(list->names, list->count + 1, sizeof(struct bytes));
    list->names[list->count++] = bytes_dup(name);
}

/* The last byte of the set that opens at `open`, or 0 when it does not close. */
static size_t set_end(struct pattern p, size_t open)
{
    size_t first = open + 1;
    if (first < p.len && p.at[first] == '!')
        first++;
    size_t close = pattern_find(p, ']', first + 1);
    return first < p.len && close < p.len ? close : 0;
}

/* Is c in the set between `from` and `to`?  A ']' that comes first stands for itself. */
static bool set_holds(struct pattern p, size_t from, size_t to, unsigned char c)
{
    bool holds = false;
    while (from < to) {
        unsigned char low = (unsigned char)p.at[from++], high = low;
        if (from + 1 < to && p.at[from] == '-') {
            high = (unsigned char)p.at[from + 1];
            from += 2;
        }
        holds = holds || (low <= c && c <= high);
    }
    return holds;
}

/* Matches the symbol at *at against c and moves *at past it; '*' is not met here. */
static bool symbol_matches(struct pattern p, size_t *at, unsigned char c)
{
    symbol s = p.at[*at];
    size_t close = s == '[' ? set_end(p, *at) : 0;
    if (close > 0) {
        size_t from = *at + 1;
        bool negated = p.at[from] == '!';
        *at = close + 1;
        return set_holds(p, from + negated, close, c) != negated;
    }
    (*at)++;
    return s == '?' || (unsigned char)s == c;
}

/* A file name against one segment; a star is tried again from the last one only, so that the
 * cost stays below name times pattern. */
static bool segment_matches(struct pattern p, struct bytes name)
{
    size_t at = 0, i = 0, star = SIZE_MAX, resume = 0;
    for (;;) {
        if (at < p.len && p.at[at] == '*') {
            star = ++at;
            resume = i;
        } else if (i == name.len && at == p.len) {
            return true;
        } else if (i < name.len && at < p.len &&
                   symbol_matches(p, &at, (unsigned char)name.ptr[i])) {
            i++;
        } else if (star == SIZE_MAX || ++resume > name.len) {
            return false;
        } else {
            at = star;
            i = resume;
        }
    }
}

static bool has_wildcards(struct pattern p)
{
    for (size_t i = 0; i < p.len; i++)
        if (p.at[i] == '*' || p.at[i] == '?' || (p.at[i] == '[' && set_end(p, i) > 0))
            return true;
    return false;
}

static void add_text(struct buf *path, struct pattern p)
{
    for (size_t i = 0; i < p.len; i++)
        buf_char(path, (char)(unsigned char)p.at[i]);
}

static const char *path_cstr(struct buf *path)
{
    *buf_room(path, 1) = '\0';
    return path->ptr;
}

static void walk(struct buf *path, struct pattern rest, struct file_names *list);

/* Goes on with every entry of the directory `path` that the segment matches. */
static void walk_directory(struct buf *path, struct pattern segment, struct pattern rest,
                           struct file_names *list)
{
    DIR *directory = opendir(path->len > 0 ? path_cstr(path) : ".");
    if (directory == NULL)
        return;
    size_t len = path->len;
    bool hidden = (unsigned char)segment.at[0] == '.';
    for (struct dirent *entry; (entry = readdir(directory)) != NULL; path->len = len) {
        struct bytes name = bytes_of(entry->d_name);
        if ((name.ptr[0] == '.' && !hidden) || !segment_matches(segment, name))
            continue;
        buf_add(path, name);
        walk(path, rest, list);
    }
    closedir(directory);
}

/* Adds what exists below `path` and fits the rest of the pattern. */
static void walk(struct buf *path, struct pattern rest, struct file_names *list)
{
    size_t at = 0;
    while (at < rest.len) {
        size_t end = at;
        while (end < rest.len && (unsigned char)rest.at[end] != '/')
            end++;
        struct pattern segment = pattern_slice(rest, at, end);
        if (has_wildcards(segment)) {
            walk_directory(path, segment, pattern_slice(rest, end, rest.len), list);
            return;
        }
        add_text(path, segment);
        for (at = end; at < rest.len && (unsigned char)rest.at[at] == '/'; at++)
            buf_char(path, '/');
    }
    struct stat status;
    if (lstat(path_cstr(path), &status) == 0)
        add_name(list, buf_bytes(path));
}

/* Without regard to the case of ASCII letters, then with it.  High bytes sort before ASCII, as
 * Perl's comparison of (signed) chars has it. */
static int compare_names(const void *left, const void *right)
{
    struct bytes a = *(const struct bytes *)left, b = *(const struct bytes *)right;
    size_t i = 0;
    while (i < a.len && i < b.len && ascii_lower(a.ptr[i]) == ascii_lower(b.ptr[i]))
        i++;
    int difference =
        (i < a.len ? ascii_lower(a.ptr[i]) : 0) - (i < b.len ? ascii_lower(b.ptr[i]) : 0);
    return difference != 0 ? difference : bytes_cmp(a, b);
}

/* The home directory that "~" or "~user" stands for, or NULL. */
static const char *home_of(const char *user)
{
    const char *home = *user == '\0' ? getenv("HOME") : NULL;
    if (home != NULL)
        return home;
    const struct passwd *entry = *user == '\0' ? getpwuid(getuid()) : getpwnam(user);
    return entry != NULL ? entry->pw_dir : NULL;
}

static struct pattern pattern_of(const char *text)
{
    struct pattern p = {.at = mem_array(NULL, strlen(text) + 1, sizeof(symbol))};
    while (text[p.len] != '\0') {
        p.at[p.len] = (unsigned char)text[p.len];
        p.len++;
    }
    return p;
}

/* A copy of the pattern with its "~" or "~user" replaced. */
static struct pattern expand_tilde(struct pattern p)
{
    bool tilde = p.len > 0 && p.at[0] == '~';
    size_t end = tilde ? pattern_find(p, '/', 1) : 0;
    struct buf user = {0};
    if (tilde)
        add_text(&user, pattern_slice(p, 1, end));
    const char *home = tilde ? home_of(path_cstr(&user)) : NULL;
    buf_free(&user);
    struct pattern head = pattern_of(home != NULL ? home : "");
    struct pattern tail = pattern_slice(p, home != NULL ? end : 0, p.len);
    struct pattern expanded = pattern_join(head, tail, (struct pattern){0});
    expanded.len = expanded.len < WORD_MAX ? expanded.len : WORD_MAX;
    free(head.at);
    return expanded;
}

/* A pattern without braces: all that matches, sorted; without wildcards the word itself. */
static void glob_plain(struct pattern word, struct file_names *list)
{
    struct pattern p = expand_tilde(word);
    struct buf path = {0};
    if (has_wildcards(p)) {
        size_t before = list->count;
        walk(&path, p, list);
        if (list->count > before)
            qsort(list->names + before, list->count - before, sizeof(struct bytes), compare_names);
    } else {
        add_text(&path, p);
        add_name(list, buf_bytes(&path));
    }
    buf_free(&path);
    free(p.at);
}

/* Steps over a set inside braces; an unclosed one is an ordinary character. */
static size_t skip_set(struct pattern p, size_t at)
{
    size_t close = pattern_find(p, ']', at);
    return close < p.len ? close : at;
}

/* The brace that closes the one at `open`, or the pattern's length. */
static size_t closing_brace(struct pattern p, size_t open)
{
    size_t depth = 0;
    for (size_t i = open; i < p.len; i++) {
        if (p.at[i] == '[')
            i = skip_set(p, i);
        else if (p.at[i] == '{')
            depth++;
        else if (p.at[i] == '}' && --depth == 0)
            return i;
    }
    return p.len;
}

static void glob_braces(struct pattern p, struct file_names *list);

/* Expands the alternatives between the braces at `open` and `close`. */
static void glob_alternatives(struct pattern p, size_t open, size_t close, struct file_names *list)
{
    size_t depth = 0, start = open + 1;
    for (size_t i = start; i <= close; i++) {
        if (p.at[i] == '[') {
            i = skip_set(p, i);
        } else if (p.at[i] == '{') {
            depth++;
        } else if (p.at[i] == '}' && depth > 0) {
            depth--;
        } else if (i == close || (p.at[i] == ',' && depth == 0)) {
            struct pattern choice =
                pattern_join(pattern_slice(p, 0, open), pattern_slice(p, start, i),
                             pattern_slice(p, close + 1, p.len));
            glob_braces(choice, list);
            free(choice.at);
            start = i + 1;
        }
    }
}

/* An unclosed brace cuts the pattern short, as it does in Perl. */
static void glob_braces(struct pattern p, struct file_names *list)
{
    bool only_braces = p.len == 2 && p.at[0] == '{' && p.at[1] == '}';
    size_t open = only_braces ? p.len : pattern_find(p, '{', 0);
    size_t close = closing_brace(p, open);
    if (close < p.len)
        glob_alternatives(p, open, close, list);
    else
        glob_plain(pattern_slice(p, 0, open), list);
}

/* A word: a backslash quotes the character after it, at the end it stands for itself. */
static void glob_word(struct bytes word, struct file_names *list)
{
    struct pattern p = {.at = mem_array(NULL, word.len + 1, sizeof(symbol))};
    for (size_t i = 0; i < word.len && p.len < WORD_MAX; i++) {
        bool quotes = word.ptr[i] == '\\';
        if (quotes && i + 1 < word.len)
            i++;
        p.at[p.len++] = (symbol)((unsigned char)word.ptr[i] + (quotes ? QUOTED : 0));
    }
    glob_braces(p, list);
    free(p.at);
}

/* Adds the text between two quotes; a backslash is dropped only before the quote itself.  Returns
 * the index after the closing quote, or 0 when there is none. */
static size_t add_quoted(struct bytes pattern, size_t open, struct buf *word)
{
    char quote = pattern.ptr[open];
    for (size_t i = open + 1; i < pattern.len; i++) {
        if (pattern.ptr[i] == quote)
            return i + 1;
        if (pattern.ptr[i] == '\\' && i + 1 < pattern.len && pattern.ptr[++i] != quote)
            buf_char(word, '\\');
        buf_char(word, pattern.ptr[i]);
    }
    return 0;
}

/* Takes the next word off; its quotes are removed.  A quote that does not close makes the whole
 * pattern a last word. */
static bool next_word(struct bytes pattern, size_t *at, struct buf *word, bool *unclosed)
{
    bool any = false;
    size_t i = *at;
    for (buf_clear(word); i < pattern.len && !(any && is_space(pattern.ptr[i]));) {
        char c = pattern.ptr[i];
        if (c == '"' || c == '\'') {
            i = add_quoted(pattern, i, word);
            if (i == 0) {
                *unclosed = true;
                return false;
            }
            any = true;
        } else if (is_space(c)) {
            i++;
        } else {
            bool before_quote = c == '\\' && i + 1 < pattern.len &&
                                (pattern.ptr[i + 1] == '"' || pattern.ptr[i + 1] == '\'');
            if (!before_quote)
                buf_char(word, c);
            if (c == '\\' && i + 1 < pattern.len)
                buf_char(word, pattern.ptr[++i]);
            i++;
            any = true;
        }
    }
    *at = i;
    return any;
}

void glob_names(struct bytes pattern, struct file_names *list)
{
    if (bytes_chr(pattern, '\0', 0) >= 0)
        return; /* no file has such a name */
    size_t at = 0;
    bool unclosed = false;
    struct buf word = {0};
    while (next_word(pattern, &at, &word, &unclosed))
        glob_word(buf_bytes(&word), list);
    if (unclosed)
        glob_word(bytes_trim(pattern), list);
    buf_free(&word);
}

void file_names_free(struct file_names *list)
{
    for (size_t i = 0; i < list->count; i++)
        bytes_free(list->names[i]);
    free(list->names);
    *list = (struct file_names){0};
}
