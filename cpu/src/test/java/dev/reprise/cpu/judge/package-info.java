/**
 * The judge: random programs run on this hart and on QEMU, and every byte of memory that they leave must be equal.
 *
 * <pre>
 *   seed --&gt; SequencePlan --&gt; BodyGenerator --&gt; Sequence --+--&gt; ImageBuilder --&gt; image --+--&gt; QemuRunner --&gt; memory --+
 *            (mode, paging,   (items of                    |                             |                            +--&gt; Comparison
 *             CSRs, PMP)       instructions)               +--&gt; Coverage                 +--&gt; HartRunner --&gt; memory --+
 * </pre>
 *
 * An image holds many sequences. Each runs in a slot of 64 KiB ({@link dev.reprise.cpu.judge.Slot}): a prologue in
 * machine mode loads all registers and CSRs, the body runs in the mode of its plan, a handler logs each trap and goes
 * on behind it, and at the end all registers and CSRs are stored. The programs find their state through two registers
 * that the body never writes (others in each sequence) and through no CSR but mtvec.
 */
package dev.reprise.cpu.judge;
