#!/bin/sh
# Builds the CPU-bound guests, a short and a long one of each, with Debian's cross compiler (package
# gcc-riscv64-unknown-elf).
#
#   build.sh OUTDIR [NAME...]   writes OUTDIR/NAME-short.elf and OUTDIR/NAME-long.elf for each program, or those named
#   build.sh --list             names the programs, one to a line
#
# What is there and newer than the sources is not built again.
set -eu

# The program and its two lengths. On a machine of 2 cores at 2 to 3 GHz a short one takes QEMU's record mode about
# 0.8 s, a long one more than 5 s.
programs='hash 300000 3000000
sieve 9 84
sort 21 200
matrix 160 1600
strings 110 1100
chase 2800 28000
bytecode 5000 50000
compress 45 430
objects 17000 170000
flat 60 1420'

usage() {
    sed -n '2,/^set /{ /^set /d; s/^# \{0,1\}//; p; }' "$0"
}

case "${1-}" in
    --help | -h) usage; exit 0 ;;
    --list) echo "$programs" | cut -d ' ' -f 1; exit 0 ;;
    "" | -*) usage >&2; exit 2 ;;
esac
prefix=riscv64-unknown-elf-
if ! command -v "${prefix}gcc" > /dev/null; then
    echo "build.sh: ${prefix}gcc is not there; install it: apt-get install gcc-riscv64-unknown-elf" >&2
    exit 2
fi
mkdir -p "$1"
out=$(CDPATH='' cd -- "$1" && pwd -P)
shift
wanted=" $* "
for name in "$@"; do
    echo "$programs" | grep -q "^$name " || { echo "build.sh: no program is called $name; see --list" >&2; exit 2; }
done

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$here"
LC_ALL=C
export LC_ALL
# As a program of one's own would be compiled, but that there is no library below.
flags="-march=rv64gc -mabi=lp64d -mcmodel=medany -O2 -std=gnu11 -ffreestanding -fno-builtin -fno-math-errno
    -fno-pic -fno-ident -fno-common -fno-stack-protector -fno-asynchronous-unwind-tables
    -fno-tree-loop-distribute-patterns -Wall -Wextra -Wconversion -Werror -I. -I../console"

compile() {
    # shellcheck disable=SC2086 # the flags are words
    "${prefix}gcc" $flags -c "$@"
}

# Whether an ELF is older than what it is made of, or missing.
is_old() {
    ! [ -f "$1" ] || [ -n "$(find . ../console/print.c ../console/*.h -newer "$1" -type f | head -n 1)" ]
}

# build NAME LENGTH ELF
build() {
    compile "-DLENGTH=$2UL" "-DNAME=\"$1\"" -o "$work/main.o" main.c
    "${prefix}ld" -m elf64lriscv --build-id=none --fatal-warnings -T bench.ld -o "$work/new.elf" \
        "$work/start.o" "$work/main.o" "$work/print.o" "$work/$1.o"
    mv "$work/new.elf" "$3"
}

echo "$programs" | while read -r name short long; do
    case "$wanted" in
        "  " | *" $name "*) ;;
        *) continue ;;
    esac
    if is_old "$out/$name-short.elf" || is_old "$out/$name-long.elf"; then
        if ! [ -f "$work/start.o" ]; then
            compile -o "$work/start.o" start.S
            compile -o "$work/print.o" ../console/print.c
        fi
        source=$name.c
        if [ "$name" = flat ]; then
            source=$work/flat.c
            ./flat.sh > "$source"
        fi
        compile -o "$work/$name.o" "$source"
        build "$name" "$short" "$out/$name-short.elf"
        build "$name" "$long" "$out/$name-long.elf"
    fi
done
