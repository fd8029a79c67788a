/** A recording's events taken out, changed, and written back with valid checksums: damage that only a replay can see. */
package dev.reprise.proptest.log;
