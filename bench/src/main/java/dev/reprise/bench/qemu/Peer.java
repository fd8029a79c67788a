package dev.reprise.bench.qemu;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is run, in the order of a table's rows. */
enum Peer {
    /** The share of ours that is no guest: the launcher and a JVM that does nothing. */
    START_UP("start-up", "reprise --version", true),
    QEMU("qemu", "QEMU", false),
    QEMU_RECORD("qemu-record", "QEMU record", false),
    QEMU_REPLAY("qemu-replay", "QEMU replay", false),
    RUN("run", "reprise run", true),
    RECORD("record", "reprise record", true),
    REPLAY("replay", "reprise replay", true);

    /** Counterparts stand side by side, and a replay comes after its recording. */
    private static final List<List<Peer>> TURNS = List.of(List.of(QEMU, RUN), List.of(QEMU_RECORD, RECORD),
            List.of(QEMU_REPLAY, REPLAY));

    final String id;
    final String title;
    final boolean ours;

    Peer(String id, String title, boolean ours) {
        this.id = id;
        this.title = title;
        this.ours = ours;
    }

    /** The recording that a replay replays; null for what is no replay. */
    Peer recording() {
        return switch (this) {
            case QEMU_REPLAY -> QEMU_RECORD;
            case REPLAY -> RECORD;
            default -> null;
        };
    }

    /** Whether it runs a guest, whose console can be compared. */
    boolean hasConsole() {
        return this != START_UP;
    }

    /** @throws IllegalArgumentException if no peer has that name; the message lists those there are */
    static Peer of(String id) {
        List<String> all = new ArrayList<>();
        for (Peer peer : values()) {
            if (peer.id.equals(id)) {
                return peer;
            }
            all.add(peer.id);
        }
        throw new IllegalArgumentException("no peer is called " + id + "; there are " + String.join(", ", all));
    }

    /** Those asked for, and the recordings without which no replay could run. */
    static Set<Peer> withRecordings(Set<Peer> wanted) {
        Set<Peer> all = EnumSet.copyOf(wanted);
        wanted.stream().filter(peer -> peer.recording() != null).forEach(peer -> all.add(peer.recording()));
        return all;
    }

    /** The order of one round: of two counterparts, the one goes first that was second in the round before. */
    static List<Peer> turns(int round, Set<Peer> wanted) {
        List<Peer> order = new ArrayList<>(List.of(START_UP));
        for (List<Peer> pair : TURNS) {
            order.addAll(round % 2 == 0 ? pair : pair.reversed());
        }
        order.retainAll(wanted);
        return order;
    }
}
