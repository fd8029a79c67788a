/** Faults of a disk, as decorators of the real file layer: full, failing, short, interrupted, and gone in a crash. */
package dev.reprise.proptest.fault;
