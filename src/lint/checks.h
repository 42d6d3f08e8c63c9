/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of checks; each has a file, check_NAME.c with `const struct lint_check check_NAME` (that
 * of `silence` is in silence.c). */
#ifndef SECANT_LINT_CHECKS_H
#define SECANT_LINT_CHECKS_H

#include "lint/lint.h"

/* clang-format off: one a line, in the order of their names */
#define EACH_CHECK(X)                                                                              \
    X(always_looked_at)                                                                            \
    X(and_or_mix)                                                                                  \
    X(branch_never_taken)                                                                          \
    X(cache_never_made)                                                                            \
    X(class_slip)                                                                                  \
    X(code_injection)                                                                              \
    X(context_gone_at_once)                                                                        \
    X(context_never_made)                                                                          \
    X(context_never_used)                                                                          \
    X(dead_in_log)                                                                                 \
    X(desc_too_narrow)                                                                             \
    X(desc_too_wide)                                                                               \
    X(differs_from_sec)                                                                            \
    X(endless_loop)                                                                                \
    X(feeds_itself)                                                                                \
    X(group_never_filled)                                                                          \
    X(jump_to_no_set)                                                                              \
    X(label_never_used)                                                                            \
    X(letter_range)                                                                                \
    X(lifetime_form)                                                                               \
    X(look_alike)                                                                                  \
    X(no_such_group)                                                                               \
    X(one_time_form)                                                                               \
    X(options_overridden)                                                                          \
    X(pair_never_ends)                                                                             \
    X(pattern_never)                                                                               \
    X(percent_group)                                                                               \
    X(set_never_entered)                                                                           \
    X(shell_injection)                                                                             \
    X(shell_quotes)                                                                                \
    X(silence)                                                                                     \
    X(slow_pattern)                                                                                \
    X(split_rule)                                                                                  \
    X(sshd_session)                                                                                \
    X(substr_is_text)                                                                              \
    X(threshold_one)                                                                               \
    X(time_impossible)                                                                             \
    X(trailing_backslash)                                                                          \
    X(unreachable)                                                                                 \
    X(variable_form)                                                                               \
    X(variable_never_set)                                                                          \
    X(window_too_short)

#define DECLARE_CHECK(name) extern const struct lint_check check_##name;
EACH_CHECK(DECLARE_CHECK)
#undef DECLARE_CHECK

#endif
