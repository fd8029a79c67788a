/**
 * Determinism as a property, for any guest: {@link dev.reprise.proptest.DeterminismContract} is extended in two lines.
 *
 * <ul>
 * <li>{@code arbitrary}: what is drawn: events, what a host does and when, scenarios.</li>
 * <li>{@code run}: records and replays a guest under a scenario, and keeps what is compared.</li>
 * <li>{@code log}: takes a recording's events out, changes them, and writes them back with valid checksums.</li>
 * <li>{@code scan}: looks in class files for calls that a guest must not make.</li>
 * </ul>
 */
package dev.reprise.proptest;
