/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of a line that is pasted into Perl code: eval, and =( ) in a context. */
#include "lint/checks.h"
#include "lint/paste.h"

/* -- How Perl divides code, as far as quotes, words and operators go -- */

struct perl {
    struct bytes text;
    size_t at;
    struct buf *shape;
    struct bytes word; /* the last one; "" after anything else */
};

static int perl_peek(const struct perl *p, size_t ahead)
{
    return p->at + ahead < p->text.len ? (unsigned char)p->text.ptr[p->at + ahead] : -1;
}

static char closing(int c)
{
    return (char)(c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : c == '<' ? '>' : c);
}

/* $x, ${...}, @x, @{...} */
static bool begins_variable(const struct perl *p)
{
    int c = perl_peek(p, 0), next = perl_peek(p, 1);
    return (c == '$' || c == '@') && next >= 0 && (is_word((char)next) || next == '{');
}

/* From the delimiter to after its end; what Perl puts in there is part of the shape. */
static void take_quoted(struct perl *p, bool fills)
{
    int open = perl_peek(p, 0), close = (unsigned char)closing(open);
    unsigned depth = 1;
    buf_char(p->shape, 'q');
    for (p->at++; perl_peek(p, 0) >= 0; p->at++) {
        int c = perl_peek(p, 0);
        if (c == '\\')
            p->at++;
        else if (c == close && --depth == 0)
            break;
        else if (c == open && open != close)
            depth++;
        else if (fills && begins_variable(p))
            buf_char(p->shape, (char)c);
    }
    if (perl_peek(p, 0) < 0)
        buf_char(p->shape, 'E');
    p->at += perl_peek(p, 0) >= 0;
    p->word = B("");
}

static bool is_one_of(struct bytes word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(word, bytes_of(words[i])))
            return true;
    return false;
}

static void skip_blanks(struct perl *p)
{
    while (perl_peek(p, 0) >= 0 && is_space((char)perl_peek(p, 0)))
        p->at++;
}

/* q(...), s/.../.../ and their like, after their letters. */
static bool take_quote_like(struct perl *p, struct bytes word)
{
    static const char *const likes[] = {"q", "qq", "qw", "qr", "qx", "m", "s", "tr", "y"};
    size_t at = p->at;
    skip_blanks(p);
    int c = perl_peek(p, 0);
    bool opens = c > ' ' && !is_word((char)c) && !strchr(",;)=", c) && (c != '#' || p->at == at);
    bool fills = word.ptr[0] != 'y' && word.ptr[0] != 't' && c != '\'' && !bytes_eq(word, B("q")) &&
                 !bytes_eq(word, B("qw"));
    if (!opens || !is_one_of(word, likes, sizeof(likes) / sizeof(*likes))) {
        p->at = at;
        return false;
    }
    take_quoted(p, fills);
    if (!strchr("sty", word.ptr[0]))
        return true;
    if (closing(c) == c)
        p->at--; /* one delimiter between the two */
    else
        skip_blanks(p);
    if (perl_peek(p, 0) >= 0)
        take_quoted(p, fills);
    return true;
}

static void take_word(struct perl *p)
{
    size_t from = p->at;
    bool named = from > 0 && strchr("$@%&>", p->text.ptr[from - 1]);
    while (perl_peek(p, 0) >= 0 && is_word((char)perl_peek(p, 0)))
        p->at++;
    struct bytes word = bytes_slice(p->text, from, p->at);
    if (!named && take_quote_like(p, word))
        return;
    buf_char(p->shape, 'w');
    if (!named && bytes_eq(word, B("exit")))
        buf_char(p->shape, 'X');
    p->word = named ? B("$") : word;
}

/* Is a slash here the start of a pattern? */
static bool begins_pattern(const struct perl *p)
{
    static const char *const before[] = {"if",    "unless", "and",    "or",   "not",
                                         "split", "grep",   "return", "when", "while"};
    char last = p->shape->len > 0 ? p->shape->ptr[p->shape->len - 1] : '(';
    if (p->word.len > 0)
        return is_one_of(p->word, before, sizeof(before) / sizeof(*before));
    return strchr("(,=~!&|?:;{+*-<>", last) != NULL;
}

static void take_other(struct perl *p, int c)
{
    ptrdiff_t end = c == '#' ? bytes_chr(p->text, '\n', p->at) : -1;
    bool after_dollar = p->at > 0 && p->text.ptr[p->at - 1] == '$';
    buf_char(p->shape, (char)c);
    p->at++;
    if (c == '#' && !after_dollar)
        p->at = end < 0 ? p->text.len : (size_t)end;
    p->word = c == ')' || c == ']' || c == '}' ? B(")") : B("");
}

static void perl_shape(struct bytes text, struct buf *shape)
{
    struct perl p = {.text = text, .shape = shape, .word = B("")};
    for (int c; (c = perl_peek(&p, 0)) >= 0;) {
        if (is_space((char)c))
            p.at++;
        else if (c == '\'' || c == '"' || c == '`')
            take_quoted(&p, c != '\'');
        else if (is_word((char)c))
            take_word(&p);
        else if (c == '/' && begins_pattern(&p))
            take_quoted(&p, true);
        else
            take_other(&p, c);
    }
}

/* -- Findings -- */

static struct bytes outcome(struct bytes held)
{
    if (bytes_eq(held, B("exit")))
        return B(", which ends the program");
    return bytes_find(held, B("id"), 0) >= 0 ? B(", which runs code")
                                             : B(", which breaks the code");
}

static void tell(struct lint *lint, const struct paste *paste)
{
    const struct paste_words words = {
        .is = B("is"),
        .are = B("are"),
        .done = B("pasted into Perl code"),
        .does = outcome(paste->held),
        .kind = B("code"),
        .alike = B(""),
    };
    struct lint_finding *found = paste_tell(lint, paste, &words);
    lint_hint(lint, found, paste->several ? B("pass them") : B("pass it"), B(" to a function"),
              paste->several ? B(" as parameters") : B(" as a parameter"),
              paste->spot->action ? B(", with lcall %x ") : B(" (lcall does it in actions): "),
              paste->arguments,
              paste->several ? B(" -> ( sub { ... $_[0] ... $_[1] ... } )")
                             : B(" -> ( sub { ... $_[0] ... } )"));
}

static void look(struct lint *lint, const struct rule *rule)
{
    static const struct bytes held[] = {
        B("@{[`id`]}"), B("\".`id`.\""), B("'.`id`.'"), B(";`id`;"), B("}.`id`.q{"),
        B("/.`id`./"),  B("exit"),       B("@x"),       B("$x"),     B("\""),
        B("'"),         B("`"),          B(";"),        B("\\"),     B("("),
        B(")"),         B("{"),          B("}"),        B("/"),
    };
    static const struct paste_reader reader = {
        .language = EMBEDDED_PERL,
        .held = held,
        .held_count = sizeof(held) / sizeof(*held),
        .shape = perl_shape,
        .tell = tell,
    };
    paste_look(lint, rule, &reader);
}

const struct lint_check check_code_injection = {
    .name = "code-injection",
    .level = LINT_WARNING,
    .summary = "Text from a line that Perl runs as part of its code",
    .rule = look,
};
