package dev.reprise.machine.stats;

import dev.reprise.chardev.guest.TransmitCounters;
import dev.reprise.chardev.host.BackendCounters;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The figures of one character device of a run, or of the monitor: what has passed, what was lost, what was waited for.
 *
 * @param counts by name; the schema says what each is
 * @param failure why the host takes nothing more, or null
 * @param logFailure why a log file takes nothing more, or null
 */
public record DeviceStats(SortedMap<String, Long> counts, String failure, String logFailure) {

    /** @param guest what the guest's half has counted; null for a monitor, which has no such half */
    public static DeviceStats of(BackendCounters host, TransmitCounters guest) {
        SortedMap<String, Long> counts = new TreeMap<>();
        counts.put("bytesIn", host.bytesIn());
        counts.put("bytesOut", host.bytesOut());
        counts.put("heldBytes", host.heldBytes());
        counts.put("refusedBytes", host.refusedBytes());
        counts.put("lostBytes", host.lostBytes());
        counts.put("echoLostBytes", host.echoLostBytes());
        counts.put("logLostBytes", host.logLostBytes());
        counts.put("creditWaits", host.creditWaits());
        counts.put("creditWaitNs", host.creditWaitedNs());
        counts.put("roomWaits", host.roomWaits());
        counts.put("roomWaitNs", host.roomWaitedNs());
        counts.put("hostWaitNs", host.hostWaitedNs());
        if (guest != null) {
            counts.put("unheardCharacters", guest.unheard());
            counts.put("discardedCharacters", guest.discarded());
            counts.put("waitingCharacters", guest.waiting());
        }
        return new DeviceStats(counts, host.failure(), host.logFailure());
    }
}
