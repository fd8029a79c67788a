package dev.reprise.cpu.translate;

/** A region that is machine code of our own. */
final class HostRegion extends Region {
    final long[] word;
    final int[] packed;
    final int[] entries;
    final int[] resume;
    final int[] budgets;
    /** By block: its first instruction. */
    final int[] first;
    /** Where its ways begin in its code. */
    final int[] ways;
    /** Null once it is placed. */
    HostEmitter.Emitted emitted;
    /** Where its code is then, and its number. */
    long start;
    int number;
    private HostCode memory;

    HostRegion(RegionShape shape, HostEmitter.Emitted emitted) {
        this.emitted = emitted;
        word = shape.word;
        budgets = shape.budget;
        first = shape.first;
        packed = new int[shape.count];
        for (int block = 0; block < shape.blocks; block++) {
            for (int i = first[block]; i < first[block + 1]; i++) {
                packed[i] = RegionContext.packed(shape.length[i], i - first[block], shape.offset[i]);
            }
        }
        entries = emitted.entries();
        resume = emitted.resume();
        ways = emitted.ways();
    }

    @Override
    public boolean place(HostCode into) {
        memory = into;
        return into.place(this);
    }

    @Override
    public void forget() {
        memory.forget(this);
    }

    @Override
    public int run(RegionContext context, long base, int left, int entry) {
        return entry < 0 ? left : memory.run(this, context, base, left, entry);
    }
}
