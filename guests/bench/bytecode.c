/* An interpreter for a stack machine, with the jump table that a compiler makes of a switch: indirect jumps. */
#include "bench.h"

enum operation {
    HALT, PUSH, LOAD, STORE, FETCH, PUT, ADD, SUB, MUL, REM, XOR, SHIFT, AND, LESS, DUP, SWAP, DROP, JUMP, IF_ZERO,
    CALL, RETURN, HASH
};

/* Operands of jumps and calls; link() puts addresses in their place. */
enum label {
    MAIN, FIBONACCI, FIBONACCI_LEAF, COLLATZ, COLLATZ_LOOP, COLLATZ_ODD, COLLATZ_NEXT, COLLATZ_END, FILL, FILL_LOOP,
    FILL_END, LABELS
};

/* The program's variables. */
enum { ARGUMENT, STEPS, INDEX, SUM, VARIABLES };

struct instruction {
    enum operation operation;
    /* What a jump or a call names, or the operand itself. */
    int32_t operand;
    /* The label that stands in front, plus 1; 0 is none. */
    int32_t label;
};

static const struct instruction source[] = {
    {LOAD, ARGUMENT, MAIN + 1},
    {PUSH, 3, 0},
    {AND, 0, 0},
    {PUSH, 10, 0},
    {ADD, 0, 0},
    {CALL, FIBONACCI, 0},
    {HASH, 0, 0},
    {LOAD, ARGUMENT, 0},
    {PUSH, 1023, 0},
    {AND, 0, 0},
    {PUSH, 27, 0},
    {ADD, 0, 0},
    {CALL, COLLATZ, 0},
    {HASH, 0, 0},
    {CALL, FILL, 0},
    {HASH, 0, 0},
    {HALT, 0, 0},

    /* n -- the number of Fibonacci, by recursion */
    {DUP, 0, FIBONACCI + 1},
    {PUSH, 2, 0},
    {LESS, 0, 0},
    {IF_ZERO, FIBONACCI_LEAF, 0},
    {RETURN, 0, 0},
    {DUP, 0, FIBONACCI_LEAF + 1},
    {PUSH, 1, 0},
    {SUB, 0, 0},
    {CALL, FIBONACCI, 0},
    {SWAP, 0, 0},
    {PUSH, 2, 0},
    {SUB, 0, 0},
    {CALL, FIBONACCI, 0},
    {ADD, 0, 0},
    {RETURN, 0, 0},

    /* n -- how many steps it is from n to 1 */
    {PUSH, 0, COLLATZ + 1},
    {STORE, STEPS, 0},
    {DUP, 0, COLLATZ_LOOP + 1},
    {PUSH, 1, 0},
    {XOR, 0, 0},
    {IF_ZERO, COLLATZ_END, 0},
    {LOAD, STEPS, 0},
    {PUSH, 1, 0},
    {ADD, 0, 0},
    {STORE, STEPS, 0},
    {DUP, 0, 0},
    {PUSH, 1, 0},
    {AND, 0, 0},
    {IF_ZERO, COLLATZ_NEXT, 0},
    {PUSH, 3, COLLATZ_ODD + 1},
    {MUL, 0, 0},
    {PUSH, 1, 0},
    {ADD, 0, 0},
    {JUMP, COLLATZ_LOOP, 0},
    {PUSH, 1, COLLATZ_NEXT + 1},
    {SHIFT, 0, 0},
    {JUMP, COLLATZ_LOOP, 0},
    {DROP, 0, COLLATZ_END + 1},
    {LOAD, STEPS, 0},
    {RETURN, 0, 0},

    /* -- a sum over memory, in which each cell is changed */
    {PUSH, 0, FILL + 1},
    {STORE, SUM, 0},
    {PUSH, 256, 0},
    {STORE, INDEX, 0},
    {LOAD, INDEX, FILL_LOOP + 1},
    {IF_ZERO, FILL_END, 0},
    {LOAD, INDEX, 0},
    {PUSH, 1, 0},
    {SUB, 0, 0},
    {STORE, INDEX, 0},
    {LOAD, INDEX, 0},
    {FETCH, 0, 0},
    {LOAD, ARGUMENT, 0},
    {ADD, 0, 0},
    {PUSH, 10007, 0},
    {REM, 0, 0},
    {DUP, 0, 0},
    {LOAD, INDEX, 0},
    {PUT, 0, 0},
    {LOAD, SUM, 0},
    {ADD, 0, 0},
    {STORE, SUM, 0},
    {JUMP, FILL_LOOP, 0},
    {LOAD, SUM, FILL_END + 1},
    {RETURN, 0, 0},
};

#define CODE (sizeof source / sizeof source[0])
#define STACK 256
#define CELLS 256U

static struct {
    uint32_t operation;
    int32_t operand;
} code[CODE];

static uint64_t memory[CELLS];

static void link(void)
{
    int32_t addresses[LABELS];
    for (uint32_t i = 0; i < CODE; i++) {
        if (source[i].label != 0) {
            addresses[source[i].label - 1] = (int32_t)i;
        }
    }
    for (uint32_t i = 0; i < CODE; i++) {
        uint32_t operation = (uint32_t)source[i].operation;
        int jumps = operation == JUMP || operation == IF_ZERO || operation == CALL;
        code[i].operation = operation;
        code[i].operand = jumps ? addresses[source[i].operand] : source[i].operand;
    }
}

static uint64_t interpret(uint64_t argument, uint64_t hash)
{
    uint64_t stack[STACK];
    uint64_t variables[VARIABLES] = {argument};
    uint32_t calls[STACK];
    uint64_t *top = stack;
    uint32_t *caller = calls;
    uint32_t pc = 0;
    for (;;) {
        int32_t operand = code[pc].operand;
        switch (code[pc++].operation) {
        case HALT:
            return hash;
        case PUSH:
            *++top = (uint64_t)operand;
            break;
        case LOAD:
            *++top = variables[operand];
            break;
        case STORE:
            variables[operand] = *top--;
            break;
        case FETCH:
            *top = memory[*top % CELLS];
            break;
        case PUT:
            memory[*top % CELLS] = top[-1];
            top -= 2;
            break;
        case ADD:
            top--;
            *top += top[1];
            break;
        case SUB:
            top--;
            *top -= top[1];
            break;
        case MUL:
            top--;
            *top *= top[1];
            break;
        case REM:
            top--;
            *top %= top[1];
            break;
        case XOR:
            top--;
            *top ^= top[1];
            break;
        case SHIFT:
            top--;
            *top >>= top[1] % 64;
            break;
        case AND:
            top--;
            *top &= top[1];
            break;
        case LESS:
            top--;
            *top = *top < top[1];
            break;
        case DUP:
            top++;
            *top = top[-1];
            break;
        case SWAP: {
            uint64_t value = *top;
            *top = top[-1];
            top[-1] = value;
            break;
        }
        case DROP:
            top--;
            break;
        case JUMP:
            pc = (uint32_t)operand;
            break;
        case IF_ZERO:
            if (*top-- == 0) {
                pc = (uint32_t)operand;
            }
            break;
        case CALL:
            *caller++ = pc;
            pc = (uint32_t)operand;
            break;
        case RETURN:
            pc = *--caller;
            break;
        case HASH:
            hash = mix(hash, *top--);
            break;
        default:
            return 0;
        }
    }
}

uint64_t bench(uint64_t length)
{
    uint64_t hash = SEED;
    link();
    for (uint64_t round = 0; round < length; round++) {
        hash = interpret(round, hash);
    }
    return hash;
}
