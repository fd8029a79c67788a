#!/bin/sh
# Rebuilds the built-in guest, byte for byte, with Debian's cross compiler (package gcc-riscv64-unknown-elf).
#
#   build.sh            writes the ELF into the resources of module machine
#   build.sh --check    rebuilds it elsewhere and compares; status 1 if the bytes differ
set -eu

usage() {
    sed -n '2,5s/^# \{0,1\}//p' "$0"
}

check=false
case "${1-}" in
    "") ;;
    --check) check=true ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
elf="$here/../../machine/src/main/resources/dev/reprise/machine/guest/console.elf"
prefix=riscv64-unknown-elf-
if ! command -v "${prefix}gcc" > /dev/null; then
    echo "build.sh: ${prefix}gcc is not there; install it: apt-get install gcc-riscv64-unknown-elf" >&2
    exit 2
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 1' HUP INT TERM

# Names in the ELF's symbol table are those given here, so they are relative and the folder leaves no trace.
cd "$here"
LC_ALL=C
export LC_ALL
flags="-march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -O2 -std=gnu11 -ffreestanding -fno-builtin
    -fno-pic -fno-ident -fno-common -fno-stack-protector -fno-asynchronous-unwind-tables
    -fno-tree-loop-distribute-patterns -Wall -Wextra -Wconversion -Werror"
objects=
for source in start.S console.c clock.c fdt.c print.c trap.c uart.c work.c; do
    object="$out/${source%.*}.o"
    # shellcheck disable=SC2086 # the flags are words
    "${prefix}gcc" $flags -c -o "$object" "$source"
    objects="$objects ${object##*/}"
done
cp console.ld "$out/"
cd "$out"
# shellcheck disable=SC2086
"${prefix}ld" -m elf64lriscv --build-id=none --fatal-warnings -T console.ld -o console.elf $objects
"${prefix}strip" --strip-debug console.elf

if $check; then
    if ! cmp console.elf "$elf"; then
        echo "build.sh: the ELF that is checked in is not what this compiler makes of the sources:" >&2
        "${prefix}gcc" --version | head -n 1 >&2
        exit 1
    fi
    echo "console.elf: $(wc -c < console.elf) bytes, rebuilt the same"
else
    mkdir -p "${elf%/*}"
    cp console.elf "$elf.new"
    chmod 644 "$elf.new"
    mv "$elf.new" "$elf"
    echo "console.elf: $(wc -c < "$elf") bytes"
fi
