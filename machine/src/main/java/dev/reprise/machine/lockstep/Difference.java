package dev.reprise.machine.lockstep;

import dev.reprise.cpu.interpret.Hart;
import dev.reprise.machine.board.BoardDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Narrows a difference down: both machines go back to the interval's start and run to its half, then to a quarter or to
 * three, until one step lies between a stop at which they are equal and one at which they are not. Then says what differs.
 *
 * <p>What a region leaves in registers shows only where a run may stop, so the step found may lie a few instructions behind
 * the one that went wrong; hence the report also names the instruction that wrote each differing register last.
 */
final class Difference {

    /** How many steps before the difference are looked through for the writers of registers. */
    private static final long TRACED_STEPS = 2_000;
    private static final int MAX_LINES = 60;

    private final Follower primary;
    private final Follower shadow;
    private final Interval interval;
    private final Follower.Start start;
    private final long end;
    private final List<String> lines = new ArrayList<>();

    Difference(Follower primary, Follower shadow, Interval interval, Follower.Start start, long end) {
        this.primary = primary;
        this.shadow = shadow;
        this.interval = interval;
        this.start = start;
        this.end = end;
    }

    /** @param seen what the shadow did otherwise in the first place, or null if only its state differs */
    ExecutorsDifferException find(String seen) {
        long from = start == null ? 0 : start.position();
        if (seen != null) {
            lines.add("the interpreter: " + seen);
        } else {
            describe(from);
        }
        if (start == null) {
            return exception(primary.guest.position(), "before the first step");
        }
        if (!differsAt(end)) {
            lines.add("run again from step " + from + ", they agree: what is translated when is up to the host's threads");
            return exception(end, "between steps " + from + " and " + end);
        }
        long equal = from;
        long different = end;
        while (equal + 1 < different) {
            long middle = equal + different >>> 1;
            if (differsAt(middle)) {
                different = middle;
            } else {
                equal = middle;
            }
        }
        lines.clear();
        lines.add("last stop that is equal: step " + equal + ", " + before(equal));
        String again = again(different);
        if (again != null) {
            lines.add("the interpreter: " + again);
        }
        describe(Math.max(from, different - TRACED_STEPS));
        return exception(different, "at step " + different);
    }

    private ExecutorsDifferException exception(long step, String where) {
        return new ExecutorsDifferException(step, "translator and interpreter leave different states " + where
                + ": a defect of this program, not of the guest", lines);
    }

    /** Takes both to the position; what either does otherwise than it was noted, or null. */
    private String again(long position) {
        String mismatch = to(primary, position);
        String other = to(shadow, position);
        return mismatch == null ? other : mismatch;
    }

    private String to(Follower machine, long position) {
        machine.restore(start);
        try {
            machine.through(interval, position);
            return null;
        } catch (NotedSession.Mismatch e) {
            return e.getMessage();
        }
    }

    private boolean differsAt(long position) {
        return again(position) != null || !primary.digest().equals(shadow.digest());
    }

    private String before(long position) {
        String mismatch = to(shadow, position);
        Hart hart = shadow.guest.board().hart();
        return mismatch == null ? hart.describeInstruction() : mismatch;
    }

    /** What differs now, both values, the translator's first. */
    private void describe(long traceFrom) {
        Hart ours = primary.guest.board().hart();
        Hart theirs = shadow.guest.board().hart();
        List<String> harts = ours.differences(theirs);
        addAll(harts);
        List<BoardDevice> devices = primary.guest.board().devices();
        for (int i = 0; i < devices.size(); i++) {
            byte[] mine = saved(devices.get(i));
            byte[] others = saved(shadow.guest.board().devices().get(i));
            int at = Arrays.mismatch(mine, others);
            if (at >= 0) {
                add("device " + devices.get(i).name() + ", state byte " + at + ": " + (mine[at] & 0xff) + " and "
                        + (others[at] & 0xff));
            }
        }
        if (!Arrays.equals(Interval.bytesOf(primary.clock), Interval.bytesOf(shadow.clock))) {
            add("guest time: " + primary.clock.ns(primary.guest.position()) + " and "
                    + shadow.clock.ns(shadow.guest.position()) + " ns");
        }
        addAll(primary.guest.board().bus().differences(shadow.guest.board().bus()));
        if (start != null && traceFrom < shadow.guest.position()) {
            addWriters(harts, traceFrom, shadow.guest.position());
        }
    }

    /** For each register that differs: the step that wrote it last, by the interpreter. */
    private void addWriters(List<String> harts, long from, long to) {
        String[] names = harts.stream().map(line -> line.substring(0, line.indexOf(':')))
                .filter(name -> name.matches("[xf][0-9]+")).toArray(String[]::new);
        String[] writers = new String[names.length];
        if (names.length == 0 || to(shadow, from) != null) {
            return;
        }
        Hart hart = shadow.guest.board().hart();
        long[] values = values(hart, names);
        for (long step = from; step < to; step++) {
            String instruction = "written at step " + step + ": " + hart.describeInstruction();
            try {
                shadow.through(interval, step + 1);
            } catch (NotedSession.Mismatch e) {
                break;
            }
            long[] now = values(hart, names);
            for (int i = 0; i < names.length; i++) {
                if (now[i] != values[i]) {
                    writers[i] = instruction;
                }
            }
            values = now;
        }
        for (int i = 0; i < names.length; i++) {
            if (writers[i] != null) {
                add(names[i] + " was last " + writers[i]);
            }
        }
    }

    private static long[] values(Hart hart, String[] names) {
        long[] values = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            int number = Integer.parseInt(names[i].substring(1));
            values[i] = names[i].charAt(0) == 'x' ? hart.x(number) : hart.f(number);
        }
        return values;
    }

    private static byte[] saved(BoardDevice device) {
        StateBytes state = new StateBytes();
        device.save(state);
        return state.bytes();
    }

    private void addAll(List<String> more) {
        more.forEach(this::add);
    }

    private void add(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        } else if (lines.size() == MAX_LINES) {
            lines.add("and more");
        }
    }
}
