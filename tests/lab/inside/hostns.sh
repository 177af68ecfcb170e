#!/bin/sh
# First program of a lab in namespaces of the host's kernel (LAB_KERNEL=host): the
# same memory file systems as in the VM, and the project at its own path again.
#
# usage: hostns.sh INSTANCE_DIRECTORY
set -eu
instance=$1
# shellcheck source=/dev/null
. "$instance/env"
here=$LAB_ROOT/tests/lab/inside

exec 3<"$LAB_ROOT"	# keeps it reachable when its path is covered
# shellcheck source=inside/mounts.sh
. "$here/mounts.sh"
fresh_directories ""
mkdir -p "$LAB_ROOT" /run/lab/bin
mount --no-canonicalize --bind /proc/self/fd/3 "$LAB_ROOT"
exec 3<&-
cd "$LAB_ROOT"
exec sh tests/lab/inside/boot.sh host "$instance"
