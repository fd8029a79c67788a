package dev.reprise.bench.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command of each peer.
 *
 * @param reprise the launcher
 * @param qemu name or path of QEMU
 * @param executor of ours
 * @param work a folder for recordings and figures, of which there is one set at a time
 */
record Commands(Path reprise, String qemu, String executor, Path work) {

    /** QEMU's way to record, named in every table. */
    static final String RECORD_MODE = "-icount shift=auto,rr=record";

    List<String> of(Peer peer, GuestProgram guest) {
        return switch (peer) {
            case START_UP -> List.of(reprise.toString(), "--version");
            case QEMU -> qemu(guest);
            case QEMU_RECORD -> qemu(guest, "-icount", "shift=auto,rr=record,rrfile=" + qemuLog());
            case QEMU_REPLAY -> qemu(guest, "-icount", "shift=auto,rr=replay,rrfile=" + qemuLog());
            case RUN -> ours(guest.ours(), "run");
            case RECORD -> ours(guest.ours(), "record", "-o", recording().toString(), "--force");
            case REPLAY -> ours(List.of(), "replay", recording().toString());
        };
    }

    private List<String> qemu(GuestProgram guest, String... more) {
        List<String> command = new ArrayList<>(List.of(qemu, "-M", "virt", "-nographic"));
        command.addAll(guest.qemu());
        command.addAll(List.of(more));
        return command;
    }

    private List<String> ours(List<String> guest, String... begin) {
        List<String> command = new ArrayList<>(List.of(reprise.toString()));
        command.addAll(List.of(begin));
        command.addAll(List.of("--executor", executor, "--stats", stats().toString()));
        command.addAll(guest);
        return command;
    }

    Path qemuLog() {
        return work.resolve("qemu.rr");
    }

    Path recording() {
        return work.resolve("recording");
    }

    Path stats() {
        return work.resolve("stats.json");
    }
}
