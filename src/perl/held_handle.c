/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What held user code prints.
 *
 * Before the first print, a handle that leads outside gets a stream of ours in place of the one
 * that it writes to, with a layer that passes text to us.  So perl itself joins and formats what is
 * printed, and its own warnings are treated like prints on STDERR. */
#include "perl/held_inside.h"

#include <perliol.h>
#include <unistd.h>

/* What is printed now; NULL: a write that is no operator's, such as a warning. */
static SV *collected;

/* --- what is known of a handle -------------------------------------------------------------- */

/* All that the interpreter has. */
static struct held_handle *handles;

static int free_handle(pTHX_ SV *sv, MAGIC *magic)
{
    struct held_handle *handle = (struct held_handle *)magic->mg_ptr;
    PERL_UNUSED_ARG(sv);
    if (!handle)
        return 0;
    if (handle->at)
        *handle->at = handle->next;
    if (handle->next)
        handle->next->at = handle->at;
    SvREFCNT_dec(handle->name);
    SvREFCNT_dec(handle->peer);
    Safefree(handle);
    return 0;
}

/* A thread of user code gets a copy of the handle, not of what is known of it. */
static int forget_handle(pTHX_ MAGIC *magic, CLONE_PARAMS *parameters)
{
    PERL_UNUSED_CONTEXT;
    PERL_UNUSED_ARG(parameters);
    magic->mg_ptr = NULL;
    return 0;
}

static const MGVTBL held_vtable = {.svt_free = free_handle, .svt_dup = forget_handle};

struct held_handle *held_handle_of(pTHX_ IO *io)
{
    const MAGIC *magic =
        io && SvMAGIC(io) ? mg_findext((SV *)io, PERL_MAGIC_ext, &held_vtable) : NULL;
    PERL_UNUSED_CONTEXT;
    return magic ? (struct held_handle *)magic->mg_ptr : NULL;
}

/* Of no name. */
static struct held_handle *note_handle(pTHX_ IO *io)
{
    struct held_handle *handle;
    sv_unmagicext((SV *)io, PERL_MAGIC_ext, (MGVTBL *)&held_vtable);
    Newxz(handle, 1, struct held_handle);
    handle->io = io;
    MAGIC *magic = sv_magicext((SV *)io, NULL, PERL_MAGIC_ext, &held_vtable, (char *)handle, 0);
    magic->mg_flags |= MGf_DUP;
    if (aTHX != perl_interpreter)
        return handle;
    handle->next = handles;
    handle->at = &handles;
    if (handles)
        handles->at = &handle->next;
    handles = handle;
    return handle;
}

struct held_handle *held_handle_new(pTHX_ IO *io, struct bytes name)
{
    SV *copy = perl_bytes_sv(aTHX_ name);
    struct held_handle *handle = note_handle(aTHX_ io);
    handle->name = copy;
    return handle;
}

IO *held_io(pTHX_ SV *sv)
{
    if (sv && SvROK(sv))
        sv = SvRV(sv);
    IO *io = NULL;
    if (sv && isGV_with_GP(sv))
        io = GvIO((GV *)sv);
    else if (sv && SvTYPE(sv) == SVt_PVIO)
        io = (IO *)sv;
    PERL_UNUSED_CONTEXT;
    if (io && SvRMAGICAL(io) && mg_find((SV *)io, PERL_MAGIC_tiedscalar))
        return NULL;
    return io;
}

struct bytes held_handle_name(pTHX_ SV *gv)
{
    const struct held_handle *handle = held_handle_of(aTHX_ held_io(aTHX_ gv));
    if (handle && handle->name)
        return perl_sv_view(aTHX_ handle->name);
    return isGV_with_GP(gv) ? bytes_make(GvNAME((GV *)gv), (size_t)GvNAMELEN((GV *)gv)) : B("");
}

/* --- the layer ------------------------------------------------------------------------------ */

struct cover {
    struct _PerlIO base;
    PerlIO *real;    /* what is covered; NULL: nothing to write to */
    PerlIO *nowhere; /* what stands for it in the handle; NULL: it does itself */
    bool owned;      /* it is closed with this stream */
    SV *name;        /* owned; NULL in the copy that a thread of user code has, as `real` is */
};

static SSize_t cover_write(pTHX_ PerlIO *f, const void *text, Size_t size)
{
    const struct cover *cover = PerlIOSelf(f, struct cover);
    if (collected) {
        sv_catpvn(collected, text, size);
        return (SSize_t)size;
    }
    struct perl_deed deed = {.function = "print",
                             .target = cover->name ? perl_sv_view(aTHX_ cover->name) : B(""),
                             .text = bytes_make(text, size)};
    if (held_tell(aTHX_ deed).perform && cover->real) {
        PerlIO_write(cover->real, text, size);
        PerlIO_flush(cover->real);
    }
    return (SSize_t)size;
}

static IV cover_fileno(pTHX_ PerlIO *f)
{
    PERL_UNUSED_CONTEXT;
    PERL_UNUSED_ARG(f);
    return -1;
}

static IV cover_flush(pTHX_ PerlIO *f)
{
    PERL_UNUSED_CONTEXT;
    PERL_UNUSED_ARG(f);
    return 0;
}

static IV cover_popped(pTHX_ PerlIO *f)
{
    struct cover *cover = PerlIOSelf(f, struct cover);
    if (cover->owned && cover->real)
        PerlIO_close(cover->real);
    SvREFCNT_dec(cover->name);
    cover->real = NULL;
    cover->name = NULL;
    return 0;
}

static PerlIO_funcs cover_layer = {
    .fsize = sizeof(PerlIO_funcs),
    .name = (char *)"held",
    .size = sizeof(struct cover),
    .kind = PERLIO_K_RAW,
    .Pushed = PerlIOBase_pushed,
    .Popped = cover_popped,
    .Binmode = PerlIOBase_binmode,
    .Fileno = cover_fileno,
    .Dup = PerlIOBase_dup,
    .Write = cover_write,
    .Close = PerlIOBase_close,
    .Flush = cover_flush,
    .Eof = PerlIOBase_eof,
    .Error = PerlIOBase_error,
    .Clearerr = PerlIOBase_clearerr,
    .Setlinebuf = PerlIOBase_setlinebuf,
};

/* NULL: none of its layers is ours. */
static struct cover *cover_of(PerlIO *f)
{
    for (PerlIOl *layer = f ? *f : NULL; layer; layer = layer->next)
        if (layer->tab == &cover_layer)
            return (struct cover *)layer;
    return NULL;
}

void held_cover(pTHX_ IO *io, struct bytes name)
{
    PerlIO *real = IoOFP(io), *f = PerlIO_allocate(aTHX);
    if (!f || !PerlIO_push(aTHX_ f, &cover_layer, "w", NULL))
        return;
    struct cover *cover = PerlIOSelf(f, struct cover);
    cover->name = perl_bytes_sv(aTHX_ name);
    cover->real = real;
    cover->owned = real && real != IoIFP(io);
    if (real && PerlIO_isutf8(real))
        PerlIOBase(f)->flags |= PERLIO_F_UTF8;
    IoOFP(io) = f;
    if (!held_handle_of(aTHX_ io))
        note_handle(aTHX_ io);
}

/* Does what is printed on it leave the process?  It is covered then. */
static bool leads_outside(pTHX_ IO *io, SV *gv)
{
    if (!io || !IoOFP(io))
        return false;
    if (cover_of(IoOFP(io)))
        return true;
    if (PerlIO_fileno(IoOFP(io)) < 0)
        return false;
    held_cover(aTHX_ io, held_handle_name(aTHX_ gv));
    return true;
}

/* The program's own standard output and error are not user code's, whatever it does to them while
 * it is held. */
static void cover_standard(pTHX_ GV *gv, PerlIO *real)
{
    IO *io = gv ? GvIO(gv) : NULL;
    PerlIO *nowhere = io && IoOFP(io) == real ? PerlIO_open(HELD_NOWHERE, "w") : NULL;
    if (!nowhere)
        return;
    PerlIO_flush(real);
    IoIFP(io) = nowhere;
    held_cover(aTHX_ io, bytes_make(GvNAME(gv), (size_t)GvNAMELEN(gv)));
    struct cover *cover = cover_of(IoOFP(io));
    cover->owned = false;
    cover->nowhere = nowhere;
}

void held_cover_standard(pTHX)
{
    cover_standard(aTHX_ gv_fetchpvs("STDOUT", 0, SVt_PVIO), PerlIO_stdout());
    cover_standard(aTHX_ PL_stderrgv, PerlIO_stderr());
}

/* binmode has seen the one only. */
static void take_width(PerlIO *to, PerlIO *from)
{
    if (PerlIO_isutf8(from))
        PerlIOBase(to)->flags |= PERLIO_F_UTF8;
    else
        PerlIOBase(to)->flags &= ~(U32)PERLIO_F_UTF8;
}

static void uncover(pTHX_ IO *io)
{
    PerlIO *f = IoOFP(io), *closed = NULL;
    struct cover *cover = cover_of(f);
    if (!cover)
        return;
    IoOFP(io) = cover->real;
    if (!cover->real)
        IoTYPE(io) = IoTYPE_RDONLY;
    if (cover->nowhere && IoIFP(io) == cover->nowhere) {
        closed = cover->nowhere;
        IoIFP(io) = cover->real;
        take_width(cover->real, f);
    }
    cover->owned = false;
    PerlIO_close(f);
    if (closed)
        PerlIO_close(closed);
}

void held_uncover(pTHX)
{
    for (const struct held_handle *handle = handles; handle; handle = handle->next)
        uncover(aTHX_ handle->io);
}

/* --- operators ------------------------------------------------------------------------------ */

static void tell_printed(pTHX_ const char *function, SV *gv, IO *io, SV *text)
{
    struct perl_deed deed = {.function = function,
                             .target = held_handle_name(aTHX_ gv),
                             .text = bytes_make(SvPVX(text), SvCUR(text))};
    if (!held_tell(aTHX_ deed).perform)
        return;
    struct cover *cover = cover_of(IoOFP(io));
    if (!cover || !cover->real)
        return;
    PerlIO_write(cover->real, SvPVX(text), SvCUR(text));
    PerlIO_flush(cover->real);
}

/* print, say, printf */
static OP *hold_print(pTHX)
{
    static const char *const names[] = {"print", "say", "printf"};
    SV *gv = PL_op->op_flags & OPf_STACKED ? *held_marked(aTHX).sv : (SV *)PL_defoutgv;
    IO *io = held_io(aTHX_ gv);
    if (!leads_outside(aTHX_ io, gv))
        return held_perls(aTHX);
    int type = PL_op->op_type;
    SV *text = newSVpvs_flags("", SVs_TEMP);
    ENTER;
    SAVEFREESV(SvREFCNT_inc_simple_NN((SV *)io));
    SAVEFREESV(SvREFCNT_inc_simple_NN(gv));
    SAVESPTR(collected);
    collected = text;
    OP *next = held_perls(aTHX);
    if (IoOFP(io))
        PerlIO_flush(IoOFP(io)); /* an encoding may wait above us */
    collected = NULL;
    tell_printed(aTHX_ names[type == OP_PRINT ? 0 : type == OP_SAY ? 1 : 2], gv, io, text);
    LEAVE;
    return next;
}

/* The end of `write`: the format's text is there and is printed now. */
static OP *hold_write(pTHX)
{
    SV *gv = (SV *)CX_CUR()->blk_format.gv;
    IO *io = held_io(aTHX_ gv);
    if (!leads_outside(aTHX_ io, gv))
        return held_perls(aTHX);
    SV *outer = collected, *text = newSVpvs_flags("", SVs_TEMP);
    collected = text;
    SvREFCNT_inc_simple_void_NN(text); /* leaving the format may free temporaries */
    OP *next = held_perls(aTHX);
    collected = outer;
    if (SvCUR(text) > 0)
        tell_printed(aTHX_ "write", gv, io, text);
    SvREFCNT_dec_NN(text);
    return next;
}

/* The part of a text that syswrite's length and offset mean. */
static struct bytes part_of(pTHX_ struct bytes text, SV *length, SV *offset)
{
    IV from = offset ? SvIV(offset) : 0, size = length && SvOK(length) ? SvIV(length) : IV_MAX;
    if (from < 0)
        from += (IV)text.len;
    if (from < 0 || from > (IV)text.len || size < 0)
        return (struct bytes){0};
    text = bytes_from(text, (size_t)from);
    return bytes_slice(text, 0, (IV)text.len < size ? text.len : (size_t)size);
}

static OP *hold_syswrite(pTHX)
{
    struct held_arguments arguments = held_marked(aTHX);
    IO *io = held_io(aTHX_ arguments.sv[0]);
    if (!io || !IoIFP(io) || PerlIO_fileno(IoIFP(io)) < 0)
        return held_perls(aTHX);
    struct perl_deed deed = {.function = "syswrite",
                             .target = held_handle_name(aTHX_ arguments.sv[0])};
    deed.text = part_of(aTHX_ perl_sv_view(aTHX_ arguments.sv[1]),
                        arguments.count > 2 ? arguments.sv[2] : NULL,
                        arguments.count > 3 ? arguments.sv[3] : NULL);
    if (held_tell(aTHX_ deed).perform)
        return held_perls(aTHX);
    return held_return(aTHX_ arguments, true, sv_2mortal(newSViv((IV)deed.text.len)));
}

void held_watch_handles(void)
{
    held_intercept(OP_PRINT, hold_print);
    held_intercept(OP_SAY, hold_print);
    held_intercept(OP_PRTF, hold_print);
    held_intercept(OP_LEAVEWRITE, hold_write);
    held_intercept(OP_SYSWRITE, hold_syswrite);
}
