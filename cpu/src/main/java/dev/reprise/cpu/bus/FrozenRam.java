package dev.reprise.cpu.bus;

/**
 * RAM as it was at one moment. A page is copied before it is first stored to after that moment; until then it is what it was.
 * Owned by the guest thread.
 */
public final class FrozenRam {
    private final long[][] kept;
    /** RAM as it was at the next moment that was asked for: what is not kept here may be kept there. */
    private FrozenRam newer;

    FrozenRam(int ramPages) {
        kept = new long[ramPages][];
    }

    FrozenRam next() {
        newer = new FrozenRam(kept.length);
        return newer;
    }

    /** The page is about to be stored to. */
    void keep(int page, long address) {
        if (kept[page] == null) {
            kept[page] = Page.toWords(address);
        }
    }

    /** The words of a page as they were, or null if it has not been stored to since. */
    public long[] before(int page) {
        for (FrozenRam ram = this; ram != null; ram = ram.newer) {
            if (ram.kept[page] != null) {
                return ram.kept[page];
            }
        }
        return null;
    }
}
