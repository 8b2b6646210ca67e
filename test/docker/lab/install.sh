#!/usr/bin/env bash
# Gets everything that the tests on a real Docker engine need, on Debian 12 or later; may be called again.
# The engine, sshd, Debian's own HAProxy (2.6, the oldest that is proven) and their tools become packages of this
# machine. HAProxy 3.0, Caddy, the registry, Compose's plugin and
# the libraries they want are only unpacked, into .tmp/docker/root: they come from Debian 13, whose HAProxy is the first
# with what we tell users to use, and the machine's own packages shall stay what they are.
set -euo pipefail
cd "$(dirname "$0")/../../.."
[ "$(id -u)" = 0 ] || { echo 'install.sh must run as root' >&2; exit 1; }

declare -A package_of=([dockerd]=docker.io [docker]=docker.io [docker-init]=tini [containerd]=containerd [runc]=runc
  [sshd]=openssh-server [ssh]=openssh-client [ssh-agent]=openssh-client [iptables]=iptables [ip]=iproute2
  [haproxy]=haproxy [setpriv]=util-linux [unshare]=util-linux [tar]=tar)
missing=()
for command in "${!package_of[@]}"; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null || missing+=("${package_of[$command]}")
done
if [ ${#missing[@]} -gt 0 ]; then
  # Debian starts what it installs, also without systemd; a policy that says 101 forbids it.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
    trap 'rm -f '$policy EXIT
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    $(printf '%s\n' "${missing[@]}" | sort -u) >/dev/null
fi

packages='haproxy caddy docker-registry docker-compose busybox-static
libc6 libcrypt1 libgcc-s1 libjemalloc2 liblua5.4-0 libopentracing-c-wrapper0t64 libopentracing1 libpcre2-8-0
libssl3t64 libstdc++6 libzstd1 zlib1g'
folder=$PWD/.tmp/docker
stamp=$(echo "$packages" | sha256sum | cut -c1-12)
if [ "$(cat "$folder/root/stamp" 2>/dev/null)" != "$stamp" ]; then
  rm -rf "$folder"
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/apt/sources.d" "$folder/new"
  # This machine's sources with another release's name: whatever mirror and keys it uses are right for that too.
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ -e $file ] && sed "s/\b$codename/trixie/g" $file >"$folder/apt/sources.d/$(basename $file)"
  done
  apt=(-qq -o "Dir::Etc::SourceList=$folder/apt/sources.d/sources.list" -o "Dir::Etc::SourceParts=$folder/apt/sources.d"
    -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update
  (cd "$folder/new" && apt-get "${apt[@]}" download $packages)
  mkdir -p "$folder/unpacked/usr/lib" "$folder/unpacked/usr/lib64"
  ln -s usr/lib "$folder/unpacked/lib"
  ln -s usr/lib64 "$folder/unpacked/lib64"
  for package in "$folder"/new/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$folder/unpacked"; done
  # HAProxy runs, hence no library is missing.
  chroot "$folder/unpacked" /usr/sbin/haproxy -v >/dev/null
  rm -rf "$folder/new" "$folder/apt"
  echo "$stamp" >"$folder/unpacked/stamp"
  mv "$folder/unpacked" "$folder/root"
fi
