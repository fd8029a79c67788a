package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.interpret.TestMachine.DATA;
import static dev.reprise.cpu.interpret.TestMachine.HANDLER;
import static dev.reprise.cpu.interpret.TestMachine.LEAVES;
import static dev.reprise.cpu.interpret.TestMachine.NEXT;
import static dev.reprise.cpu.interpret.TestMachine.RAM;
import static dev.reprise.cpu.interpret.TestMachine.ROOT;
import static dev.reprise.cpu.interpret.TestMachine.VALID_RWX;
import static dev.reprise.cpu.interpret.TestMachine.WINDOW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.mmu.PagingMode;
import dev.reprise.cpu.translate.HostCode;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Control goes to and fro between pages that all have blocks at the same places, so any page may be mapped anywhere: by jumps and
 * branches, calls and returns. Meanwhile the mapping changes, the address space does, and instructions are written anew. What
 * translated code has learned of where a way leads must be forgotten in time.
 */
class WaysTest {
    private static final int PROGRAMS = Integer.getInteger("reprise.ways.programs", 60);
    private static final int ROUNDS = 60;
    private static final long SEED = 20_261_201;
    private static final int PAGE = 4096;
    private static final int PAGES = 6;
    private static final int BLOCK_BYTES = 64;
    private static final int BLOCKS = PAGE / BLOCK_BYTES;
    private static final int SLOTS = 512;
    private static final long CODE_PAGES = DATA + 0x40000;
    /** Tables of the second address space. */
    private static final long OTHER_ROOT = RAM + 0x24000;
    private static final long OTHER_NEXT = RAM + 0x25000;
    private static final long OTHER_LEAVES = RAM + 0x26000;
    /** From the window to a second one, which has the other space's mapping: addresses that differ in their upper half alone. */
    private static final long FAR = 1L << 32;
    private static final int RA = 1;
    private static final int OTHER_RA = 5;
    private static final int SUM = 28;
    private static final int STATE = 6;
    private static final int BIT = 7;
    private static final int TARGET = 8;

    private final TestMachine plain = new TestMachine(PagingMode.SV39, Execution.INTERPRETED);
    private TestMachine eager;
    private TestMachine[] both;

    WaysTest() {
        translate(Execution.EAGER);
    }

    private void translate(Execution execution) {
        eager = new TestMachine(PagingMode.SV39, execution.withBounds(2_048, 1 << 10));
        both = new TestMachine[] {plain, eager};
    }

    private static long place(int page, int block) {
        return CODE_PAGES + (long) page * PAGE + block * BLOCK_BYTES;
    }

    /** A block that changes x5 and x6 and goes on somewhere by what is in x6. */
    private void writeBlock(long seed, int page, int block) {
        for (TestMachine m : both) {
            Random random = new Random(seed);
            Asm out = new Asm(m.bus, place(page, block));
            out.i(Op.ADDI, SUM, SUM, random.nextInt(2_000) + 1);
            out.i(Op.SRLI, BIT, STATE, 3 + random.nextInt(8));
            out.r(Op.XOR, STATE, STATE, BIT).i(Op.SLLI, BIT, STATE, 7).r(Op.XOR, STATE, STATE, BIT);
            out.r(Op.ADD, STATE, STATE, SUM).i(Op.ANDI, BIT, STATE, 1 << random.nextInt(4));
            out.s(random.nextBoolean() ? Op.BEQ : Op.BNE, BIT, 0, distance(random, out));
            int link = random.nextInt(4) == 0 ? OTHER_RA : RA;
            int kind = random.nextInt(9);
            long called = out.at();
            if (kind < 2) {
                out.jump(distance(random, out));
            } else if (kind < 3) {
                out.i(Op.JALR, 0, link, 0);
            } else if (kind == 8) {
                out.i(Op.AUIPC, TARGET, 0, 0);
            }
            while (out.at() < place(page, block) + BLOCK_BYTES - 4) {
                out.i(Op.ADDI, SUM, SUM, 1);
            }
            // In the last line; what is behind it is also what a call comes back to.
            if (kind == 7) {
                out.i(Op.JALR, 0, link, 0);
            } else if (kind == 8) {
                out.i(Op.JALR, link, TARGET, (int) (place(page, (block & ~15) + random.nextInt(16)) - called));
            } else if (kind > 3) {
                out.i(Op.JAL, link, 0, distance(random, out));
            } else {
                out.i(Op.ADDI, SUM, SUM, 2);
            }
        }
    }

    /** To a block of this page, the one before or the one behind. */
    private static int distance(Random random, Asm from) {
        int page = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : 0;
        int block = random.nextInt(BLOCKS);
        long here = from.at() & PAGE - 1;
        long distance = (long) page * PAGE + block * BLOCK_BYTES - here;
        // Branches reach 4 KiB.
        return (int) (distance >= -4096 && distance < 4096 ? distance : block * BLOCK_BYTES - here);
    }

    private void map(boolean other, int slot, int page) {
        for (TestMachine m : both) {
            m.entry(other ? OTHER_LEAVES : LEAVES, slot, place(page, 0), VALID_RWX);
        }
    }

    private void start(long seed) {
        Random random = new Random(seed);
        for (int page = 0; page < PAGES; page++) {
            for (int block = 0; block < BLOCKS; block++) {
                writeBlock(random.nextLong(), page, block);
            }
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            map(false, slot, slot % PAGES);
            map(true, slot, (slot + slot / PAGES) % PAGES);
        }
        for (TestMachine m : both) {
            m.tables();
            m.entry(OTHER_ROOT, RAM >>> 30, RAM, VALID_RWX);
            m.entry(OTHER_ROOT, WINDOW >>> 30, OTHER_NEXT, 1);
            m.entry(OTHER_NEXT, 0, OTHER_LEAVES, 1);
            m.entry(ROOT, WINDOW + FAR >>> 30, OTHER_NEXT, 1);
            m.entry(OTHER_ROOT, WINDOW + FAR >>> 30, NEXT, 1);
            m.hart.setX(STATE, seed | 1);
        }
        enter(random, true);
    }

    private void enter(Random random, boolean isInMachineMode) {
        long at = anywhere(random);
        long comesBackTo = anywhere(random);
        for (TestMachine m : both) {
            m.hart.setX(RA, comesBackTo);
            m.hart.setX(OTHER_RA, comesBackTo);
            m.hart.setPc(at);
            if (isInMachineMode) {
                m.mode(1);
            }
        }
    }

    private static long anywhere(Random random) {
        return WINDOW + (SLOTS / 2) * PAGE + (long) random.nextInt(BLOCKS) * BLOCK_BYTES + (random.nextBoolean() ? FAR : 0);
    }

    private void change(Random random) {
        switch (random.nextInt(7)) {
            case 0 -> map(random.nextBoolean(), SLOTS / 2 + random.nextInt(9) - 4, random.nextInt(PAGES));
            case 1 -> writeBlock(random.nextLong(), random.nextInt(PAGES), random.nextInt(BLOCKS));
            case 2 -> {
                long root = random.nextBoolean() ? ROOT : OTHER_ROOT;
                for (TestMachine m : both) {
                    m.hart.setCsr(Csr.SATP, 8L << 60 | root >>> 12);
                }
            }
            case 3 -> enter(random, plain.hart.pc() == HANDLER);
            default -> {
            }
        }
    }

    private void run(long seed) {
        Random random = new Random(seed);
        start(seed);
        for (int round = 0; round < ROUNDS; round++) {
            int steps = random.nextInt(4) == 0 ? 1 + random.nextInt(40) : 1 + random.nextInt(4_000);
            plain.step(steps);
            eager.step(steps);
            int number = round;
            assertArrayEquals(plain.state(), eager.state(), () -> "seed " + seed + " round " + number + ": "
                    + plain.hart.differences(eager.hart));
            if (plain.hart.pc() == HANDLER) {
                enter(random, true);
            }
            change(random);
        }
        assertNull(eager.hart.translationFailure());
    }

    @Test
    void shouldLeadWhereTheInterpreterGoesWhateverChanges() {
        System.out.println("ways: seed " + SEED);
        long interpreted = 0;
        long steps = 0;
        for (int program = 0; program < PROGRAMS; program++) {
            WaysTest fresh = new WaysTest();
            fresh.run(SEED + program);
            interpreted += fresh.eager.hart.stepsInterpreted();
            steps += fresh.eager.hart.step();
        }
        System.out.println("ways: steps " + steps + ", interpreted " + interpreted);
        assertTrue(interpreted < steps / 4, "hardly anything was translated: interpreted=" + interpreted + " of " + steps);
    }

    /** What is led to by the table of entries alone comes back to Java when the table is empty, and is in it then. */
    @Test
    void shouldNotAskAgainWhereWaysAndCallsLead() throws ReflectiveOperationException {
        // Nothing becomes hot, so nothing is led elsewhere meanwhile.
        translate(Execution.AT_FIRST_SIGHT);
        start(SEED);
        map(false, SLOTS / 2, 0);
        map(false, SLOTS / 2 + 1, 1);
        for (TestMachine m : both) {
            // Around: twenty calls out of the page, each of another function.
            for (int block = 0; block < 20; block++) {
                new Asm(m.bus, place(0, block)).i(Op.JAL, RA, 0, PAGE).jump(BLOCK_BYTES - 4);
                new Asm(m.bus, place(1, block)).i(Op.ADDI, SUM, SUM, 1).i(Op.JALR, 0, RA, 0);
            }
            new Asm(m.bus, place(0, 20)).jump(-20 * BLOCK_BYTES);
            m.hart.setPc(WINDOW + (SLOTS / 2) * PAGE);
            m.step(20_000);
        }
        if (HostCode.isOpen()) {
            Field field = HostCode.class.getDeclaredField("table");
            field.setAccessible(true);
            Object table = field.get(hostCode(eager.hart));
            Method clear = table.getClass().getDeclaredMethod("clear");
            clear.setAccessible(true);
            clear.invoke(table);
            long before = eager.hart.stepsInterpreted();
            plain.step(20_000);
            eager.step(20_000);
            Method count = table.getClass().getDeclaredMethod("count");
            count.setAccessible(true);
            // Where the run begins and where it ends.
            int entries = (int) count.invoke(table);
            assertTrue(entries >= 1 && entries <= 5, () -> "entries " + entries);
            assertTrue(eager.hart.stepsInterpreted() - before < 100);
        }
        assertArrayEquals(plain.state(), eager.state(), () -> String.valueOf(plain.hart.differences(eager.hart)));
    }

    @Test
    void shouldComeBackToTheWholeAddress() {
        start(SEED);
        map(false, SLOTS / 2, 0);
        map(true, SLOTS / 2, 1);
        long at = WINDOW + (SLOTS / 2) * PAGE;
        for (TestMachine m : both) {
            new Asm(m.bus, place(0, 0)).i(Op.JAL, RA, 0, BLOCK_BYTES).i(Op.ADDI, SUM, SUM, 1).jump(-8);
            new Asm(m.bus, place(0, 1)).i(Op.JALR, 0, RA, 0);
            new Asm(m.bus, place(1, 0)).i(Op.ADDI, SUM, SUM, 1_000).i(Op.ADDI, SUM, SUM, 100).jump(-4);
            m.hart.setPc(at);
            m.step(1_000);
            m.hart.setX(RA, at + FAR + 4);
            m.hart.setPc(at + BLOCK_BYTES);
            m.step(1_000);
            assertEquals(at + FAR, m.hart.pc() & -PAGE);
        }
        assertArrayEquals(plain.state(), eager.state(), () -> String.valueOf(plain.hart.differences(eager.hart)));
    }

    /** Of what is behind the epoch of a hart's machine code, which counts what is dropped: two to the 32 times take too long. */
    private static Object hostCode(Hart hart) throws ReflectiveOperationException {
        Field blocks = Hart.class.getDeclaredField("blocks");
        blocks.setAccessible(true);
        Field hostCode = BlockCache.class.getDeclaredField("hostCode");
        hostCode.setAccessible(true);
        return hostCode.get(blocks.get(hart));
    }

    private void wander(Random random) {
        for (int i = 0; i < 50; i++) {
            plain.step(1_000);
            eager.step(1_000);
            enter(random, plain.hart.pc() == HANDLER);
        }
    }

    @Test
    void shouldForgetWaysWhenEpochsBeginAnew() throws ReflectiveOperationException {
        Field epoch = HostCode.class.getDeclaredField("epoch");
        epoch.setAccessible(true);
        start(SEED);
        Random random = new Random(SEED);
        for (int page = 0; page < PAGES; page++) {
            wander(random);
            Object code = hostCode(eager.hart);
            int before = epoch.getInt(code);
            // The next thing that is dropped is the 2^32nd.
            epoch.setInt(code, -1);
            for (int block = 0; block < BLOCKS; block++) {
                writeBlock(random.nextLong(), page, block);
            }
            epoch.setInt(code, before);
            wander(random);
            int number = page;
            assertArrayEquals(plain.state(), eager.state(), () -> "page " + number + ": " + plain.hart.differences(eager.hart));
        }
    }
}
