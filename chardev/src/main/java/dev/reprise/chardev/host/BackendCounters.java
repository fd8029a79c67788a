package dev.reprise.chardev.host;

/**
 * What has passed through a backend and what it waited for.
 *
 * @param bytesIn bytes published to the guest
 * @param bytesOut bytes that the host has taken
 * @param heldBytes bytes read from the host that wait for the guest's credit
 * @param refusedBytes bytes read from the host for which there was no room, and which the guest was told of
 * @param lostBytes bytes that the guest has put out and no peer, or no file, has taken
 * @param creditWaits how often the reader held bytes because there was no credit
 * @param creditWaitedNs for how long, in nanoseconds
 * @param hostWaitedNs time that the writer spent in writes to the host, in nanoseconds
 * @param failure why the host takes nothing more, or null
 */
public record BackendCounters(long bytesIn, long bytesOut, long heldBytes, long refusedBytes,
        long lostBytes, long creditWaits, long creditWaitedNs, long hostWaitedNs, String failure) {}
