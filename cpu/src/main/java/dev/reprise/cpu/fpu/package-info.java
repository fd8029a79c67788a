/**
 * Floating point of the F and D extensions, exact in value and in the five accrued flags, in all five rounding modes.
 *
 * <p>{@link dev.reprise.cpu.fpu.F32} and {@link dev.reprise.cpu.fpu.F64} are what an executor calls. They use the
 * host's arithmetic where its result and the flags are provably the exact ones, and otherwise the integer arithmetic
 * of {@code Softfloat} and {@code Conversions}, which is complete in itself: a test compares the two.
 *
 * <p>Sources: The RISC-V Instruction Set Manual, volume I, chapters "F" (version 2.2) and "D" (version 2.2);
 * IEEE 754-2019. Tininess is detected after rounding; a result that is NaN is always the canonical one.
 *
 * <p>Nothing here allocates, keeps state or depends on the host: Java's arithmetic rounds to nearest, always.
 */
package dev.reprise.cpu.fpu;
