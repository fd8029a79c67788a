package dev.reprise.chardev.host;

/** How long a thread has waited for its host so far, a wait that goes on included. One thread waits, any may ask. */
final class WaitClock {

    private static final long NOT_WAITING = Long.MIN_VALUE;

    private long totalNs;
    private long sinceNs = NOT_WAITING;

    synchronized void begin() {
        sinceNs = System.nanoTime();
    }

    synchronized void end() {
        long since = sinceNs;
        sinceNs = NOT_WAITING;
        totalNs += System.nanoTime() - since;
    }

    synchronized long ns() {
        long before = totalNs;
        long since = sinceNs;
        return since == NOT_WAITING ? before : before + System.nanoTime() - since;
    }
}
