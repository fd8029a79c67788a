/**
 * Record and replay of deterministic guests: what an embedder implements ({@link dev.reprise.engine.Guest}) and is given
 * ({@link dev.reprise.engine.Session}, made by {@link dev.reprise.engine.Sessions}).
 *
 * <pre>
 *   record   host threads --publish--> +-----------+ --poll at a boundary--> +--------------+ --stamp, journal, apply
 *                                      | InboxRing |                         | guest thread |         |
 *                                      +-----------+                         +--------------+         v
 *            +---------------+ <--JournalWriter-- +-----------+ <-----poll----- +-------------+ <-----+
 *            | segment files |                    | journaler |                 | JournalRing |
 *            +---------------+                    +-----------+                 +-------------+
 *
 *   output   guest thread --accept--> OutputRing (one per backend) --released--> a backend's writer thread --> host
 *
 *   replay   segment files --JournalReader--> reader thread --> ReplayRing --> guest thread: runUntil(stamp); apply
 * </pre>
 *
 * <table>
 * <caption>Threads</caption>
 * <tr><th>thread</th><th>owns</th><th>takes from</th><th>hands to</th></tr>
 * <tr><td>a backend's reader and writer</td><td>one host descriptor</td><td>the host; its OutputRing</td>
 *     <td>InboxRing; the host</td></tr>
 * <tr><td>guest (the caller of {@code run})</td><td>the guest, the position, guest time</td>
 *     <td>InboxRing or ReplayRing, at a boundary</td><td>JournalRing, OutputRings</td></tr>
 * <tr><td>journaler</td><td>the files, the written and durable positions</td><td>JournalRing</td><td>disk</td></tr>
 * <tr><td>reader</td><td>the files of a replay</td><td>disk</td><td>ReplayRing</td></tr>
 * </table>
 *
 * <h2>Glossary</h2>
 * <ul>
 * <li><b>position</b>: a 64-bit count in the guest's unit; a position names a state. <b>Stamp</b>: the position at which
 *     an event took effect. <em>The state at s</em> is the one before the inputs stamped s.</li>
 * <li><b>input</b>: an event from outside. <b>Outcome</b>: the answer to a question of the guest. <b>Witness</b>: what
 *     the guest computed, kept to be compared. See {@link dev.reprise.engine.event.EventKind}.</li>
 * <li><b>boundary</b>: where the guest thread looks at the inbox. <b>Quantum</b>: the most that it runs between two.</li>
 * <li><b>group</b>: the unit of writing, checksumming, compression and durability. <b>Segment</b>: a file of groups.
 *     <b>Chain</b>: the hashes that link them; its last link is the <b>head hash</b>.</li>
 * <li><b>ledger</b>: count and running hash of what a device has put out.</li>
 * <li><b>digest</b>: SHA-256 over the canonical bytes of the state at a position.</li>
 * </ul>
 *
 * <h2>Order at one position</h2>
 * A reset that the guest asked for; output events; the digest; a clock adjustment; inputs in log order; then the guest
 * runs on, and what it asks or does there carries the same stamp.
 */
package dev.reprise.engine;
