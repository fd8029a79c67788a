#!/bin/sh
# Writes the C source of a program with a flat profile to standard output: thousands of functions, none of them hot.
#
#   flat.sh [FUNCTIONS [SEED]]
#
# FUNCTIONS  a multiple of 3, 3000 if it is not given
# SEED       1 to 2147483646, 1 if it is not given; the same two numbers give the same source anywhere
#
# A third of the functions call two of the second third, those call two of the last third, and those call none; callees
# are dealt out in turn, so that all functions of a third are called equally often. A driver calls each one through a
# table, in an order that changes with each round.
set -eu

case "${1-}" in
    --help | -h) sed -n '2,/^set /{ /^set /d; s/^# \{0,1\}//; p; }' "$0"; exit 0 ;;
esac

LC_ALL=C
export LC_ALL
awk -v functions="${1:-3000}" -v seed="${2:-1}" '
# The minimal standard generator of Park and Miller (1988): its products are below 2^53, so any awk computes them right.
function draw(bound) {
    seed = (seed * 16807) % 2147483647
    return seed % bound
}

# An odd constant of 31 bits.
function constant() {
    return (1 + 2 * draw(1073741823)) "U"
}

function one(n) {
    return substr("xyz", n + 1, 1)
}

function statement(   a, b, k) {
    a = one(draw(3))
    b = one(draw(3))
    k = draw(20)
    if (k < 4) {
        print "    " a " = " a " * " constant() " + (" b " >> " 1 + draw(40) ");"
    } else if (k < 6) {
        print "    " a " ^= " b " << " 1 + draw(20) ";"
    } else if (k < 9) {
        print "    " a " += cells[(" b " >> " draw(30) ") % CELLS];"
    } else if (k < 11) {
        print "    cells[(" a " ^ " constant() ") % CELLS] = " b ";"
    } else if (k < 14) {
        print "    if (" a " & " 2 ^ draw(12) ") {"
        print "        " b " += " constant() ";"
        print "    } else {"
        print "        " b " = (" b " ^ " a ") - " constant() ";"
        print "    }"
    } else if (k < 16) {
        print "    for (uint64_t i = 0; i < " 2 + draw(6) "; i++) {"
        print "        " a " = (" a " ^ cells[(" b " + i) % CELLS]) * " constant() ";"
        print "    }"
    } else if (k < 17) {
        print "    switch (" a " >> " draw(20) " & 7) {"
        for (k = 0; k < 6; k++) {
            print "    case " k ":"
            print "        " b (k % 2 ? " ^= " a " >> " : " += " a " << ") 1 + draw(20) ";"
            print "        break;"
        }
        print "    default:"
        print "        " b " = ~" b ";"
        print "        break;"
        print "    }"
    } else if (k < 18) {
        print "    " a " += " b " / ((" a " & 255) + " 1 + draw(1000) ");"
    } else if (k < 19) {
        print "    reals[" a " % REALS] = reals[" b " % REALS] * 0.5 + " draw(1000) / 8 ";"
    } else {
        print "    " a " -= (uint64_t)bytes[" b " % BYTES] << " draw(8) ";"
        print "    bytes[" a " % BYTES] = (uint8_t)" b ";"
    }
}

function call(   target) {
    target = first_callee + callee++ % third
    print "    " one(draw(3)) " += f" target "(" one(draw(3)) ", " one(draw(3)) ");"
}

function define(n,   statements, i) {
    print ""
    print "F(f" n ")"
    print "{"
    print "    uint64_t z = a ^ " constant() ";"
    print "    uint64_t x = a;"
    print "    uint64_t y = b;"
    statements = 8 + draw(7)
    for (i = 0; i < statements; i++) {
        statement()
        if (calls && (i == 3 || i == 6)) {
            call()
        }
    }
    print "    return x + (y ^ z);"
    print "}"
}

BEGIN {
    third = functions / 3
    print "/* Made by flat.sh: " functions " functions, seed " seed ". */"
    print "#include \"bench.h\""
    print ""
    print "#define FUNCTIONS " functions "U"
    print "#define CELLS 4096U"
    print "#define REALS 512U"
    print "#define BYTES 8192U"
    print "#define F(name) __attribute__((noinline, noclone)) static uint64_t name(uint64_t a, uint64_t b)"
    print ""
    print "static uint64_t cells[CELLS];"
    print "static double reals[REALS];"
    print "static uint8_t bytes[BYTES];"
    # Callees come first: the last third, then the second, then the first.
    for (n = functions - 1; n >= 0; n--) {
        calls = n < 2 * third
        first_callee = n < third ? third : 2 * third
        define(n)
    }
    print ""
    print "static uint64_t (*const table[FUNCTIONS])(uint64_t, uint64_t) = {"
    for (n = 0; n < functions; n++) {
        printf "%sf%d,%s", n % 8 ? " " : "    ", n, n % 8 == 7 || n == functions - 1 ? "\n" : ""
    }
    print "};"
    print ""
    print "uint64_t bench(uint64_t length)"
    print "{"
    print "    uint64_t hash = SEED;"
    print "    for (uint64_t round = 0; round < length; round++) {"
    print "        uint64_t at = round;"
    print "        for (uint32_t i = 0; i < FUNCTIONS; i++) {"
    print "            hash += table[at % FUNCTIONS](hash, round) ^ hash >> 9;"
    print "            at += 1009;"
    print "        }"
    print "    }"
    print "    for (uint32_t i = 0; i < REALS; i++) {"
    print "        hash = mix(hash, (uint64_t)(int64_t)(reals[i] * 4096));"
    print "    }"
    print "    return hash;"
    print "}"
}'
