package dev.reprise.chardev.guest;

/**
 * Characters that a guest has written and that no backend has accepted. The same in a replay as in its recording.
 *
 * @param unheard had nobody to take them: the backend was gone, or refuses while it has no peer
 * @param discarded were overwritten in a full transmitter or cleared with it, by the guest or by a reset, before there was
 *     room for them
 * @param waiting still wait for room
 */
public record TransmitCounters(long unheard, long discarded, long waiting) {

    /** Both together. */
    public TransmitCounters plus(TransmitCounters other) {
        return new TransmitCounters(unheard + other.unheard, discarded + other.discarded, waiting + other.waiting);
    }
}
