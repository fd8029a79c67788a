# Entry of every program here, in machine mode on hart 0.

    .section .text.start, "ax"
    .globl _start
_start:
    bnez a0, park
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, stack_top
    la t0, trap_entry
    csrw mtvec, t0
    csrw mie, zero
    # mstatus.FS is off after a reset, and a floating-point instruction would trap.
    li t0, 0x6000
    csrs mstatus, t0
    csrw fcsr, zero
    la t0, bss_start
    la t1, bss_end
1:  bgeu t0, t1, 2f
    sd zero, 0(t0)
    addi t0, t0, 8
    j 1b
2:  call main
park:
    wfi
    j park

    .balign 4
trap_entry:
    csrr a0, mcause
    csrr a1, mepc
    csrr a2, mtval
    call trap
