" SPDX-License-Identifier: GPL-2.0-or-later
" Rule files.  Others need a line `# vim: ft=secant`: names like *.conf say nothing.
autocmd BufNewFile,BufRead *.sec setfiletype secant
