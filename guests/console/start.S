# Entry, trap entry and the one load that is allowed to fault.

    .section .text.start, "ax"
    .globl _start
_start:
    # a0 = hart id, a1 = device tree; both go on to main untouched.
    bnez a0, park
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, stack_top
    la t0, trap_entry
    csrw mtvec, t0
    csrw mie, zero
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

    .section .text, "ax"
    # Saves what C may clobber, and lets trap() say where to go on.
    .balign 4
trap_entry:
    addi sp, sp, -128
    sd ra, 0(sp)
    sd t0, 8(sp)
    sd t1, 16(sp)
    sd t2, 24(sp)
    sd a0, 32(sp)
    sd a1, 40(sp)
    sd a2, 48(sp)
    sd a3, 56(sp)
    sd a4, 64(sp)
    sd a5, 72(sp)
    sd a6, 80(sp)
    sd a7, 88(sp)
    sd t3, 96(sp)
    sd t4, 104(sp)
    sd t5, 112(sp)
    sd t6, 120(sp)
    csrr a0, mcause
    csrr a1, mepc
    csrr a2, mtval
    call trap
    csrw mepc, a0
    ld ra, 0(sp)
    ld t0, 8(sp)
    ld t1, 16(sp)
    ld t2, 24(sp)
    ld a0, 32(sp)
    ld a1, 40(sp)
    ld a2, 48(sp)
    ld a3, 56(sp)
    ld a4, 64(sp)
    ld a5, 72(sp)
    ld a6, 80(sp)
    ld a7, 88(sp)
    ld t3, 96(sp)
    ld t4, 104(sp)
    ld t5, 112(sp)
    ld t6, 120(sp)
    addi sp, sp, 128
    mret

    # int probe_load(uintptr_t address, uint64_t *value): 1 and the value,
    # or 0 when the load traps; trap() sends that one pc to probe_fault.
    .globl probe_load, probe_instruction, probe_fault
probe_load:
    .option push
    .option norvc
probe_instruction:
    lwu t0, 0(a0)
    .option pop
    sd t0, 0(a1)
    li a0, 1
    ret
probe_fault:
    li a0, 0
    ret
