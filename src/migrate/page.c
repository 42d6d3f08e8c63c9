/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/page.h"

#include "base/utf8.h"

/* -- Texts -- */

static uint32_t number_of(struct bytes character)
{
    const unsigned char *p = (const unsigned char *)character.ptr;
    switch (character.len) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    case 3:
        return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    default:
        return (p[0] & 7u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    }
}

/* Characters that nobody sees, or that move others; U+FFFE and U+FFFF are none. */
static bool is_unseen(uint32_t c)
{
    return c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF ||
           (c >= 0xE0000 && c <= 0xE007F);
}

static struct bytes escape_of(uint32_t c)
{
    switch (c) {
    case '&':
        return B("&amp;");
    case '<':
        return B("&lt;");
    case '>':
        return B("&gt;");
    case '"':
        return B("&quot;");
    case '\'':
        return B("&#39;");
    default:
        return B("");
    }
}

static void add_character(struct buf *out, struct bytes character)
{
    uint32_t c = number_of(character);
    struct bytes escape = escape_of(c);
    if (escape.len > 0)
        buf_add(out, escape);
    else if (c == '\t' || !is_unseen(c))
        buf_add(out, character);
    else if (c < 0x80)
        buf_printf(out, "<span class=\"raw\">\\x%02x</span>", (unsigned)c);
    else
        buf_printf(out, "<span class=\"raw\">\\u{%x}</span>", (unsigned)c);
}

void page_text(struct buf *out, struct bytes text)
{
    while (text.len > 0) {
        size_t len = utf8_length(text);
        if (len > 0)
            add_character(out, bytes_slice(text, 0, len));
        else
            buf_printf(out, "<span class=\"raw\">\\x%02x</span>", (unsigned char)*text.ptr);
        text = bytes_from(text, len > 0 ? len : 1);
    }
}

void page_marked(struct buf *out, struct bytes text, size_t from, size_t to)
{
    while (from > 0 && from < text.len && utf8_goes_on(text.ptr[from]))
        from--;
    while (to < text.len && utf8_goes_on(text.ptr[to]))
        to++;
    page_text(out, bytes_slice(text, 0, from));
    if (from < to) {
        buf_add(out, B("<mark>"));
        page_text(out, bytes_slice(text, from, to));
        buf_add(out, B("</mark>"));
    }
    page_text(out, bytes_from(text, to));
}

void page_element(struct buf *out, struct bytes tag, struct bytes text)
{
    ptrdiff_t blank = bytes_chr(tag, ' ', 0);
    buf_cat(out, B("<"), tag, B(">"));
    page_text(out, text);
    buf_cat(out, B("</"), bytes_slice(tag, 0, blank < 0 ? tag.len : (size_t)blank), B(">"));
}

/* -- The page -- */

/* On paper it is always light, and nothing is folded. */
static const char style[] =
    ":root{color-scheme:light dark;--back:#f5f6f8;--sheet:#fff;--ink:#1b1f24;--soft:#59636e;"
    "--line:#d5dae0;--good:#1a7f37;--bad:#b3261e;--open:#8a5a00;--mark:#ffd8a8;--raw:#7a3e9d}\n"
    "@media (prefers-color-scheme:dark){:root{--back:#0f1216;--sheet:#181c22;--ink:#e4e8ee;"
    "--soft:#98a2ae;--line:#343b45;--good:#4ac26b;--bad:#ff7b72;--open:#e3b341;--mark:#6b4200;"
    "--raw:#d2a8ff}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--back);color:var(--ink);"
    "font:16px/1.5 system-ui,\"Segoe UI\",\"Liberation Sans\",\"DejaVu Sans\",sans-serif}\n"
    "main{max-width:64rem;margin:0 auto;padding:1rem}\n"
    "section,header{background:var(--sheet);border:1px solid var(--line);border-radius:8px;"
    "padding:1rem 1.25rem;margin:0 0 1rem}\n"
    "header{border-left:8px solid var(--soft)}\n"
    "header.equal{border-left-color:var(--good)}header.different{border-left-color:var(--bad)}"
    "header.open{border-left-color:var(--open)}\n"
    ".equal .badge{background:var(--good)}.different .badge{background:var(--bad)}"
    ".open .badge{background:var(--open)}\n"
    ".badge{display:inline-block;padding:.1rem .7rem;border-radius:1rem;color:var(--sheet);"
    "font-weight:600;letter-spacing:.03em}\n"
    "h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0}h2{font-size:1.15rem;margin:0 0 .6rem}"
    "h3{font-size:1rem;margin:1rem 0 .3rem}p{margin:.4rem 0}\n"
    ".soft{color:var(--soft)}\n"
    "dl.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.6rem;"
    "margin:1rem 0 .2rem}\n"
    ".tiles div{border:1px solid var(--line);border-radius:6px;padding:.4rem .7rem}"
    ".tiles dt{color:var(--soft);font-size:.85rem}"
    ".tiles dd{margin:0;font-size:1.25rem;font-weight:600}\n"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid var(--line);"
    "overflow-wrap:anywhere}thead th{border-top:0;color:var(--soft);font-size:.85rem}"
    "th[scope=row]{width:11rem;font-weight:600}\n"
    ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;width:7rem}\n"
    ".never .n,.never td.n{color:var(--open);font-weight:600}"
    "tbody th[colspan]{color:var(--soft);padding-top:.9rem}\n"
    "code,pre,.sides td{font-family:ui-monospace,\"Liberation Mono\",\"DejaVu Sans Mono\","
    "monospace;"
    "font-size:.875rem}\n"
    "pre,.sides td{white-space:pre-wrap;overflow-wrap:anywhere}\n"
    "pre{margin:.3rem 0;padding:.5rem .7rem;border:1px solid var(--line);border-radius:6px;"
    "background:var(--back)}\n"
    "details{border-top:1px solid var(--line);padding:.5rem 0}summary{cursor:pointer}"
    "summary b{margin-right:.6rem}\n"
    ".sides{table-layout:fixed;margin:.4rem 0}"
    "mark{background:var(--mark);color:inherit;border-radius:2px;padding:0 1px}"
    ".raw{color:var(--raw);border:1px dotted;border-radius:3px;padding:0 1px}\n"
    "ul{margin:.3rem 0;padding-left:1.2rem}\n"
    "@media (max-width:40rem){main{padding:.4rem}section,header{padding:.7rem .8rem}"
    "h1{font-size:1.25rem}th,td{padding:.25rem .35rem}th[scope=row]{width:6.5rem}.n{width:4.5rem}"
    ".sides thead{display:none}.sides td{display:block;border-top:0}.sides tr{display:block;"
    "border-top:1px solid var(--line)}.sides td::before{content:attr(data-side);display:block;"
    "color:var(--soft);font-size:.75rem}}\n"
    "@media print{:root{color-scheme:light;--back:#fff;--sheet:#fff;--ink:#000;--soft:#444;"
    "--line:#bbb;--good:#1a7f37;--bad:#b3261e;--open:#8a5a00;--mark:#ffd8a8;--raw:#7a3e9d}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{font-size:10.5pt}"
    "main{max-width:none;padding:0}section,header{border-radius:0}tr,pre,h2{break-inside:avoid}"
    "h2,h3,summary{break-after:avoid}"
    "details::details-content{content-visibility:visible;block-size:auto}}\n";

void page_begin(struct buf *out, struct bytes title)
{
    buf_add(out, B("<!DOCTYPE html>\n"
                   "<html lang=\"en\">\n<head>\n"
                   "<meta charset=\"utf-8\" />\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\" />\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
                   "<meta name=\"referrer\" content=\"no-referrer\" />\n"));
    page_element(out, B("title"), title);
    buf_cat(out, B("\n<style>\n"), bytes_of(style), B("</style>\n</head>\n<body>\n<main>\n"));
}

void page_end(struct buf *out)
{
    buf_add(out, B("</main>\n</body>\n</html>\n"));
}
