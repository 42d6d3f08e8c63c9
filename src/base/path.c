/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/path.h"

struct bytes path_folder(struct bytes path)
{
    ptrdiff_t slash = bytes_rfind(path, B("/"));
    return slash < 0 ? B(".") : bytes_slice(path, 0, slash == 0 ? 1 : (size_t)slash);
}

struct bytes path_name(struct bytes path)
{
    return bytes_from(path, (size_t)(bytes_rfind(path, B("/")) + 1));
}
