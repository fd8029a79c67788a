package dev.reprise.engine;

import java.util.Map;

/**
 * Figures of a run.
 *
 * @param events kind's name to number of events, only kinds that occurred, in the schema's order
 * @param boundaries how often the inbox was looked at
 * @param inboxWaits how often a host thread found the inbox full
 * @param inboxWaitNs for how long
 * @param journalWaits how often the guest thread found the journal ring full
 * @param journalWaitNs for how long
 * @param idleNs how long the guest thread waited for the host while the guest was idle
 * @param groups sealed groups of the log
 * @param logBytes bytes of the log's segments
 * @param headHash the chain's last link in hexadecimal, or null without a log
 * @param hostCalls how often the host was asked for a clock, entropy or an answer; 0 in a replay
 * @param digests digests by position that were asked for
 * @param witnessed how many interrupts, exceptions and checkpoints the guest has passed, by these names
 */
public record SessionStats(
        Map<String, Long> events,
        long boundaries,
        long inboxWaits,
        long inboxWaitNs,
        long journalWaits,
        long journalWaitNs,
        long idleNs,
        long groups,
        long logBytes,
        String headHash,
        long hostCalls,
        Map<Long, String> digests,
        Map<String, Long> witnessed) {}
