#compdef taper
# Completes taper's commands, options and values in zsh.

@TABLE@
__taper_values() {
  command taper completion --values "$1" -- "${@:2}" 2>/dev/null </dev/null
}

_taper() {
  local cur=${(Q)PREFIX} option='' value want='' word kind thepath=''
  local s o p
  local -i n=0
  local -a given found kinds
  given=("${(@Q)words[2,CURRENT-1]}")
  __taper_table ''
  for word in "${given[@]}"; do
    if [[ -n $want ]]; then
      if [[ $want == *,* ]]; then want=${want#*,}; else want=''; fi
      continue
    fi
    case $word in
      (-*=*) ;;
      (-?*) want=$(__taper_kind "$word") ;;
      (*)
        if [[ " $s " == *" $word "* ]]; then
          thepath=${thepath:+$thepath }$word
          n=0
          __taper_table "$thepath"
        else
          n+=1
        fi
        ;;
    esac
  done

  value=$cur
  if [[ -z $want && $cur == --*=* ]]; then
    option=${cur%%=*}
    want=$(__taper_kind "$option")
    compset -P '*='
    value=${cur#*=}
  fi
  if [[ -n $want ]]; then
    kind=${want%%,*}
  elif [[ $cur == -* ]]; then
    for word in ${=o}; do found+=("${word%%:*}"); done
    kind=found
  elif [[ -n $s ]]; then
    found=(${=s})
    kind=found
  else
    kinds=(${=p})
    ((n >= $#kinds && $#kinds > 0)) && n=$(($#kinds - 1))
    kind=${kinds[n+1]:-none}
  fi
  case $kind in
    (found) ;;
    ('{'*) found=("${(@s:|:)${kind[2,-2]}}") ;;
    (key) found=("${(@f)$(__taper_values key "${given[@]}")}") ;;
    (name|task|what|profile|policy) found=("${(@f)$(__taper_values $kind "${given[@]}")}") ;;
  esac
  found=(${found:#})
  (($#found)) && compadd -- "${found[@]}"
  case $kind in
    (dir) _files -/ ;;
    (what) (($#found)) || _files ;;
    (file|key|policy|none) _files ;;
  esac
}

if [[ ${funcstack[1]} == _taper ]]; then
  _taper "$@"
else
  compdef _taper taper
fi
