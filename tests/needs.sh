# Sourced by ./test: what the tests need beside the .NET SDK, from Debian's packages.
# A line: what must be there, the package that brings it, what is left out without it.
needs() {
  cat <<'LIST'
/usr/lib/postgresql/*/bin/postgres|postgresql|the witness on PostgreSQL
dash|dash|quoting through dash
busybox|busybox|quoting through busybox sh
zstd|zstd|compression on the way
ssh|openssh-client|ssh
/usr/sbin/sshd|openssh-server|ssh
zsh|zsh|completion in zsh
fish|fish|completion in fish
tmux|tmux|the command line in a terminal
chromium|chromium|the dashboard in a browser
LIST
}

present() { # a command's name, or a path with a glob
  case $1 in
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

install_needs() {
  local missing=() what package purpose
  while IFS='|' read -r what package purpose; do
    if present "$what"; then echo "have    $package: $purpose"; else echo "need    $package: $purpose"; missing+=("$package"); fi
  done < <(needs)
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "${missing[@]}" >"${results:-/tmp}/install.log" 2>&1 ||
      echo "the packages could not be installed; see ${results:-/tmp}/install.log"
  else
    echo "to run everything, install: ${missing[*]}"
  fi
}
