/**
 * Benchmarks of the engine's rings and journal, of the interpreter, and of whole runs, with peers beside them.
 *
 * <p>{@link dev.reprise.bench.engine} measures what an event costs, {@link dev.reprise.bench.peer} puts other rings
 * under the same load, {@code cpu} measures what an instruction costs, {@code machine} compares whole processes. The
 * table in the module's README.md says of each benchmark which cost centre it stands for; a test holds it complete.
 */
package dev.reprise.bench;
