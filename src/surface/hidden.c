/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables of SEC's package main that do not exist here for user Perl: rules should not depend on
 * how SEC keeps its outputs, children and tables of functions. */
#include "surface/surface.h"

static const char *const absent[] = {"@actioncopyfunc",  "@actionsubstfunc",
                                     "@execactionfunc",  "@matchegrpfunc",
                                     "@matchfunc",       "@matchrulefunc",
                                     "@processrulefunc", "@calendar",
                                     "%cfset2cfile",     "%children",
                                     "%config_options",  "%dyninputfiles",
                                     "%output_files",    "%output_tcpconn",
                                     "%output_tcpsock",  "%output_udgram",
                                     "%output_udpsock",  "%output_ustrconn",
                                     "%output_ustream",  "@readbuffer",
                                     "$loghandle",       "$logopen",
                                     "$syslogopen",      "$int_context",
                                     "$timevar_update",  NULL};

const struct hidden_names surface_hidden = {absent, "%corr_list"};
