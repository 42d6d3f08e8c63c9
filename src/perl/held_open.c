/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What held user code opens.  A file that is to be written is opened for reading at most: perl gets
 * another mode or another name, and opens that. */
#include "perl/held_inside.h"

#include <fcntl.h>

enum way {
    WAY_READ,   /* or something that stays in the process: a handle, memory */
    WAY_WRITE,  /* > >> +> */
    WAY_UPDATE, /* +< */
    WAY_TO,     /* a command reads */
    WAY_FROM,   /* a command writes */
};

struct opening {
    enum way way;
    struct bytes mode;   /* without the layers */
    struct bytes layers; /* ":utf8" */
    struct bytes target;
};

static struct bytes trimmed(struct bytes text)
{
    while (text.len > 0 && isSPACE(text.ptr[0]))
        text = bytes_from(text, 1);
    while (text.len > 0 && isSPACE(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

static bool begins(struct bytes text, struct bytes with)
{
    return text.len >= with.len && memcmp(text.ptr, with.ptr, with.len) == 0;
}

/* What a mode at the start of a text means; sets how long it is. */
static enum way way_of(struct bytes text, size_t *len)
{
    static const struct {
        struct bytes mode;
        enum way way;
    } modes[] = {{B("+<"), WAY_UPDATE}, {B("+>>"), WAY_WRITE}, {B("+>"), WAY_WRITE},
                 {B(">>"), WAY_WRITE},  {B(">"), WAY_WRITE},   {B("|"), WAY_TO},
                 {B("<"), WAY_READ}};
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
        *len = modes[i].mode.len;
        if (begins(text, modes[i].mode))
            return modes[i].way;
    }
    *len = 0;
    return WAY_READ;
}

/* open(FH, $text) */
static struct opening read_text(struct bytes text)
{
    struct opening opening = {0};
    size_t len;
    text = trimmed(text);
    opening.way = way_of(text, &len);
    opening.mode = bytes_slice(text, 0, len);
    opening.target = trimmed(bytes_from(text, len));
    if (opening.way == WAY_READ && len == 0 && text.len > 1 && text.ptr[text.len - 1] == '|') {
        opening.way = WAY_FROM;
        opening.target = trimmed(bytes_slice(text, 0, text.len - 1));
    }
    bool own = begins(opening.target, B("&")) || bytes_eq(opening.target, B("-"));
    if (own && (opening.way == WAY_WRITE || opening.way == WAY_UPDATE))
        opening.way = WAY_READ; /* another handle of what is open, or standard output */
    return opening;
}

/* open(FH, $mode, @target) */
static struct opening read_mode(struct bytes mode, struct bytes target)
{
    struct opening opening = {.target = target};
    size_t len;
    mode = trimmed(mode);
    if (begins(mode, B("-|")) || begins(mode, B("|-"))) {
        opening.way = mode.ptr[0] == '-' ? WAY_FROM : WAY_TO;
        len = 2;
    } else {
        opening.way = way_of(mode, &len);
        if (begins(bytes_from(mode, len), B("&")))
            opening.way = WAY_READ;
    }
    opening.mode = bytes_slice(mode, 0, len);
    opening.layers = bytes_from(mode, len);
    return opening;
}

static SV *mode_sv(pTHX_ const char *mode, struct bytes layers)
{
    SV *sv = newSVpvn_flags(mode, strlen(mode), SVs_TEMP);
    sv_catpvn(sv, layers.ptr, layers.len);
    return sv;
}

/* Has perl open this, in place of what it was given after the handle. */
static OP *open_instead(pTHX_ SV *mode, SV *what)
{
    dSP;
    SSize_t mark = TOPMARK;
    EXTEND(SP, 3);
    SP = PL_stack_base + mark + 1;
    PUSHs(mode);
    PUSHs(what);
    PUTBACK;
    return held_perls(aTHX);
}

static OP *open_file(pTHX_ const struct opening *opening, SV *gv)
{
    char mode[4];
    bool update = opening->way == WAY_UPDATE;
    struct bytes target = opening->target;
    SV *instead = update ? held_read_instead(aTHX_ target) : NULL;
    if (update)
        strcpy(mode, "<"); /* it is there or not */
    else
        my_snprintf(mode, sizeof(mode), "%.*s", (int)opening->mode.len, opening->mode.ptr);
    SV *what = instead  ? instead
               : update ? newSVpvn_flags(target.ptr, target.len, SVs_TEMP)
                        : newSVpvs_flags(HELD_NOWHERE, SVs_TEMP);
    OP *next = open_instead(aTHX_ mode_sv(aTHX_ mode, opening->layers), what);
    IO *io = SvTRUE(*PL_stack_sp) ? held_io(aTHX_ gv) : NULL;
    if (!io)
        return next;
    held_handle_new(aTHX_ io, target);
    if (update) {
        held_cover(aTHX_ io, target);
        IoTYPE(io) = IoTYPE_RDWR;
    }
    return next;
}

/* The handle of a command that reads leads nowhere; the other's text is there already. */
static OP *open_command(pTHX_ const struct opening *opening, SV *gv, struct perl_answer answer)
{
    bool from = opening->way == WAY_FROM;
    SV *text = from ? perl_bytes_sv(aTHX_ answer.output) : newSVpvs(HELD_NOWHERE);
    SV *what = sv_2mortal(from ? newRV_noinc(text) : text);
    OP *next = open_instead(aTHX_ mode_sv(aTHX_ from ? "<" : ">", opening->layers), what);
    IO *io = SvTRUE(*PL_stack_sp) ? held_io(aTHX_ gv) : NULL;
    if (!io)
        return next;
    struct held_handle *handle = held_handle_new(aTHX_ io, opening->target);
    handle->exit_code = answer.exit_code;
    handle->pid = held_child(answer.exit_code);
    *PL_stack_sp = sv_2mortal(newSViv(handle->pid));
    return next;
}

static struct opening opening_of(pTHX_ struct held_arguments arguments, struct bytes *words)
{
    struct held_arguments after = {arguments.sv + 1, arguments.count - 1};
    GV *gv = (GV *)arguments.sv[0];
    if (after.count <= 0) /* open(FH): the name is in $FH */
        return read_text(isGV_with_GP(gv) && GvSV(gv) ? held_text(aTHX_ GvSV(gv)) : B(""));
    if (after.count == 1)
        return read_text(words[1]);
    struct bytes target =
        after.count > 2 ? held_joined(aTHX_ words + 2, (size_t)after.count - 1) : words[2];
    return read_mode(words[1], target);
}

/* What is a file only by its mode: memory, and a file without a name, which is memory then. */
static bool in_memory(pTHX_ struct held_arguments arguments, const struct opening *opening)
{
    if (arguments.count != 3 || opening->way == WAY_TO || opening->way == WAY_FROM)
        return false;
    SV *what = arguments.sv[2];
    SvGETMAGIC(what);
    if (!SvOK(what))
        arguments.sv[2] = sv_2mortal(newRV_noinc(newSVpvs("")));
    PERL_UNUSED_CONTEXT;
    return !SvOK(what) || (SvROK(what) && !SvOBJECT(SvRV(what)) && !isGV_with_GP(SvRV(what)));
}

/* The handle that a new one is another of, "STDOUT"; "": it is none, or reads. */
static struct bytes source_of(struct bytes mode, struct bytes what)
{
    bool writes = bytes_chr(mode, '>', 0) >= 0, own = mode.len > 0 && bytes_chr(mode, '&', 0) >= 0;
    if (!writes || (!own && !begins(what, B("&"))))
        return B("");
    if (!own)
        what = trimmed(bytes_from(what, 1));
    if (begins(what, B("=")))
        what = bytes_from(what, 1);
    return bytes_eq(what, B("1")) ? B("STDOUT") : bytes_eq(what, B("2")) ? B("STDERR") : what;
}

/* What is printed on it goes where the other's does. */
static OP *open_another(pTHX_ SV *gv, struct bytes source)
{
    SV *name = newSVpvn_flags(source.ptr, source.len, SVs_TEMP);
    OP *next = held_perls(aTHX);
    IO *io = SvTRUE(*PL_stack_sp) ? held_io(aTHX_ gv) : NULL;
    if (io)
        held_handle_new(aTHX_ io, perl_sv_view(aTHX_ name));
    return next;
}

/* open for reading */
static OP *open_read(pTHX_ struct bytes target, struct bytes layers)
{
    SV *path = held_read_instead(aTHX_ target);
    return path ? open_instead(aTHX_ mode_sv(aTHX_ "<", layers), path) : held_perls(aTHX);
}

static OP *hold_open(pTHX)
{
    struct held_arguments arguments = held_marked(aTHX);
    struct bytes *words = held_words(aTHX_ arguments);
    struct opening opening = opening_of(aTHX_ arguments, words);
    SV *gv = arguments.sv[0];
    if (in_memory(aTHX_ arguments, &opening) || (GvIO((GV *)gv) && !held_io(aTHX_ gv)))
        return held_perls(aTHX);
    struct bytes source = arguments.count > 2 ? source_of(trimmed(words[1]), opening.target)
                                              : source_of(opening.mode, opening.target);
    if (source.len > 0 && opening.way == WAY_READ)
        return open_another(aTHX_ gv, source);
    if (opening.way == WAY_READ)
        return open_read(aTHX_ opening.target, opening.layers);
    bool command = opening.way == WAY_TO || opening.way == WAY_FROM;
    struct perl_deed deed = {.function = "open",
                             .target = opening.target,
                             .words = words + 1,
                             .count = (size_t)arguments.count - 1,
                             .command = command,
                             .gives = opening.way == WAY_FROM};
    if (command && deed.count > 1) { /* of a mode and words the words */
        deed.words++;
        deed.count--;
    } else if (command) {
        deed.words = &opening.target;
    }
    struct perl_answer answer = held_tell(aTHX_ deed);
    if (answer.perform)
        return held_perls(aTHX);
    opening.target = bytes_make(SvPVX(newSVpvn_flags(deed.target.ptr, deed.target.len, SVs_TEMP)),
                                deed.target.len);
    struct opening *found = &opening;
    return command ? open_command(aTHX_ found, gv, answer) : open_file(aTHX_ found, gv);
}

static OP *hold_sysopen(pTHX)
{
    struct held_arguments arguments = held_fixed(aTHX);
    int flags = arguments.count > 2 ? (int)SvIV(arguments.sv[2]) : O_RDONLY;
    SV *gv = arguments.sv[0];
    struct bytes *words = held_words(aTHX_ arguments);
    if ((flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC))) {
        SV *instead = held_read_instead(aTHX_ words[1]);
        if (instead)
            arguments.sv[1] = instead;
        return held_perls(aTHX);
    }
    struct perl_deed deed = {.function = "sysopen",
                             .target = words[1],
                             .words = words + 1,
                             .count = (size_t)arguments.count - 1};
    if (held_tell(aTHX_ deed).perform)
        return held_perls(aTHX);
    SV *name = newSVpvn_flags(words[1].ptr, words[1].len, SVs_TEMP);
    arguments.sv[1] = newSVpvs_flags(HELD_NOWHERE, SVs_TEMP);
    arguments.sv[2] = sv_2mortal(newSViv(flags & ~(O_CREAT | O_EXCL | O_TRUNC)));
    OP *next = held_perls(aTHX);
    IO *io = SvTRUE(*PL_stack_sp) ? held_io(aTHX_ gv) : NULL;
    if (io)
        held_handle_new(aTHX_ io, perl_sv_view(aTHX_ name));
    return next;
}

/* A command's handle gives its status. */
static OP *hold_close(pTHX)
{
    SV *gv = held_fixed(aTHX).count > 0 ? *PL_stack_sp : (SV *)PL_defoutgv;
    const struct held_handle *handle = held_handle_of(aTHX_ held_io(aTHX_ gv));
    pid_t pid = handle ? handle->pid : 0;
    int exit_code = 0;
    OP *next = held_perls(aTHX);
    if (pid > 0 && held_reap(&pid, &exit_code)) {
        STATUS_NATIVE_CHILD_SET(exit_code << 8);
        *PL_stack_sp = exit_code == 0 ? &PL_sv_yes : &PL_sv_no;
    }
    return next;
}

/* Nobody writes into a pipe any more: its reading end is at its end. */
static OP *hold_pipe(pTHX)
{
    SV *gv = held_fixed(aTHX).sv[0];
    OP *next = held_perls(aTHX);
    IO *io = SvTRUE(*PL_stack_sp) ? held_io(aTHX_ gv) : NULL;
    int nowhere = io && IoIFP(io) ? open(HELD_NOWHERE, O_RDONLY | O_CLOEXEC) : -1;
    if (nowhere >= 0) {
        dup3(nowhere, PerlIO_fileno(IoIFP(io)), O_CLOEXEC);
        close(nowhere);
    }
    return next;
}

void held_watch_opens(void)
{
    held_intercept(OP_OPEN, hold_open);
    held_intercept(OP_SYSOPEN, hold_sysopen);
    held_follow(OP_CLOSE, hold_close);
    held_intercept(OP_PIPE_OP, hold_pipe);
}
