package dev.reprise.cpu.interpret;

import dev.reprise.cpu.interpret.PagedGuest.HostAct;
import dev.reprise.cpu.translate.Translator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * One program on the interpreter and on the translator, whose states are compared at every stop.
 *
 * @param translator makes the translator of each run; null for the usual one
 */
record SideBySide(PagedProgram program, List<HostAct> acts, Execution execution, int slice, long steps,
        Supplier<Translator> translator) {

    /** Null if the states are equal at every stop; otherwise the first step after which they differ, and in what. */
    String difference() {
        PagedGuest interpreted = interpreted();
        PagedGuest translated = translated();
        long equal = 0;
        for (long step = 0; step < steps;) {
            step = Math.min(steps, step + slice);
            interpreted.runTo(step);
            translated.runTo(step);
            if (translated.hart.translationFailure() != null) {
                return "not translated: " + translated.hart.translationFailure();
            }
            if (!Arrays.equals(interpreted.state(), translated.state())) {
                return narrowed(equal, step);
            }
            equal = step;
        }
        return null;
    }

    /** Runs again, to halves of what is left, until one step lies between a stop that is equal and one that is not. */
    private String narrowed(long equal, long different) {
        long low = equal;
        long high = different;
        while (low + 1 < high) {
            long middle = low + high >>> 1;
            if (differenceAt(equal, middle) == null) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return differenceAt(equal, high);
    }

    private String differenceAt(long equal, long at) {
        PagedGuest interpreted = interpreted();
        PagedGuest translated = translated();
        for (long step = 0; step < equal;) {
            step = Math.min(equal, step + slice);
            interpreted.runTo(step);
            translated.runTo(step);
        }
        String before = Long.toHexString(interpreted.hart.pc());
        interpreted.runTo(at);
        translated.runTo(at);
        return Arrays.equals(interpreted.state(), translated.state()) ? null
                : "equal at " + equal + " (pc " + before + "), not at " + at + ": " + interpreted.difference(translated)
                        + "; at the pc: " + interpreted.instruction();
    }

    private PagedGuest interpreted() {
        return new PagedGuest(program, acts, Execution.INTERPRETED, null);
    }

    PagedGuest translated() {
        return new PagedGuest(program, acts, execution, translator == null ? null : translator.get());
    }

    private SideBySide with(PagedProgram otherProgram, List<HostAct> otherActs) {
        return new SideBySide(otherProgram, otherActs, execution, slice, steps, translator);
    }

    /** The same without what the difference does not need. */
    SideBySide shrunk() {
        SideBySide smallest = this;
        for (boolean again = true; again;) {
            again = false;
            for (int i = smallest.acts.size() - 1; i >= 0; i--) {
                SideBySide less = smallest.with(smallest.program, without(smallest.acts, i));
                if (less.difference() != null) {
                    smallest = less;
                    again = true;
                }
            }
            for (int i = smallest.program.fragments().size() - 1; i >= 0; i--) {
                PagedProgram p = smallest.program;
                SideBySide less = smallest.with(
                        new PagedProgram(p.mode(), p.start(), p.delegation(), without(p.fragments(), i)), smallest.acts);
                if (less.difference() != null) {
                    smallest = less;
                    again = true;
                }
            }
        }
        return smallest;
    }

    private static <T> List<T> without(List<T> list, int index) {
        List<T> less = new ArrayList<>(list);
        less.remove(index);
        return List.copyOf(less);
    }

    /** Acts of a seed; often none. */
    static List<HostAct> actsOfSeed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        HostAct[] acts = new HostAct[Math.max(0, random.nextInt(14) - 4)];
        HostAct.What[] kinds = HostAct.What.values();
        for (int i = 0; i < acts.length; i++) {
            acts[i] = new HostAct(kinds[random.nextInt(kinds.length)], 1 + random.nextInt(4_000), random.nextInt(1_000));
        }
        return List.of(acts);
    }

    @Override
    public String toString() {
        return program.describe() + " acts " + acts + " " + execution + " slice " + slice + " steps " + steps;
    }
}
