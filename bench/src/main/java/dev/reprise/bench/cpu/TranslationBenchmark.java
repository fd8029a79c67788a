package dev.reprise.bench.cpu;

import dev.reprise.cpu.decode.CompressedDecoder;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionPlan;
import dev.reprise.cpu.translate.Translator;
import dev.reprise.machine.load.ElfFile;
import dev.reprise.machine.load.ImageFile;
import dev.reprise.machine.load.LoadException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From a plan to a class that can be called, or to machine code, as the translator's thread does it, without what the JVM's compilers do
 * afterwards. The code is that of the built-in guest, which a C compiler made, cut into plans at its branches.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TranslationBenchmark {

    private static final String GUEST = "/dev/reprise/machine/guest/console.elf";
    private static final int PAGE_BYTES = 4096;
    private static final int STARTS = 8;

    @Param({"32", "128", "255"})
    public int maxInstructions;

    /** Machine code of our own, or a class. */
    @Param({"true", "false"})
    public boolean machineCode;

    private Translator translator;
    private List<RegionPlan> plans;
    private int next;

    /** What a second's work comes to. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Translated {
        /** Guest instructions. */
        public long instructions;
        /** Bytes of bytecode or machine code. */
        public long bytecodes;
    }

    @Setup
    public void load() throws IOException, LoadException {
        translator = new Translator(maxInstructions, 0, machineCode, false);
        plans = plans();
    }

    @Benchmark
    public RegionCode translate(Translated translated) {
        translator.submit(plans.get(next));
        next = (next + 1) % plans.size();
        RegionCode code = translator.poll();
        if (code.region() == null) {
            throw new IllegalStateException("not translated: " + translator.lastFailure());
        }
        translated.instructions += code.instructions();
        translated.bytecodes += code.bytecodes();
        return code;
    }

    /** The translator's own defect, if it met one. */
    Throwable failure() {
        return translator.lastFailure();
    }

    /** Plans for the executable part of the guest, page by page. */
    static List<RegionPlan> plans() throws IOException, LoadException {
        byte[] bytes;
        try (InputStream in = TranslationBenchmark.class.getResourceAsStream(GUEST)) {
            bytes = in.readAllBytes();
        }
        ElfFile.Segment text = ElfFile.parse(new ImageFile("console.elf", bytes), 0).segments().getFirst();
        List<RegionPlan> plans = new ArrayList<>();
        for (int page = 0; page < text.fileBytes() / PAGE_BYTES; page++) {
            int from = text.fileOffset() + page * PAGE_BYTES;
            byte[] code = Arrays.copyOfRange(bytes, from, from + PAGE_BYTES);
            int[] leaders = leaders(code);
            for (int i = 0; i < leaders.length; i += STARTS) {
                int[] starts = Arrays.copyOfRange(leaders, i, Math.min(leaders.length, i + STARTS));
                plans.add(new RegionPlan(page, code, starts, RegionPlan.Tier.WARM));
            }
        }
        return plans;
    }

    /** Where control may come in: behind what jumps or branches, and where it leads to in the page. */
    private static int[] leaders(byte[] code) {
        TreeSet<Integer> leaders = new TreeSet<>();
        TreeSet<Integer> instructions = new TreeSet<>();
        int at = 0;
        while (at + 4 <= PAGE_BYTES) {
            int halfword = code[at] & 0xff | (code[at + 1] & 0xff) << 8;
            int length = Decoder.lengthOf(halfword);
            long packed = length == 2 ? CompressedDecoder.decode(halfword)
                    : Decoder.decode(halfword | (code[at + 2] & 0xff) << 16 | code[at + 3] << 24);
            int op = Decoder.op(packed);
            if (!Predecoded.ends(op)) {
                instructions.add(at);
            }
            if (Predecoded.isBranch(op)) {
                leaders.add(at + length);
                leaders.add(at + Decoder.imm(packed));
            } else if (Predecoded.ends(op)) {
                leaders.add(at + length);
            }
            at += length;
        }
        // What is no instruction that a region begins with (data, a jump) is left out.
        leaders.retainAll(instructions);
        return leaders.stream().mapToInt(Integer::intValue).toArray();
    }
}
