package dev.reprise.bench.cpu;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a report says about {@link InstructionBenchmark}'s programs. */
public final class InstructionClasses {

    private InstructionClasses() {}

    /**
     * Names of the classes, in the order of a table, each with why it is more than five times slower than the integer
     * loop where it is; empty where it should not be.
     */
    public static Map<String, String> reasons() {
        Map<String, String> reasons = new LinkedHashMap<>();
        Programs.all().forEach(program -> reasons.put(program.name(), program.slow()));
        return reasons;
    }
}
