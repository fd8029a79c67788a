package dev.reprise.engine.replay;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.DamagedLogException;
import dev.reprise.engine.journal.JournalReader;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.ring.Poison;
import dev.reprise.engine.ring.ReplayRing;
import java.io.IOException;

/**
 * The reader thread of a replay: reads ahead, checks, decompresses, and fills the {@link ReplayRing}. It hands over no
 * more groups than the check before the replay has found whole.
 */
final class LogSource implements Runnable {

    private final Recording recording;
    private final ReplayRing ring;
    private final Poison poison;
    private final long groups;
    private final Thread thread;

    LogSource(Recording recording, ReplayRing ring, Poison poison, long groups) {
        this.recording = recording;
        this.ring = ring;
        this.poison = poison;
        this.groups = groups;
        thread = new Thread(this, "reader");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try (JournalReader reader = new JournalReader(recording.files(), recording.manifestBytes())) {
            Event record = Event.slot();
            while (reader.next(record)) {
                if (reader.groups() > groups) {
                    break;
                }
                if (!ring.publish(record)) {
                    return;
                }
            }
            if (reader.groups() < groups) {
                throw new DamagedLogException("the log changed while it was replayed: " + reader.finding());
            }
            ring.complete();
        } catch (IOException failure) {
            poison.poison(new DamagedLogException("cannot read the log: " + failure.getMessage()));
        } catch (Throwable failure) {
            poison.poison(failure);
        }
    }

    void join() throws InterruptedException {
        thread.join();
    }
}
