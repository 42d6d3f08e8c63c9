" SPDX-License-Identifier: GPL-2.0-or-later
" Vim syntax file: rules of Secant and of SEC, the Simple Event Correlator
"
" A field is `keyword=value` to the end of the line, or of the last one that a backslash continues.  A
" keyword that is not known stays plain, so that a slip is seen; t/vim.t compares the names with the
" program's.

if exists("b:current_syntax")
  finish
endif
let s:cpo = &cpo
set cpo&vim

syntax case match

syntax match secantComment /^\s*#.*$/ contains=secantTodo,@Spell
syntax keyword secantTodo TODO FIXME XXX contained
syntax match secantRemark /^\s*rem\s*=.*$/ contains=secantTodo,@Spell

" Keywords; what may come after each.

syntax match secantKeyword /^\s*\%(time\|window\|thresh2\=\|egtoken\d*\|egpattern\|script\|label\|cfset\|joincfset\)\s*=/ contains=secantEquals nextgroup=secantText skipwhite
syntax match secantKeyword /^\s*thresh\d\+\s*=/ contains=secantEquals nextgroup=secantText skipwhite
syntax match secantKeyword /^\s*\%(desc2\=\|pattern\d*\|varmap\d*\)\s*=/ contains=secantEquals nextgroup=secantText skipwhite
syntax match secantKeyword /^\s*type\s*=/ contains=secantEquals nextgroup=secantType skipwhite
syntax match secantKeyword /^\s*\%(ptype\d*\|egptype\)\s*=/ contains=secantEquals nextgroup=secantPatternType skipwhite
syntax match secantKeyword /^\s*continue\d*\s*=/ contains=secantEquals nextgroup=secantContinue skipwhite
syntax match secantKeyword /^\s*\%(shell\|multact\|constset\|procallin\)\s*=/ contains=secantEquals nextgroup=secantYesNo skipwhite
syntax match secantKeyword /^\s*context\d*\s*=/ contains=secantEquals nextgroup=secantContext skipwhite
syntax match secantKeyword /^\s*\%(action2\=\|init\|slide\|end\|count\d*\)\s*=/ contains=secantEquals nextgroup=secantActions skipwhite
syntax match secantEquals /=/ contained

" Values.  Types are the same in either case.

syntax case ignore
syntax match secantType /\<\%(Single\|SingleWithScript\|SingleWithSuppress\|Pair\|PairWithWindow\|SingleWithThreshold\|SingleWith2Thresholds\|EventGroup\d*\|Suppress\|Calendar\|Jump\|Options\)\>/ contained
syntax match secantPatternType /\<N\=\%(RegExp\|SubStr\|PerlFunc\)\d*\>/ contained
syntax match secantPatternType /\<\%(N\=Cached\|TValue\)\>/ contained
syntax match secantContinue /\<\%(TakeNext\|DontCont\|EndMatch\|GoTo\)\>/ contained
syntax match secantYesNo /\<\%(Yes\|No\)\>/ contained
syntax case match

syntax region secantText start=/\ze\S/ skip=/\\\n/ end=/$/ contained contains=secantMatch,secantVariable
syntax region secantContext start=/\ze\S/ skip=/\\\n/ end=/$/ contained contains=secantOperator,secantMatch,secantVariable
syntax match secantOperator /&&\|||\|!\|->\|:>\|=\ze\s*(\|\<varset\>/ contained
syntax region secantActions start=/\ze\S/ skip=/\\\n/ end=/$/ contained contains=secantAction,secantElse,secantMatch,secantVariable

" An action begins its list, or comes after a semicolon.
syntax match secantAction /\%([=;(]\s*\%(\\\n\s*\)\=\)\@<=\<\%(none\|logonly\|write\|writen\|owritecl\|udgram\|ustream\|udpsock\|tcpsock\|closef\|closeudgr\|closeustr\|closeudp\|closetcp\)\>/ contained
syntax match secantAction /\%([=;(]\s*\%(\\\n\s*\)\=\)\@<=\<\%(shellcmd\|spawn\|spawnexec\|cspawn\|cspawnexec\|cmdexec\|pipe\|pipeexec\|event\|tevent\|cevent\|reset\)\>/ contained
syntax match secantAction /\%([=;(]\s*\%(\\\n\s*\)\=\)\@<=\<\%(create\|delete\|obsolete\|set\|alias\|unalias\|add\|prepend\|fill\|report\|reportexec\|copy\|empty\|pop\|shift\|trim\|exists\|getsize\|getaliases\|getltime\|setltime\|getctime\|setctime\)\>/ contained
syntax match secantAction /\%([=;(]\s*\%(\\\n\s*\)\=\)\@<=\<\%(assign\|assignsq\|free\|eval\|call\|lcall\|rewrite\|addinput\|dropinput\|getwpos\|setwpos\|sigemul\|varset\|if\|while\|break\|continue\)\>/ contained
syntax match secantElse /\%()\s*\)\@<=\<else\>/ contained

" $1, ${1}, $+{name}, $:{entry:name}, %1 and the like; %name, %{name}, %.year.
syntax match secantMatch /[$%]\%(\d\+\|{\d\+}\|+{\w\+}\|:{[^}]*}\)/ contained
syntax match secantVariable /%\.\=\a\w*\|%{\.\=\a\w*}/ contained

" A long field may begin far above the window.
syntax sync minlines=50

highlight default link secantComment Comment
highlight default link secantRemark Comment
highlight default link secantTodo Todo
highlight default link secantKeyword Keyword
highlight default link secantEquals Operator
highlight default link secantType Type
highlight default link secantPatternType Type
highlight default link secantContinue Statement
highlight default link secantYesNo Boolean
highlight default link secantOperator Operator
highlight default link secantAction Function
highlight default link secantElse Conditional
highlight default link secantMatch Identifier
highlight default link secantVariable Identifier

let b:current_syntax = "secant"
let &cpo = s:cpo
unlet s:cpo
