# Completes taper's commands, options and values in fish.

@TABLE@
function __taper_values
    command taper completion --values $argv[1] -- $argv[2..] 2>/dev/null </dev/null
end

function __taper_complete
    set -l given (commandline -opc)[2..]
    set -l cur (commandline -ct)
    set -l where ''
    set -l want ''
    set -l kind ''
    set -l n 0
    __taper_table ''
    for word in $given
        if test -n "$want"
            if string match -q '*,*' -- $want
                set want (string replace -r '^[^,]*,' '' -- $want)
            else
                set want ''
            end
            continue
        end
        switch $word
            case - '-*=*'
            case '-*'
                set want (__taper_kind $word)
            case '*'
                if contains -- $word $__taper_s
                    set where (string trim -- "$where $word")
                    set n 0
                    __taper_table $where
                else
                    set n (math $n + 1)
                end
        end
    end

    set -l before ''
    set -l value $cur
    if test -z "$want"; and string match -q -- '--*=*' $cur
        set before (string replace -r '=.*' '=' -- $cur)
        set value (string replace -r '^[^=]*=' '' -- $cur)
        set want (__taper_kind (string replace '=' '' -- $before))
    end
    if test -n "$want"
        set kind (string split -m 1 -- , $want)[1]
    else if string match -q -- '-*' $cur
        string replace -r ':.*' '' -- $__taper_o
        return
    else if test (count $__taper_s) -gt 0
        printf '%s\n' $__taper_s
        return
    else
        set -l last (count $__taper_p)
        if test $n -ge $last; and test $last -gt 0
            set n (math $last - 1)
        end
        set kind none
        if test $last -gt 0
            set kind $__taper_p[(math $n + 1)]
        end
    end
    switch $kind
        case '{*}'
            printf '%s\n' $before(string split -- '|' (string sub -s 2 -e -1 -- $kind))
        case key name task what profile policy
            set -l found (__taper_values $kind $given)
            if test (count $found) -gt 0
                printf '%s\n' $before$found
            else if test $kind = what
                set kind file
            end
    end
    switch $kind
        case dir
            set -l found (__fish_complete_directories $value)
            test (count $found) -gt 0; and printf '%s\n' $before$found
        case file key policy none
            set -l found (__fish_complete_path $value)
            test (count $found) -gt 0; and printf '%s\n' $before$found
    end
end

complete -c taper -f -a '(__taper_complete)'
