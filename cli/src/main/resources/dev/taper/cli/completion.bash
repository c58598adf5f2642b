# Completes taper's commands, options and values in bash.
# Where a file is expected, or nothing is known, bash completes as it does without this.

@TABLE@
# What a value can be that only taper knows; nothing if it cannot tell.
__taper_values() {
  command taper completion --values "$1" -- "${@:2}" 2>/dev/null </dev/null
}

_taper() {
  local line=${COMP_LINE:0:COMP_POINT} cur before option='' path='' want='' word kind i
  local s o p n=0
  local -a words found=()
  COMPREPLY=()
  cur=${line##*[[:space:]]}
  before=${line%"$cur"}
  read -ra words <<<"$before"
  __taper_table ''
  for word in "${words[@]:1}"; do
    if [[ -n $want ]]; then
      [[ $want == *,* ]] && want=${want#*,} || want=''
      continue
    fi
    case $word in
      -*=*) ;;
      -?*) want=$(__taper_kind "$word") ;;
      *)
        if [[ " $s " == *" $word "* ]]; then
          path=${path:+$path }$word
          n=0
          __taper_table "$path"
        else
          n=$((n + 1))
        fi
        ;;
    esac
  done

  local value=$cur
  if [[ -z $want && $cur == --*=* ]]; then
    option=${cur%%=*}
    value=${cur#*=}
    want=$(__taper_kind "$option")
  fi
  if [[ -n $want ]]; then
    kind=${want%%,*}
  elif [[ $cur == -* ]]; then
    for word in $o; do found+=("${word%%:*}"); done
    kind=found
  elif [[ -n $s ]]; then
    read -ra found <<<"$s"
    kind=found
  else
    local -a kinds=($p)
    ((n >= ${#kinds[@]} && ${#kinds[@]} > 0)) && n=$((${#kinds[@]} - 1))
    kind=${kinds[n]:-none}
  fi
  case $kind in
    found) ;;
    {*}) IFS='|' read -ra found <<<"${kind:1:${#kind}-2}" ;;
    key) [[ $value == k* ]] && mapfile -t found < <(__taper_values key "${words[@]:1}") ;;
    name | task | what | profile | policy)
      mapfile -t found < <(__taper_values "$kind" "${words[@]:1}")
      ;;
  esac

  # Readline replaces only what stands behind the last character that breaks words for it.
  local part=${COMP_WORDS[COMP_CWORD]} gone
  [[ -n $part && $COMP_WORDBREAKS == *"$part"* ]] && part=''
  gone=${value%"$part"}
  [[ $value == *"$part" ]] || gone=''
  for word in "${found[@]}"; do
    [[ $word == "$value"* ]] && COMPREPLY+=("${word#"$gone"}")
  done
}

complete -o bashdefault -o default -F _taper taper
