package dev.reprise.chardev.host;

import dev.reprise.engine.ring.OutputRing;

/**
 * What has passed through a backend, what was lost there and what was waited for.
 *
 * <p>Once the run has ended and the backend is stopped, {@code bytesOut + lostBytes} is what the guest has put out.
 *
 * @param bytesIn bytes published to the guest; in a replay bytes that were read and dropped
 * @param bytesOut bytes that the host has taken: a peer behind a socket perhaps only its kernel, one
 *     behind a pty before the end perhaps only the terminal's buffer
 * @param heldBytes bytes read from the host that wait for the guest's credit; at the end they are lost
 * @param refusedBytes bytes read from the host for which there was no room, and which the guest was told of
 * @param lostBytes bytes that the guest has put out and no peer, or no file, has taken; before the end those that nobody
 *     can take any more
 * @param echoLostBytes bytes of echo and help that no peer has taken
 * @param logLostBytes bytes that have passed and are missing in the log files; before the end those after a failure
 * @param creditWaits how often the reader held bytes because there was no credit
 * @param creditWaitedNs for how long, in nanoseconds
 * @param roomWaits how often the device waited for room for its output
 * @param roomWaitedNs for how long, in nanoseconds of the host's time
 * @param hostWaitedNs time that the writer spent in writes to the host, in nanoseconds
 * @param failure why the host takes nothing more, or null
 * @param logFailure why a log file takes nothing more, or null
 */
public record BackendCounters(long bytesIn, long bytesOut, long heldBytes, long refusedBytes, long lostBytes,
        long echoLostBytes, long logLostBytes, long creditWaits, long creditWaitedNs, long roomWaits, long roomWaitedNs,
        long hostWaitedNs, String failure, String logFailure) {

    /** Of a backend that waits for nothing and loses nothing. */
    public static BackendCounters of(long bytesIn, long bytesOut) {
        return of(new Input(bytesIn, 0, 0, 0, 0), new Output(bytesOut, 0, 0, 0, 0), Log.NONE, 0, null);
    }

    /** What a reader counts. */
    record Input(long bytes, long heldBytes, long refusedBytes, long creditWaits, long creditWaitedNs) {
        static final Input NONE = new Input(0, 0, 0, 0, 0);
    }

    /** What a writer counts. */
    record Output(long bytes, long lostBytes, long hostWaitedNs, long roomWaits, long roomWaitedNs) {

        /** @param ring null before the start */
        static Output of(OutputRing ring, long bytes, long lostBytes, long hostWaitedNs) {
            return new Output(bytes, lostBytes, hostWaitedNs, ring == null ? 0 : ring.roomWaits(),
                    ring == null ? 0 : ring.roomWaitedNs());
        }
    }

    /** What is missing in the log files, both together. */
    record Log(long lostBytes, String failure) {
        static final Log NONE = new Log(0, null);
    }

    static BackendCounters of(Input in, Output out, Log log, long echoLostBytes, String failure) {
        return new BackendCounters(in.bytes, out.bytes, in.heldBytes, in.refusedBytes, out.lostBytes, echoLostBytes,
                log.lostBytes, in.creditWaits, in.creditWaitedNs, out.roomWaits, out.roomWaitedNs, out.hostWaitedNs, failure,
                log.failure);
    }
}
