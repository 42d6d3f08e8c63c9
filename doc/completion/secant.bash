# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash: commands, names of options, and files where a value is one.
_secant()
{
    # The options of each command, and those without one.  What values are goes by the name of the option.
    local -A options=(
        [-]='--conf= --input= --bufsize= --jointbuf --nojointbuf --tail --notail --fromstart
            --nofromstart --keepopen --nokeepopen --rwfifo --norwfifo --blocksize=
            --check-timeout= --reopen-timeout= --input-rescan= --input-timeout= --timeout-script=
            --poll-timeout= --cleantime= --evstoresize= --quoting --noquoting --intevents
            --nointevents --intcontexts --nointcontexts --childterm --nochildterm
            --socket-timeout= --ruleperf --noruleperf --log= --syslog= --debug= --dump=
            --dumpfts --nodumpfts --dumpfjson --nodumpfjson --detach --nodetach --pid= --user=
            --group= --umask= --state= --journal= --snapshot= --at-most-once --downtime= --confirm --testonly --notestonly --help --version'
        [replay]='--conf= --input= --from= --warm --until= --reorder= --from-json --from-json=
            --drain --drain= --time-format= --time-regex= --timezone= --year= --perform --json
            --state= --quiet --bufsize= --jointbuf --nojointbuf --cleantime= --evstoresize= --quoting
            --noquoting --intevents --nointevents --intcontexts --nointcontexts --childterm
            --nochildterm --ruleperf --noruleperf --log= --debug= --dump= --help'
        [explain]='--conf= --input= --at= --reorder= --from-json --from-json= --time-format=
            --time-regex= --timezone= --year= --json --bufsize= --jointbuf --nojointbuf
            --cleantime= --evstoresize= --quoting --noquoting --intevents --nointevents
            --intcontexts --nointcontexts --help'
        [check]='--conf= --input= --each --no-settings --list --only= --off= --all --cost --baseline=
            --write-baseline= --log= --time-format= --time-regex= --timezone= --year= --reorder=
            --from-json --from-json= --fix --fix= --write --format= --bufsize= --quoting --noquoting --intevents
            --nointevents --intcontexts --nointcontexts --help'
        [migrate]='--ref= --conf= --input= --from-unit= --from-default= --root= --from= --until= --sample= --resume= --stretches= --reorder= --from-json --from-json=
            --time-format= --time-regex= --timezone= --year= --states= --case= --mask --html= --json --unguarded --quiet --bufsize= --jointbuf
            --nojointbuf --cleantime= --evstoresize= --quoting --noquoting --intevents --nointevents
            --intcontexts --nointcontexts --debug= --help'
        [rules]='--dry-run --json --rules= --etc= --help'
        [state]='--generation= --conf= --bufsize= --jointbuf --nojointbuf --evstoresize= --intevents --nointevents
            --intcontexts --nointcontexts --help'
        [test]='--run= --tags= --jobs= --timeout= --verbose --quiet --tap --json --junit= --github
            --nogithub --coverage --min= --lcov= --with= --update --watch --help'
        [help]=
    )
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} option= i
    local command=${COMP_WORDS[1]} names=${!options[*]}
    names=${names//-/}
    [[ $COMP_CWORD -gt 1 && " $names " == *" $command "* ]] || command=-
    COMPREPLY=()
    # "=" parts words: --conf, =, value.
    if [[ $word == = ]]; then
        option=$before word=
    elif [[ $before == = ]]; then
        option=${COMP_WORDS[COMP_CWORD-2]}
    fi
    case $option in
        --conf|--input|--timeout-script|--log|--pid|--dump|--junit|--lcov|--baseline|--write-baseline|--state|--output|--html|--from-unit|--from-default|--root|--rules|--etc)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        --only|--off|--fix)
            # The names of checks; only the first of a list.
            names=$("${COMP_WORDS[0]}" check --list 2>/dev/null | cut -d ' ' -f 1)
            mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word") ;;
        --format)
            mapfile -t COMPREPLY < <(compgen -W 'tty gcc json sarif github' -- "$word") ;;
        --user)
            mapfile -t COMPREPLY < <(compgen -u -- "$word") ;;
        --group)
            mapfile -t COMPREPLY < <(compgen -g -- "$word") ;;
        --debug)
            mapfile -t COMPREPLY < <(compgen -W '1 2 3 4 5 6' -- "$word") ;;
        --syslog)
            mapfile -t COMPREPLY < <(compgen -W 'daemon user auth cron local0 local1 local2 local3
                local4 local5 local6 local7' -- "$word") ;;
        '')
            # The commands come first, and after help.
            [[ $COMP_CWORD == 1 || $command == help ]] || names=
            [[ $command != migrate || $COMP_CWORD != 2 ]] || names="import switch"
            [[ $command != state || $COMP_CWORD != 2 ]] || names="show check export"
            [[ $command != rules || $COMP_CWORD != 2 ]] || names="list show enable disable test"
            [[ $command != rules || $COMP_CWORD -le 2 || ${COMP_WORDS[2]} == list || $word == -* ]] ||
                names=$("${COMP_WORDS[0]}" rules list 2>/dev/null | tr -s ' ' | cut -d ' ' -f 2)
            [[ $command != state || $COMP_CWORD != 3 || $before != export ]] || names=json
            mapfile -t COMPREPLY < <(compgen -W "$names ${options[$command]}" -- "$word")
            # Words are files: tests, or rules of whatever name.
            local -A words=([test]='!*.sectest' [check]=)
            if [[ -v words[$command] && $word != -* ]]; then
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -d -- "$word"; compgen -f -X "${words[$command]}" -- "$word")
            fi
            # Those of state are folders.
            if [[ $command == state && $COMP_CWORD -gt 2 && $word != -* && $names != json ]]; then
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -d -- "$word")
            fi
            for i in "${COMPREPLY[@]}"; do
                [[ $i != *= ]] || compopt -o nospace
            done ;;
    esac
}
complete -F _secant secant
