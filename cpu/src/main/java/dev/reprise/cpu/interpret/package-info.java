/**
 * The hart, and the executor that interprets predecoded blocks.
 *
 * <pre>
 *   Hart.runUntil: deadlines, interrupts, idle --&gt; Interpreter: the hot loop over Blocks --&gt; SlowPath: everything that
 *   may trap, call out or change the context, one instruction at a time, with pc and step exact
 * </pre>
 */
package dev.reprise.cpu.interpret;
