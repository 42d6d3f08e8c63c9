/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Positions: each text that the parser keeps leads back to where it is in the file. */
#include "lang.h"

#include "lang/diag.h"
#include "lang/rule_text.h"

static struct bytes file_text; /* as the file was written */

static void load_file(const char *text)
{
    file_text = bytes_of(text);
    load(text);
}

/* What the file has where the text lies. */
static struct bytes in_file(struct bytes text)
{
    struct range range;
    ck_assert_msg(source_range(&loaded()->source, text, &range), "\"%.*s\" has no place",
                  (int)text.len, text.ptr);
    return bytes_slice(file_text, range.from.offset, range.to.offset);
}

#define ck_place(text, want) ck_bytes_eq(in_file(text), B(want))

/* "2:3-2:7", with the column after the last byte. */
static struct bytes place_of(struct bytes text)
{
    struct range range;
    struct buf out = {0};
    source_range(&loaded()->source, text, &range);
    buf_printf(&out, "%zu:%zu-%zu:%zu", range.from.line, range.from.column, range.to.line,
               range.to.column);
    return kept(&out);
}

/* How lines are joined: at the end of each, white space goes, then a backslash that has the next
 * line appended. */
static bool joined_line(struct bytes *rest, struct buf *line)
{
    buf_clear(line);
    for (bool first = true;; first = false) {
        if (rest->len == 0)
            return false;
        ptrdiff_t newline = bytes_chr(*rest, '\n', 0);
        size_t len = newline < 0 ? rest->len : (size_t)newline;
        struct bytes piece = bytes_slice(*rest, 0, len);
        *rest = bytes_from(*rest, len + (newline >= 0));
        buf_add(line, first ? bytes_trim(piece) : piece);
        while (line->len > 0 && is_space(line->ptr[line->len - 1]))
            line->len--;
        if (line->len == 0 || line->ptr[line->len - 1] != '\\')
            return true;
        line->len--;
    }
}

/* Each byte is found again in the file, in the order of the file. */
static void check_bytes(const struct source *source, struct bytes line, struct bytes file,
                        size_t *last)
{
    for (size_t i = 0; i < line.len; i++) {
        struct range range;
        ck_assert(source_range(source, bytes_slice(line, i, i + 1), &range));
        size_t at = range.from.offset, start = at;
        ck_assert_uint_lt(at, file.len);
        ck_assert_int_eq(file.ptr[at], line.ptr[i]);
        ck_assert(*last == SIZE_MAX || at > *last);
        *last = at;
        while (start > 0 && file.ptr[start - 1] != '\n')
            start--;
        ck_assert_uint_eq(range.from.column, at - start + 1);
        size_t number = 1;
        for (size_t k = 0; k < start; k++)
            number += file.ptr[k] == '\n';
        ck_assert_uint_eq(range.from.line, number);
    }
}

static void check_joining(struct bytes file)
{
    struct buf content = {0}, want = {0};
    buf_add(&content, file);
    struct source source;
    source_init(&source, &content);
    struct source_reader reader = {.source = &source};
    struct bytes rest = file, line;
    size_t last = SIZE_MAX;
    while (joined_line(&rest, &want)) {
        bool found = source_next_line(&reader, &line);
        if (!found && want.len == 0 && rest.len == 0)
            break; /* nothing at the end is no line */
        ck_assert(found);
        ck_bytes_eq(bytes_trim(line), bytes_trim(buf_bytes(&want)));
        check_bytes(&source, line, file, &last);
        size_t read = 0;
        for (const char *c = file.ptr; c < rest.ptr; c++)
            read += *c == '\n';
        ck_assert_uint_eq(reader.line, read + (rest.ptr[-1] != '\n'));
    }
    ck_assert(!source_next_line(&reader, &line));
    ck_assert_uint_eq(reader.line, source.line_count);
    source_free(&source);
    buf_free(&want);
}

START_TEST(lines_are_joined_and_found_again)
{
    uint64_t state = 5;
    check_joining(B(""));
    check_joining(B("a=\\\nb"));
    check_joining(B("a\\\n\\\n  \\ \n\n"));
    check_joining(B("a \\\\ \n   \nb"));
    for (int round = 0; round < 20000; round++) {
        char file[16];
        size_t len = next_number(&state, sizeof(file));
        for (size_t i = 0; i < len; i++)
            file[i] = "ab \\\\\\\n\n"[next_number(&state, 8)];
        check_joining(bytes_make(file, len));
    }
}
END_TEST

static struct bytes value_of(size_t id, const char *name)
{
    struct keyword keyword = {0};
    ck_assert_msg(rule_keyword(rule_at(id), bytes_of(name), &keyword), "%s", name);
    return keyword.value;
}

#define TWO_RULES                                                                                  \
    "# two rules\n"                                                                                \
    "type = Single  \n"                                                                            \
    "  rem=a remark\n"                                                                             \
    "label=first\n"                                                                                \
    "ptype=RegExp\n"                                                                               \
    "pattern=(\\d+) \\   \n"                                                                       \
    "\t of \\\n"                                                                                   \
    "  # no comment\n"                                                                             \
    "desc=old\n"                                                                                   \
    "continue=GoTo  second\n"                                                                      \
    "desc=new\n"                                                                                   \
    "action=none\n"                                                                                \
    "# ends it\n"                                                                                  \
    "\n"                                                                                           \
    "type=Single\n"                                                                                \
    "label=second\n"                                                                               \
    "ptype=TValue\n"                                                                               \
    "pattern=TRUE\n"                                                                               \
    "desc=d\n"                                                                                     \
    "action=none"

START_TEST(rules_and_keywords_have_places)
{
    load_file(TWO_RULES);
    ck_bytes_eq(place_of(rule_at(0)->text), B("2:1-12:12"));
    ck_bytes_eq(place_of(rule_at(1)->text), B("15:1-20:12"));
    ck_bytes_eq(place_of(value_of(0, "type")), B("2:8-2:14"));
    ck_bytes_eq(place_of(value_of(0, "desc")), B("11:6-11:9"));
    ck_bytes_eq(place_of(value_of(0, "rem")), B("3:7-3:15"));
    ck_bytes_eq(place_of(value_of(1, "label")), B("16:7-16:13"));
    ck_bytes_eq(place_of(rule_at(0)->parts[0].label), B("10:16-10:22"));
    struct bytes pattern = value_of(0, "pattern");
    ck_bytes_eq(pattern, B("(\\d+) \t of   # no comment"));
    ck_place(pattern, "(\\d+) \\   \n\t of \\\n  # no comment");
    ck_place(bytes_from(pattern, pattern.len - 7), "comment");
    ck_bytes_eq(place_of(bytes_from(pattern, pattern.len - 7)), B("8:8-8:15"));
}
END_TEST

START_TEST(keywords_come_once_more_in_the_order_of_the_file)
{
    load_file(TWO_RULES);
    struct bytes rest = rule_at(0)->text;
    struct buf names = {0};
    for (struct keyword keyword; rule_next_keyword(&rest, &keyword);) {
        buf_cat(&names, keyword.name, B(" "));
        ck_bytes_eq(in_file(keyword.name), keyword.name);
    }
    ck_bytes_eq(kept(&names), B("type rem label ptype pattern desc continue desc action "));
    struct keyword none;
    ck_assert(!rule_keyword(rule_at(0), B("window"), &none));
}
END_TEST

START_TEST(what_is_not_of_the_file_has_no_place)
{
    struct range range;
    load_file(TWO_RULES);
    ck_assert(!source_has(&loaded()->source, B("none")));
    ck_assert(!source_range(&loaded()->source, B("none"), &range));
    ck_assert_uint_eq(range.from.line, 0);
    load_file("");
    ck_assert(!source_range(&loaded()->source, loaded()->source.text, &range));
}
END_TEST

/* The variables of a template as the file has them, each after a blank; the text comes first. */
static struct bytes variables_of(const struct template *t)
{
    struct buf out = {0};
    buf_cat(&out, B("<"), in_file(t->source), B(">"));
    for (uint32_t i = 0; i < t->count; i++)
        if (t->segments[i].kind != SEG_TEXT)
            buf_cat(&out, B(" "), in_file(template_place(t, t->segments[i].text)));
    return kept(&out);
}

#define ck_variables(t, want) ck_bytes_eq(variables_of(t), B(want))

START_TEST(variables_have_places)
{
    load_file("type=Pair\n"
              "ptype=RegExp\n"
              "pattern=(?<name>\\w+)\n"
              "desc=$1 $$2 $\\\n"
              "{3} %{x} $+{na\\  \n"
              "me} $$$:{entry:1}$\n"
              "action=logonly %{x}$1%%y\\(%%%s\\) \\\n"
              "%.t $$%s; write \\(%s\\) ( $$\\($+{name}%x )\n"
              "ptype2=RegExp\n"
              "pattern2=\\($1\\) (.*)\n"
              "desc2=\\(%1 %%2 $2 $$1 %+{name}\n"
              "action2=logonly %%%1 %%x $$1%x $1 %%$$$$1 %%%%x %y\n");
    const struct rule *rule = rule_at(0);
    ck_variables(rule->desc, "<$1 $$2 $\\\n{3} %{x} $+{na\\  \nme} $$$:{entry:1}$> $1 $\\\n{3} "
                             "$+{na\\  \nme} $:{entry:1}");
    ck_variables(rule->action->actions[0]->args[0].text,
                 "<%{x}$1%%y\\(%%%s\\) \\\n%.t $$%s> %{x} $1 %s %.t %s");
    ck_variables(rule->action->actions[1]->args[0].text, "<\\(%s\\)> %s");
    ck_variables(rule->action->actions[1]->args[1].text, "<$$\\($+{name}%x> $+{name} %x");
    ck_variables(rule->desc2, "<\\(%1 %%2 $2 $$1 %+{name}> %1 $2 %+{name}");
    ck_variables(rule->action2->actions[0]->args[0].text,
                 "<%%%1 %%x $$1%x $1 %%$$$$1 %%%%x %y> %1 %%x %x $1 %y");
    ck_variables(rule->pattern2_text, "<\\($1\\) (.*)> $1");
}
END_TEST

/* An action list with all its actions and parameters as the file has them, each in brackets. */
static void add_places(struct buf *out, const struct action_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = list->actions[i];
        buf_cat(out, i ? B("\n[") : B("["), in_file(action->source), B("]"));
        for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++) {
            const struct arg *arg = &action->args[k];
            if (arg->source.ptr)
                buf_cat(out, B(" ["), in_file(arg->source), B("]"));
            if (!arg->list)
                continue;
            buf_add(out, B("{"));
            add_places(out, arg->list);
            buf_add(out, B("}"));
        }
    }
}

START_TEST(actions_and_parameters_have_places)
{
    struct buf out = {0};
    load_file("type=Single\nptype=TValue\npattern=TRUE\ndesc=d\n"
              "action= none ;write (-) ( a; (b) ); \\\n"
              "  if %x ( assign %y \\(1\\);\\\n"
              "  none ) \\\n"
              "  else ( create C 5 ( delete \\\n"
              "C ) ) ;lcall %o a b -> ( sub { \"\\(\" } ); event 0 x; reset +1; pipe ''; \\\n"
              "create D;\n");
    ck_bytes_eq(messages(), B(""));
    add_places(&out, rule_at(0)->action);
    ck_bytes_eq(
        kept(&out),
        B("[none]\n"
          "[write (-) ( a; (b) )] [(-)] [( a; (b) )]\n"
          "[if %x ( assign %y \\(1\\);\\\n  none ) \\\n  else ( create C 5 ( delete \\\nC ) )]"
          " [%x] [ assign %y \\(1\\);\\\n  none ]{"
          "[assign %y \\(1\\)] [%y] [\\(1\\)]\n[none]}"
          " [ create C 5 ( delete \\\nC ) ]{"
          "[create C 5 ( delete \\\nC )] [C] [5] [( delete \\\nC )]{[delete \\\nC] [C]}}\n"
          "[lcall %o a b -> ( sub { \"\\(\" } )] [%o] [sub { \"\\(\" }]\n"
          "[event 0 x] [0] [x]\n[reset +1] [1]\n[pipe ''] []\n[create D] [D]{}"));
    ck_variables(rule_at(0)->action->actions[3]->args[1].words[1], "<b>");
}
END_TEST

/* An expression as the file has it: each item, its text, words and code. */
static void add_items(struct buf *out, const struct context_expr *expr)
{
    for (size_t i = 0; i < expr->count; i++) {
        const struct expr_item *item = &expr->items[i];
        buf_cat(out, i ? B("\n[") : B("["), in_file(item->source), B("]"));
        if (item->text)
            buf_cat(out, B(" "), variables_of(item->text));
        for (size_t k = 0; k < item->count; k++)
            buf_cat(out, B(" "), variables_of(item->words[k]));
        if (item->code)
            buf_cat(out, B(" code ["), in_file(item->code_source), B("]"));
        if (!item->group)
            continue;
        buf_add(out, B("{"));
        add_items(out, item->group);
        buf_add(out, B("}"));
    }
}

START_TEST(terms_of_expressions_have_places)
{
    struct buf out = {0};
    load_file("type=Single\nptype=RegExp\npattern=(.)\ndesc=d\naction=none\n"
              "context= A_$1 && ! !B || ( \\\n"
              "  !(C) && =( $x eq \"\\)\" ) ) && (x $1) -> ( sub { \\\n"
              "(1) } ) || varset   V && a :> sub { 1 }\n");
    ck_bytes_eq(messages(), B(""));
    add_items(&out, rule_at(0)->parts[0].context);
    ck_bytes_eq(kept(&out),
                B("[A_$1] <A_$1> $1\n"
                  "[B] <B>\n[!]\n[!]\n[&&]\n"
                  "[( \\\n  !(C) && =( $x eq \"\\)\" ) )]{"
                  "[(C)]{[C] <C>}\n[!]\n[=( $x eq \"\\)\" )] < $x eq \"\\)\" >\n[&&]}\n"
                  "[(x $1) -> ( sub { \\\n(1) } )] <x> <$1> $1 code [ sub { \\\n(1) } ]\n"
                  "[&&]\n[||]\n"
                  "[varset   V] <V>\n"
                  "[a :> sub { 1 }] <a> code [sub { 1 }]\n[&&]\n[||]"));
    ck_bytes_eq(place_of(rule_at(0)->parts[0].context->items[2].source), B("6:20-6:21"));
    ck_bytes_eq(place_of(rule_at(0)->parts[0].context->items[3].source), B("6:18-6:19"));
}
END_TEST

static struct buf findings;

static void keep_finding(void *listener, const struct finding *finding)
{
    ck_assert_ptr_eq(listener, &findings);
    struct range range;
    bool known = source_range(&finding->file->source, finding->at, &range);
    ck_assert(known == (finding->range.from.line > 0));
    ck_assert_int_eq(memcmp(&range, &finding->range, sizeof(range)), 0);
    ck_assert_uint_gt(finding->text.len, 0);
    buf_cat(&findings, findings.len ? B("; ") : B(""), bytes_of(diag_kind(finding->code)->name));
    if (known)
        buf_cat(&findings, B(" "), NUM(range.from.line), B(":"), NUM(range.from.column), B(" '"),
                bytes_slice(file_text, range.from.offset, range.to.offset), B("'"));
}

/* What is found in a file: "code line:column 'text'; ...". */
static struct bytes findings_in(const char *text)
{
    parse_env.on_finding = keep_finding;
    parse_env.listener = &findings;
    load_file(text);
    ck_bytes_eq(messages(), B(""));
    parse_env.on_finding = NULL;
    return kept(&findings);
}

#define ck_finds(text, want) ck_bytes_eq(findings_in(text), B(want))
#define FIRST "type=Single\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\n\n" /* lines 1 to 6 */
#define HEAD FIRST "type=Single\nptype=RegExp\npattern=(.)\ndesc=d\n"            /* up to line 10 */

START_TEST(findings_have_places)
{
    ck_finds(FIRST, "");
    ck_finds("", "no-rules");
    ck_finds(FIRST " no keyword  ", "line-form 7:2 'no keyword'");
    ck_finds(FIRST "\xc2\xa0 a=b\n", "invisible-character 7:1 '\xc2\xa0'; line-form 7:1 "
                                     "'\xc2\xa0 a'");
    ck_finds("\xef\xbb\xbf\n" FIRST, "byte-order-mark 1:1 '\xef\xbb\xbf'; line-form 1:1 "
                                     "'\xef\xbb\xbf'");
    ck_finds(HEAD "desc=e\naction=none\n", "keyword-twice 11:1 'desc'; rules-joined 11:1 'desc'");
    ck_finds(HEAD "colour=red\n", "keyword-missing 7:6 'Single'; keyword-unknown 11:1 'colour'");
    ck_finds(FIRST "desc=d\n", "keyword-missing 7:1 'desc'");
    ck_finds(FIRST "type = Sin\\\ngel\n", "rule-type 7:8 'Sin\\\ngel'");
    ck_finds(FIRST "type=EventGroup0\n", "rule-type 7:6 'EventGroup0'");
    ck_finds(HEAD "continue = Goto\naction=none\n", "field-value 11:12 'Goto'");
    ck_finds(HEAD "continue = Goto  X\naction=none\n", "label-unknown 11:18 'X'");
    ck_finds(HEAD "label=X\ncontinue = Goto  X\naction=none\n", "label-backward 12:18 'X'");
    ck_finds(HEAD "varmap=a=1; b=x;\naction=none\n", "varmap 11:13 'b=x'");
    ck_finds(FIRST "type=Calendar\ntime=1 2 3 1,4-13,5 5\ndesc=d\naction=none\n",
             "time 8:14 '4-13'");
    ck_finds(FIRST "type=Options\nprocallin=maybe\n", "option-value 8:11 'maybe'");
    ck_finds(FIRST "type=Suppress\nptype=RegEx\npattern=(\n", "pattern-type 8:7 'RegEx'");
    ck_finds(FIRST "type=Suppress\nptype=RegExp\npattern=a(b|(c)\n", "pattern 9:10 '('");
    ck_finds(FIRST "type=Suppress\nptype=RegExp\npattern=a[[:foo:]]\n", "pattern 9:11 '[:foo:]'");
    ck_finds(FIRST "type=Suppress\nptype=RegExp\npattern=a[b-a]\n", "pattern 9:11 'b-a'");
    ck_finds(FIRST "type=Suppress\nptype=RegExp\npattern=\\d+(?<=a*)\n",
             "pattern 9:9 '\\d+(?<=a*)'");
    ck_finds(FIRST "type=Suppress\nptype=PerlFunc\npattern=sub {\n", "perl-code 9:13 '{'");
    ck_finds(FIRST "type=Suppress\nptype=PerlFunc\npattern=sub { use strict; $h{1} = %h }\n",
             "perl-code 9:35 '%h'");
    ck_finds(FIRST "type=Suppress\nptype=PerlFunc\npattern=sub { if (1 { 2 } }\n",
             "perl-code 9:19 '1 {'");
    ck_finds(FIRST "type=Suppress\nptype=PerlFunc\npattern=sub { 1 } }\n", "perl-code 9:19 '}'");
    ck_finds(FIRST "type=Suppress\nptype=PerlFunc\npattern=sub { \"1 }\n", "perl-code 9:15 '\"'");
    ck_finds(FIRST "type=Suppress\nptype=PerlFunc\npattern=sub { use No::Such; }\n",
             "perl-code 9:19 'No::Such'");
    ck_finds(FIRST "type=Suppress\nptype=PerlFunc\npattern=such\\\n(1)\n", "perl-code 9:9 'such'");
    ck_finds(FIRST "type=Suppress\nptype=SubStr\npattern=x\nvarmap=a\n", "varmap-unused 10:8 'a'");
}
END_TEST

START_TEST(findings_in_lists_and_expressions_have_places)
{
    ck_finds(HEAD "action=none; wirte - x; none\n", "action 11:14 'wirte'");
    ck_finds(HEAD "action=none; create A 0 ( \\\n  wirte - x ); none\n", "action 12:3 'wirte'");
    ck_finds(HEAD "action=none; ; none\n", "action 11:14 ';'");
    ck_finds(HEAD "action=none; write ()\n", "action-empty 11:20 '()'");
    ck_finds(HEAD "action=none; shellcmd\n", "action 11:14 'shellcmd'");
    ck_finds(HEAD "action=none; none now then\n", "action 11:19 'now'");
    ck_finds(HEAD "action=none; pipe %s mail\n", "action 11:19 '%s'");
    ck_finds(HEAD "action=none; assign x y\n", "variable-name 11:21 'x'");
    ck_finds(HEAD "action=if %x ( )\n", "action-empty 11:8 'if %x ( )'");
    ck_finds(HEAD "action=while %x ( )\n", "action-empty 11:17 '( )'");
    ck_finds(HEAD "action=if %x\n", "action 11:8 'if'");
    ck_finds(HEAD "action=if %x ( none ) elseif ( none )\n", "action 11:23 'elseif'");
    ck_finds(HEAD "action=write - ( a; none\n", "action-list 11:16 '('");
    ck_finds(HEAD "action=none ); none\n", "action-list 11:13 ')'");
    ck_finds(HEAD "action=lcall %o -> ( sub { )\n", "perl-code 11:26 '{'");
    ck_finds(HEAD "action=lcall %o \\(x -> ( sub { \\(1 )\n", "perl-code 11:26 'sub { \\(1'");
    ck_finds(HEAD "action=lcall %o -> ( sub { use strict; \\($v\\) } )\n", "perl-code 11:42 '$v'");
    ck_finds(HEAD "action=none\ncontext= A && B C || D\n", "context 12:15 'B C'");
    ck_finds(HEAD "action=none\ncontext=[A && ]\n", "context 12:12 '&&'");
    ck_finds(HEAD "action=none\ncontext=|| A\n", "context 12:9 '||'");
    ck_finds(HEAD "action=none\ncontext=A && ! || B\n", "context 12:14 '!'");
    ck_finds(HEAD "action=none\ncontext=A && ()\n", "context 12:14 '()'");
    ck_finds(HEAD "action=none\ncontext=[]\n", "context 12:9 '[]'");
    ck_finds(HEAD "action=none\ncontext=(A) & B\n", "context 12:13 '&'");
    ck_finds(HEAD "action=none\ncontext=A and B\n", "context 12:11 'and'");
    ck_finds(HEAD "action=none\ncontext=A && (B && (C)\n", "context 12:14 '('");
    ck_finds(HEAD "action=none\ncontext=A && (B || (C D))\n", "context 12:21 'C D'");
    ck_finds(HEAD "action=none\ncontext=A && B(C)\n", "context 12:15 '(C)'");
    ck_finds(HEAD "action=none\ncontext=A && $1 -> (sub)\n", "perl-code 12:21 'sub'");
    ck_finds(HEAD "action=none\ncontext=A && $1 -> sub\n", "perl-code 12:20 'sub'");
}
END_TEST

START_TEST(all_that_is_wrong_with_a_rule_is_found)
{
    ck_finds(HEAD "action=a; if %x ( b; none; create A 0 ( c; d ); e ) else ( f ); none; pipe x\n"
                  "context=A B\nwindow=x\ncontinue=y\n",
             "keyword-unknown 13:1 'window'; field-value 14:10 'y'; context 12:9 'A B'; "
             "action 11:8 'a'; action 11:19 'b'; action 11:41 'c'; action 11:44 'd'; "
             "action 11:49 'e'; action 11:60 'f'; action 11:76 'x'");
    ck_finds(FIRST "type=Pair\nptype=RegEx\npattern=(\nvarmap=1\nptype2=RegExp\npattern2=$1 (\n"
                   "window=-1\n",
             "keyword-missing 7:6 'Pair'; keyword-missing 7:6 'Pair'; "
             "keyword-missing 7:6 'Pair'; keyword-missing 7:6 'Pair'; pattern-type 8:7 'RegEx'; "
             "varmap 10:8 '1'; field-value 13:8 '-1'");
    ck_finds(FIRST "type=Calendar\ncontext=A B\nscript=x\nshell=x\n",
             "keyword-missing 7:6 'Calendar'; keyword-missing 7:6 'Calendar'; "
             "keyword-missing 7:6 'Calendar'; keyword-unknown 9:1 'script'; "
             "keyword-unknown 10:1 'shell'; context 8:9 'A B'");
    ck_finds(FIRST "type=EventGroup2\nptype=RegExp\npattern=(\nthresh=0\negptype=x\n"
                   "pattern2=x\ncontinue2=x\nwindow=x\n",
             "keyword-missing 7:6 'EventGroup2'; keyword-missing 7:6 'EventGroup2'; "
             "keyword-missing 7:6 'EventGroup2'; pattern 9:9 '('; field-value 10:8 '0'; "
             "field-value 13:11 'x'; field-value 14:8 'x'; keyword-missing 11:1 'egptype'");
}
END_TEST

START_TEST(every_code_has_a_name_of_its_own)
{
    for (enum diag_code i = 0; diag_kind(i); i++) {
        ck_assert_uint_gt(strlen(diag_kind(i)->summary), 0);
        for (enum diag_code k = 0; k < i; k++)
            ck_assert_str_ne(diag_kind(i)->name, diag_kind(k)->name);
    }
}
END_TEST

RUN_TESTS_IN_PERL("positions", setup, teardown, lines_are_joined_and_found_again,
                  rules_and_keywords_have_places, keywords_come_once_more_in_the_order_of_the_file,
                  what_is_not_of_the_file_has_no_place, variables_have_places,
                  actions_and_parameters_have_places, terms_of_expressions_have_places,
                  findings_have_places, findings_in_lists_and_expressions_have_places,
                  all_that_is_wrong_with_a_rule_is_found, every_code_has_a_name_of_its_own)
