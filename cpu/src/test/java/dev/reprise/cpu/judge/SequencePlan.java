package dev.reprise.cpu.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * What a sequence is about, chosen from its seed: the mode that its body runs in, paging, PMP, interrupts, and which
 * registers serve as pointers.
 */
final class SequencePlan {
    /** What a body is mostly made of. */
    enum Theme { COMPUTE, FLOAT, CSR, PAGING, PMP, INTERRUPT, MODES }

    static final int USER = 0;
    static final int SUPERVISOR = 1;
    static final int MACHINE = 3;

    final Slot slot;
    final long seed;
    final Values values;
    final Theme theme;
    final int mode;
    /** satp's mode: 0, 8 or 9. */
    final int paging;
    /** Loads and stores of a machine-mode body go through MPRV. */
    final boolean mprv;
    /** Sstc is on, for the whole sequence: the rule stce-fixed. */
    final boolean timer;
    /** mstatus.FS is Dirty, or Off, for the whole sequence: the rule fs-dirty. */
    final boolean dirty;
    /** Never written by the body: they hold the stub's address and that of the handler for S. */
    final int p;
    final int q;
    final List<Integer> pointers = new ArrayList<>();
    final int items;

    SequencePlan(Slot slot, long seed) {
        this.slot = slot;
        this.seed = seed;
        this.values = new Values(seed);
        int choice = values.below(100);
        theme = choice < 30 ? Theme.COMPUTE : choice < 52 ? Theme.FLOAT : choice < 62 ? Theme.CSR
                : choice < 80 ? Theme.PAGING : choice < 86 ? Theme.PMP : choice < 93 ? Theme.INTERRUPT : Theme.MODES;
        mprv = (theme == Theme.PAGING || theme == Theme.PMP) && values.percent(25);
        mode = switch (theme) {
            case COMPUTE, FLOAT -> values.percent(60) ? MACHINE : values.pick(USER, SUPERVISOR);
            case CSR -> values.pick(MACHINE, MACHINE, SUPERVISOR, USER);
            case PAGING, PMP -> mprv ? MACHINE : values.pick(USER, SUPERVISOR, SUPERVISOR);
            case INTERRUPT -> values.pick(MACHINE, SUPERVISOR, USER);
            case MODES -> MACHINE;
        };
        boolean paged = theme == Theme.PAGING || mode != MACHINE && theme != Theme.MODES && values.percent(20);
        paging = paged ? values.pick(8, 8, 9) : 0;
        timer = values.percent(50);
        dirty = values.percent(theme == Theme.FLOAT ? 85 : 60);
        p = chooseRegister();
        q = chooseRegister();
        if (values.percent(60)) {
            addPointer(2);
        }
        addPointer(8 + values.below(8));
        addPointer(8 + values.below(8));
        do {
            addPointer(values.below(31) + 1);
        } while (pointers.size() < 3);
        items = theme == Theme.FLOAT || theme == Theme.COMPUTE ? 90 : 60;
    }

    private int chooseRegister() {
        int register;
        do {
            register = values.percent(80) ? values.pick(3, 4, 5, 6, 7, 16 + values.below(16)) : 1 + values.below(31);
        } while (register == p || register == 2);
        return register;
    }

    private void addPointer(int register) {
        if (register != p && register != q && !pointers.contains(register)) {
            pointers.add(register);
        }
    }

    /**
     * Whether the body may set MPRV by itself: not where it may leave M (the rule xret-mprv) nor where it may change
     * PMP entries (the rule pmp-tor-zero).
     */
    boolean allowsMprv() {
        return !mprv && theme != Theme.MODES && !timer;
    }

    boolean isProtected(int register) {
        return register == p || register == q || pointers.contains(register);
    }

    int pointer() {
        return pointers.get(values.below(pointers.size()));
    }

    /** A register that the body may write, not x0. */
    int free() {
        int register;
        do {
            register = 1 + values.below(31);
        } while (isProtected(register));
        return register;
    }

    @Override
    public String toString() {
        return "sequence " + slot.index() + " seed " + Long.toUnsignedString(seed) + ": " + theme + " in "
                + "US?M".charAt(mode) + (paging == 0 ? "" : paging == 8 ? " Sv39" : " Sv48") + (mprv ? " MPRV" : "")
                + ", pointers " + pointers + ", reserved x" + p + " x" + q;
    }
}
