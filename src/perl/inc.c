/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folders in which Perl looks for modules.
 *
 * They are compiled into libperl, and separately into the perl command, which may have others:
 * Debian's has perl-base, which its libperl does not know.  Rules must find the same modules, in
 * the same files, as when that command runs them. */
#include "perl/inside.h"

#include "installed.h"

static const char *const folders[] = {PERL_INC};

static bool is_folder(pTHX_ AV *inc, SSize_t at, size_t folder)
{
    SV **entry = av_fetch(inc, at, 0);
    return entry && strEQ(SvPV_nolen(*entry), folders[folder]);
}

static bool is_one_before(pTHX_ AV *inc, SSize_t at, size_t end)
{
    while (end > 0)
        if (is_folder(aTHX_ inc, at, --end))
            return true;
    return false;
}

static void insert(pTHX_ AV *inc, SSize_t at, const char *folder)
{
    av_push(inc, NULL);
    for (SSize_t i = av_top_index(inc); i > at; i--)
        (void)av_store(inc, i, SvREFCNT_inc(*av_fetch(inc, i - 1, 0)));
    (void)av_store(inc, at, newSVpv(folder, 0));
}

/* From the end, because what the environment adds (PERL5LIB, -I) is in front.  Where the list is
 * one short, what is there instead is one of those before. */
void perl_complete_inc(pTHX)
{
    AV *inc = get_av("INC", GV_ADD);
    size_t left = sizeof(folders) / sizeof(*folders);
    for (SSize_t at = av_top_index(inc); left > 0 && at >= 0; at--) {
        while (is_one_before(aTHX_ inc, at, left - 1))
            insert(aTHX_ inc, at + 1, folders[--left]);
        if (is_folder(aTHX_ inc, at, left - 1))
            left--;
    }
}
