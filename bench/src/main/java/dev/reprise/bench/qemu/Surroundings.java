package dev.reprise.bench.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the figures depend on beside the programs: named in everything that is written. */
public final class Surroundings {

    private final Map<String, String> values = new LinkedHashMap<>();

    static Surroundings look(Commands commands, int rounds) throws IOException, InterruptedException {
        Surroundings here = new Surroundings();
        here.values.put("qemu", firstLine(List.of(commands.qemu(), "--version")));
        here.values.put("qemuRecords", Commands.RECORD_MODE);
        here.values.put("reprise", firstLine(List.of(commands.reprise().toString(), "--version")));
        here.values.put("executor", commands.executor());
        // The scripts and the launcher look for a JDK in the same places and in the same order.
        here.values.put("jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        here.values.put("cpu", cpu());
        here.values.put("kernel", System.getProperty("os.version"));
        here.values.put("rounds", Integer.toString(rounds));
        here.values.put("begun", Instant.now().toString());
        here.values.put("loadBefore", load());
        return here;
    }

    void end() throws IOException {
        values.put("loadAfter", load());
    }

    Map<String, String> values() {
        return values;
    }

    /** Name and number of the processors. */
    public static String cpu() throws IOException {
        return cpuName(Files.readString(Path.of("/proc/cpuinfo"))) + ", "
                + Runtime.getRuntime().availableProcessors() + " usable";
    }

    /** What other programs take of the machine shows here: one of ours alone makes about 1. */
    public static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    /** From proc(5)'s cpuinfo; processors that are named otherwise are not guessed at. */
    static String cpuName(String cpuinfo) {
        return cpuinfo.lines().filter(line -> line.startsWith("model name")).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown CPU");
    }

    private static String firstLine(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
        return said.lines().findFirst().orElse("");
    }
}
