/**
 * The translator: what is executed often becomes machine code of the host's, and hot regions become methods of the JVM.
 *
 * <p>A <i>region</i> is a set of instructions of one memory page, or of two that follow each other, with one method for all of
 * them. A <i>warm</i> one is entered wherever control comes in from outside and left at calls; a <i>hot</i> one has one entry, and
 * what it calls runs within the call. Inside it guest registers are locals, loops are loops, and the step count is
 * one {@code int} that falls by the length of each basic block. What a region cannot do itself (a CSR, an atomic) it asks of
 * its {@link RegionContext} at an exact pc and step; what traps or changes the context leaves the region, and so does an
 * access that misses the TLB, or is a device's, before it is done: the interpreter does it, so that a trap is as precise there.
 *
 * <p>A warm region is machine code of our own where that is possible ({@link dev.reprise.cpu.translate.HostCode} says where), and
 * leads from one to the next without coming back to Java; elsewhere it is a method too.
 *
 * <pre>
 *   guest thread   interpreter meets a hot block --RegionPlan--> Translator --+
 *   translator     RegionShape (instructions, basic blocks, budgets) --> HostEmitter (machine code) --> HostRegion ------+
 *                                                         or, if hot, --> RegionEmitter (bytecode) --> RegionLoader --+
 *   guest thread   the bytes of the page are still those? --> installed: the blocks at its entries lead into it
 * </pre>
 *
 * When a region is installed is the host's affair, and no guest can tell.
 */
package dev.reprise.cpu.translate;
