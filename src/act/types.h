/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every action, each defined beside the function that runs it, listed in the order of upstream's
 * manual. */
#ifndef SECANT_ACT_TYPES_H
#define SECANT_ACT_TYPES_H

#include "act/act.h"

/* clang-format off */
#define EACH_ACTION(DO) \
    DO(none) DO(logonly) \
    DO(write) DO(writen) DO(closef) DO(owritecl) \
    DO(udgram) DO(closeudgr) DO(ustream) DO(closeustr) \
    DO(udpsock) DO(closeudp) DO(tcpsock) DO(closetcp) \
    DO(shellcmd) DO(cmdexec) DO(spawn) DO(spawnexec) DO(cspawn) DO(cspawnexec) \
    DO(pipe) DO(pipeexec) \
    DO(create) DO(delete) DO(obsolete) DO(set) DO(alias) DO(unalias) \
    DO(add) DO(prepend) DO(fill) DO(report) DO(reportexec) DO(copy) DO(empty) DO(pop) DO(shift) \
    DO(trim) DO(exists) DO(getsize) DO(getaliases) DO(getltime) DO(setltime) DO(getctime) \
    DO(setctime) \
    DO(event) DO(tevent) DO(cevent) \
    DO(reset) DO(getwpos) DO(setwpos) \
    DO(assign) DO(assignsq) DO(free) DO(eval) DO(call) DO(lcall) \
    DO(rewrite) DO(addinput) DO(dropinput) DO(sigemul) DO(varset) \
    DO(if) DO(while) DO(break) DO(continue)
/* clang-format on */

#define DECLARE_ACTION(name) extern const struct action_type action_##name;
EACH_ACTION(DECLARE_ACTION)

#endif
