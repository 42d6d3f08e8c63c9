/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects, as they are written in lines, whole and cut short. */
#include "unit.h"

#include "base/json.h"
#include "base/json_values.h"

/* "key=value;" for each member, and "." if the object is closed. */
static const char *members(const char *text)
{
    static struct buf out;
    struct bytes line = bytes_of(text);
    struct object_member member;
    size_t at = object_open(line);
    buf_clear(&out);
    while (at > 0 && object_next(line, &at, &member))
        buf_cat(&out, member.key, B("="), member.value, B(";"));
    if (at > 0 && object_closed(line, at))
        buf_char(&out, '.');
    buf_char(&out, '\0');
    return out.ptr;
}

START_TEST(members_are_as_they_are_written)
{
    static const char *const cases[][2] = {
        {"{}", "."},
        {" { } \r", "."},
        {"{\"a\":1}", "a=1;."},
        {"{ \"a\" : 0.10 , \"b\":\"x,}\\\"\" }", "a=0.10;b=\"x,}\\\"\";."},
        {"{\"a\":{\"b\":[1,\"]\"]},\"c\":null}", "a={\"b\":[1,\"]\"]};c=null;."},
        {"{\"\":true}", "=true;."},
        {"{\"a\":1} x", "a=1;"},
        {"{\"a\":1,\"b\":\"cut", "a=1;b=\"cut;"},
        {"{\"a\":1,\"b\":", "a=1;"},
        {"{\"a\":1,\"b", "a=1;"},
        {"{\"a\":}", ""},
        {"{\"a\" 1}", ""},
        {"{\"a\":1]", "a=1;"},
        {"[1]", ""},
        {"{", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        ck_assert_str_eq(members(cases[i][0]), cases[i][1]);
}
END_TEST

START_TEST(strings_are_decoded)
{
    static const char *const cases[][2] = {
        {"\"plain\"", "plain"},
        {"\"\"", ""},
        {"12345678901234567890123", "12345678901234567890123"},
        {"[\"\\n\"]", "[\"\\n\"]"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\"\\ud83d\\ud83d\\ude00x\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80x\xef\xbf\xbd"},
        {"\"\\u12\"", "\\u12"},
        {"\"\\x\"", "\\x"},
        {"\"\xe9\"", "\xe9"},
        {"\"cut\\", "cut\\"},
        {"\"cut", "cut"},
        {"\"", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf out = {0};
        value_decode(&out, bytes_of(cases[i][0]));
        ck_bytes_eq(buf_bytes(&out), bytes_of(cases[i][1]));
        buf_free(&out);
    }
    struct buf nul = {0};
    value_decode(&nul, B("\"a\\u0000b\""));
    ck_bytes_eq(buf_bytes(&nul), bytes_make("a\0b", 3));
    buf_free(&nul);
}
END_TEST

START_TEST(empty_texts_are_texts)
{
    json_t *texts[] = {json_of((struct bytes){0}), json_of_bytes((struct bytes){0})};
    for (size_t i = 0; i < 2; i++) {
        ck_assert(json_is_string(texts[i]));
        ck_bytes_eq(json_bytes(texts[i]), B(""));
        json_decref(texts[i]);
    }
}
END_TEST

START_TEST(scalars_are_what_perl_prints)
{
    static const char *const cases[][2] = {
        {"\"a\"", "a"}, {"\"\"", ""},
        {"3", "3"},     {"-9223372036854775808", "-9223372036854775808"},
        {"3.5", "3.5"}, {"0.1", "0.1"},
        {"2.0", "2"},   {"-1.7976931348623157e308", "-1.79769313486232e+308"},
        {"true", "1"},  {"false", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char digits[JSON_DIGITS];
        json_t *value = json_loads(cases[i][0], JSON_DECODE_ANY, NULL);
        ck_assert(json_is_scalar(value));
        ck_bytes_eq(json_scalar(value, digits), bytes_of(cases[i][1]));
        json_decref(value);
    }
    static const char *const others[] = {"null", "[1]", "{\"a\":1}"};
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        json_t *value = json_loads(others[i], JSON_DECODE_ANY, NULL);
        ck_assert(value && !json_is_scalar(value));
        json_decref(value);
    }
}
END_TEST

RUN_TESTS("json", members_are_as_they_are_written, strings_are_decoded, empty_texts_are_texts,
          scalars_are_what_perl_prints)
