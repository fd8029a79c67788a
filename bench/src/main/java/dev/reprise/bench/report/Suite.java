package dev.reprise.bench.report;

import java.util.List;
import java.util.Locale;

/** What can be measured by itself, and what of the report's time it takes. */
enum Suite {
    INSTRUCTIONS("instructions in steady state, by class", "cpu.InstructionBenchmark"),
    DISPATCH("from block to block, from region to region, into the executor and out of it", "cpu.DispatchBenchmark"),
    EVENTS("traps, interrupts, waits, switches of the address space, page walks, device accesses", "cpu.EventBenchmark"),
    TRANSLATION("the translator itself", "cpu.TranslationBenchmark"),
    MODES("one stretch of one guest: run, recorded, replayed", "machine.ModeBenchmark"),
    COST("what an event costs the guest thread", "machine.GuestEventBenchmark", "engine.SessionBenchmark.burst",
            "engine.InboxBenchmark"),
    CHARACTERS("a character on its way through the UART", "chardev.CharacterPathBenchmark", "engine.OutputBenchmark"),
    RINGS("a hand-off between two threads, ours and others'", "peer.RingHandOffBenchmark", "peer.RingBatchBenchmark"),
    JOURNAL("an event from the ring to the log, and back", "engine.JournalAppendBenchmark",
            "engine.JournalPathBenchmark", "engine.JournalReadBenchmark", "engine.EventCodecBenchmark");

    /** For a heading. */
    final String title;
    private final List<String> benchmarks;

    Suite(String title, String... benchmarks) {
        this.title = title;
        this.benchmarks = List.of(benchmarks);
    }

    /** Patterns for JMH, one a class. */
    List<String> patterns() {
        return benchmarks.stream().map(name -> "^dev\\.reprise\\.bench\\." + name.replace(".", "\\.") + "(\\.|$)").toList();
    }

    boolean has(Figure figure) {
        return benchmarks.stream().map(name -> name.substring(name.indexOf('.') + 1))
                .anyMatch(name -> figure.benchmark().equals(name) || figure.benchmark().startsWith(name + "."));
    }

    /** As on the command line. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
