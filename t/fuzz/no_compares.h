/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For a target whose bytes are choices from tables.
 *
 * libFuzzer is told of every comparison that the engine makes, to put the other side of it into later
 * inputs.  Where no byte of an input is ever compared with anything that has no use, and takes a
 * sixth of the time: with --wrap for these functions it is not told. */
#ifndef SECANT_T_NO_COMPARES_H
#define SECANT_T_NO_COMPARES_H

#include <stdint.h>

#define NO_COMPARE(name, type)                                                                     \
    void __wrap___sanitizer_cov_trace_##name(type a, type b);                                      \
    void __wrap___sanitizer_cov_trace_##name(type a, type b)                                       \
    {                                                                                              \
        (void)a;                                                                                   \
        (void)b;                                                                                   \
    }

NO_COMPARE(cmp1, uint8_t)
NO_COMPARE(cmp2, uint16_t)
NO_COMPARE(cmp4, uint32_t)
NO_COMPARE(cmp8, uint64_t)
NO_COMPARE(const_cmp1, uint8_t)
NO_COMPARE(const_cmp2, uint16_t)
NO_COMPARE(const_cmp4, uint32_t)
NO_COMPARE(const_cmp8, uint64_t)

#endif
