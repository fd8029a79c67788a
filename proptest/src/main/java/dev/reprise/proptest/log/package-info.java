/**
 * A recording's events taken out, changed, and written back with valid checksums: damage that only a replay can see. And
 * recordings of any events, whole and damaged, for whatever reads recordings without a guest ({@link
 * dev.reprise.proptest.log.Recordings}).
 */
package dev.reprise.proptest.log;
