/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a text holds what is nobody else's business: addresses, names, passwords, numbers.
 *
 * Some have a form of their own, wherever they are; others are only where such a thing is named:
 * the host after the time of a syslog line, the name after "user=". */
#ifndef SECANT_SECRETS_SECRETS_H
#define SECANT_SECRETS_SECRETS_H

#include "base/bytes.h"

enum secret_kind {
    SECRET_IPV4,
    SECRET_IPV6,
    SECRET_MAC,
    SECRET_HOST, /* a label of its name */
    SECRET_MAIL, /* the part before the @ */
    SECRET_USER,
    SECRET_CREDENTIAL, /* a password, token, key after its name */
    SECRET_TOKEN,      /* letters and digits that are no word */
    SECRET_NUMBER,     /* of a card, an account */
    SECRET_KINDS
};

struct secret_span {
    size_t from, to;
    enum secret_kind kind;
    bool by_place; /* its form says nothing */
};

struct secret_spans {
    struct secret_span *items; /* owned; in order, none within another */
    size_t count, room;
    char *taken; /* owned; of each byte of the text: is it in one? */
    size_t taken_room;
};

struct finders;

struct finders *finders_new(void);
void finders_free(struct finders *finders);
/* Those of the text, in place of what the spans had before.  rules: it is one of rules, in which
 * patterns and variables are in the place of values; what a backslash had before it is without. */
void secrets_find(struct finders *finders, struct bytes text, bool rules,
                  struct secret_spans *spans);
void secret_spans_free(struct secret_spans *spans);

#endif
