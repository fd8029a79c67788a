package dev.reprise.cpu.translate;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.util.Arrays;

/** From a plan to a region: a pure function of the plan, on any thread. */
final class RegionCompiler {
    /** HotSpot's HugeMethodLimit is 8,000: a larger method is never compiled, without a word. */
    static final int MAX_BYTECODES = 7_900;

    private final int maxInstructions;
    private final boolean machineCode;

    /**
     * @param maxInstructions most guest instructions of a warm region; a hot one has up to twice as many, and what the JVM compiles, or
     *     was seen alone, at most 255
     * @param machineCode whether warm regions are machine code of our own
     */
    RegionCompiler(int maxInstructions, boolean machineCode) {
        if (maxInstructions < 1) {
            throw new IllegalArgumentException("must be at least 1: maxInstructions=" + maxInstructions);
        }
        this.maxInstructions = maxInstructions;
        this.machineCode = machineCode;
    }

    RegionCode compile(RegionPlan plan) {
        boolean isHot = plan.tier() == RegionPlan.Tier.HOT;
        int wanted = isHot ? 2 * maxInstructions : maxInstructions;
        // Where there may be data among the code, or the JVM compiles, small ones: they are dropped, or cost, as a whole.
        int most = isHot || !machineCode || plan.others() == null ? Math.min(wanted, RegionContext.MAX_INDEX) : wanted;
        for (; most > 0; most -= most + 3 >> 2) {
            RegionShape shape = new RegionShape(plan, most, isHot || !machineCode ? null : plan.others());
            if (!shape.canBeEntered() || isHot && machineCode && !shape.isPlain()) {
                return RegionCode.nothing(plan);
            }
            if (!isHot && machineCode) {
                HostEmitter.Emitted host = HostEmitter.emit(shape, HostCode.features());
                // Nothing is known of a block that another would have to know, so it can begin anywhere.
                Arrays.fill(shape.isEntry, true);
                return code(plan, shape, new HostRegion(shape, host), false, host.code().length);
            }
            String name = RegionCompiler.class.getPackageName() + (isHot ? ".Hot" : ".Warm");
            RegionEmitter.Emitted emitted = RegionEmitter.emit(shape, name);
            int bytecodes = bytecodesOfRun(emitted.classFile());
            if (bytecodes <= MAX_BYTECODES) {
                Region region = RegionLoader.load(emitted.classFile());
                region.landings = shape.landings();
                return code(plan, shape, region, emitted.usesFloat(), bytecodes);
            }
        }
        return RegionCode.nothing(plan);
    }

    private static RegionCode code(RegionPlan plan, RegionShape shape, Region region, boolean usesFloat, int bytecodes) {
        int entries = 0;
        for (boolean isEntry : shape.isEntry) {
            entries += isEntry ? 1 : 0;
        }
        int[] offsets = new int[entries];
        int[] budgets = new int[entries];
        int number = 0;
        for (int block = 0; block < shape.blocks; block++) {
            if (shape.isEntry[block]) {
                offsets[number] = shape.offset[shape.first[block]];
                budgets[number++] = shape.budget[block];
            }
        }
        long[] covered = new long[RegionCode.coveredWords(plan)];
        for (int i = 0; i < shape.count; i++) {
            for (int at = shape.offset[i]; at < shape.offset[i] + shape.length[i]; at += 2) {
                covered[at >> 7] |= 1L << (at >> 1);
            }
        }
        return new RegionCode(plan, region, offsets, budgets, covered, usesFloat, shape.count, bytecodes);
    }

    private static int bytecodesOfRun(byte[] classFile) {
        ClassModel model = ClassFile.of().parse(classFile);
        return model.methods().stream().filter(m -> m.methodName().equalsString("run"))
                .mapToInt(m -> m.findAttribute(Attributes.code()).orElseThrow().codeLength()).sum();
    }
}
