package dev.reprise.cpu.judge;

import dev.reprise.cpu.decode.CompressedDecoder;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Encoding;
import dev.reprise.cpu.decode.Op;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/** Items of unprivileged instructions: each encoding with random operands that keep the body's conventions. */
final class PlainItems {
    private static final int TRIES = 5_000;
    /** What sets flags without writing an f register: the rule fs-dirty. */
    private static final Set<Integer> FLAGS_TO_X = Set.of(Op.FEQ_S, Op.FLT_S, Op.FLE_S, Op.FEQ_D, Op.FLT_D, Op.FLE_D,
            Op.FCVT_W_S, Op.FCVT_WU_S, Op.FCVT_L_S, Op.FCVT_LU_S, Op.FCVT_W_D, Op.FCVT_WU_D, Op.FCVT_L_D, Op.FCVT_LU_D);

    private final SequencePlan plan;
    private final Values values;
    private final VirtualMemory memory;

    PlainItems(SequencePlan plan, VirtualMemory memory) {
        this.plan = plan;
        this.values = plan.values;
        this.memory = memory;
    }

    /** An item around one instruction of this encoding, or null when the plan's registers do not allow it. */
    Item of(Encoding encoding) {
        if (!plan.dirty && FLAGS_TO_X.contains(encoding.op())) {
            return null;
        }
        if (encoding.lengthBytes() == 2) {
            return compressed(encoding);
        }
        return switch (encoding.op()) {
            case Op.JAL, Op.BEQ, Op.BNE, Op.BLT, Op.BGE, Op.BLTU, Op.BGEU -> new Item().piece(forward(encoding));
            case Op.JALR -> jumpRegister(false, values.percent(30) ? 0 : writable());
            case Op.CTZW -> countTrailing();
            case Op.LR_W, Op.LR_D, Op.SC_W, Op.SC_D -> reservation(encoding.op());
            default -> new Item().word(wide(encoding, plan.pointer()));
        };
    }

    /** Under PMP, accesses are aligned: the rule pmp-aligned. */
    private boolean aligned() {
        return plan.theme == SequencePlan.Theme.PMP;
    }

    private int writable() {
        return values.percent(3) ? 0 : plan.free();
    }

    private int wide(Encoding encoding, int pointer) {
        int word = encoding.match() | values.bits() & ~encoding.mask();
        if (encoding.format().hasRoundingMode()) {
            int shift = encoding.format().roundingModeBit();
            word = word & ~(7 << shift) | values.pick(0, 1, 2, 3, 4, 7, 7, 7) << shift;
        }
        String syntax = encoding.syntax();
        if (syntax.startsWith("rd")) {
            word = word & ~(31 << 7) | writable() << 7;
        }
        if (syntax.contains("(rs1)")) {
            word = word & ~(31 << 15) | pointer << 15;
            if (encoding.format().name().equals("I") && (values.percent(50) || aligned())) {
                word &= ~(7 << 20);
            } else if (encoding.format().name().equals("S") && aligned()) {
                word &= ~(7 << 7);
            }
        }
        return word;
    }

    private Item compressed(Encoding encoding) {
        String name = encoding.mnemonic();
        if (name.equals("c.j") || name.equals("c.beqz") || name.equals("c.bnez")) {
            return new Item().piece(forward(encoding));
        }
        if (name.equals("c.jr") || name.equals("c.jalr")) {
            return plan.isProtected(1) && name.equals("c.jalr") ? null : jumpRegister(true, name.equals("c.jr") ? 0 : 1);
        }
        for (int i = 0; i < TRIES; i++) {
            int word = encoding.match() | values.bits() & ~encoding.mask() & 0xffff;
            if (encoding.matches(word) && keepsConventions(encoding, CompressedDecoder.decode(word))) {
                return new Item().word(word);
            }
        }
        return null;
    }

    private boolean keepsConventions(Encoding encoding, long packed) {
        int op = encoding.op();
        boolean memoryAccess = Op.isLoad(op) || Op.isStore(op);
        if (memoryAccess && !plan.pointers.contains(Decoder.rs1(packed))) {
            return false;
        }
        boolean writesX = !Op.isStore(op) && op != Op.FLD && op != Op.EBREAK;
        return !writesX || !plan.isProtected(Decoder.rd(packed));
    }

    /** A jump or branch to one of the next items, encoded when their places are known. */
    private Item.Piece forward(Encoding encoding) {
        int skip = values.below(3);
        int rd = writable();
        int rs1 = encoding.lengthBytes() == 2 ? 8 + values.below(8) : values.below(32);
        int rs2 = values.percent(20) ? rs1 : values.below(32);
        return new Item.Piece() {
            @Override
            public int size() {
                return encoding.lengthBytes();
            }

            @Override
            public int bits(long pc, LongUnaryOperator following) {
                for (int n = skip; n > 0; n--) {
                    int distance = (int) (following.applyAsLong(n) - pc);
                    if (encoding.lengthBytes() == 4 || distance < 250) {
                        return bits(distance);
                    }
                }
                return bits((int) (following.applyAsLong(0) - pc));
            }

            private int bits(int distance) {
                return encoding.lengthBytes() == 4 ? Encoder.encode(encoding.op(), rd, rs1, rs2, 0, 0, distance)
                        : Encoder.encodeCompressed(encoding, 0, rs1, 0, distance);
            }
        };
    }

    /** auipc, addi and a jump by register to a following item; JALR clears the lowest bit of its target. */
    private Item jumpRegister(boolean compressed, int link) {
        int register = plan.free();
        int skip = values.below(3);
        int odd = compressed ? 0 : values.below(2);
        int offset = compressed ? 0 : values.below(64) - 32;
        Item item = new Item();
        addressOf(item, register, skip, odd - offset);
        return item.word(compressed ? 0x8002 | link << 12 | register << 7
                : Encoder.encode(Op.JALR, link, register, 0, 0, 0, offset));
    }

    /** Pieces that put the address of a following item, plus a small number, into a register. */
    static void addressOf(Item item, int register, int skip, int plus) {
        item.word(Encoder.encode(Op.AUIPC, register, 0, 0, 0, 0, 0));
        item.piece(new Item.Piece() {
            @Override
            public int size() {
                return 4;
            }

            @Override
            public int bits(long pc, LongUnaryOperator following) {
                int distance = (int) (following.applyAsLong(skip) - (pc - 4)) + plus;
                return Encoder.encode(Op.ADDI, register, register, 0, 0, 0, distance);
            }
        });
    }

    /**
     * LR, perhaps something between, and an SC that mostly fits; or an SC alone. Every item ends its reservation, the
     * addresses of SC are aligned, and an SC that finds the reservation has its width: the rules sc-aligned and
     * sc-width.
     */
    private Item reservation(int op) {
        boolean wide = op == Op.LR_D || op == Op.SC_D;
        int address = plan.free();
        int pointer = plan.pointer();
        Item item = new Item().word(Encoder.encode(Op.ANDI, address, pointer, 0, 0, 0, -8));
        boolean fits = values.percent(75);
        if (op == Op.LR_W || op == Op.LR_D) {
            int at = fits || values.percent(50) ? address : pointer;
            item.word(Encoder.encode(op, other(address), at, 0, 0, 0, 0) | values.below(4) << 25);
            for (int between = values.below(3); between > 0; between--) {
                item.word(Encoder.encode(values.pick(Op.ADD, Op.XOR, Op.SH1ADD), other(address), values.below(32),
                        values.below(32), 0, 0, 0));
            }
        }
        if (!fits) {
            item.word(Encoder.encode(Op.ADDI, address, address, 0, 0, 0, values.pick(8, -16, 64)));
            wide = values.percent(50);
        }
        return item.word(Encoder.encode(wide ? Op.SC_D : Op.SC_W, plan.free(), address, values.below(32), 0, 0, 0)
                | values.below(4) << 25);
    }

    /** ctzw of a value whose low half is not 0: the rule ctzw-not-0. */
    private Item countTrailing() {
        int register = plan.free();
        return new Item().word(Encoder.encode(Op.BSETI, register, values.below(32), 0, 0, 0, values.below(32)))
                .word(Encoder.encode(Op.CTZW, writable(), register, 0, 0, 0, 0));
    }

    private int other(int register) {
        int found;
        do {
            found = writable();
        } while (found == register);
        return found;
    }

    /** New operands, so that results do not decay into a few values. */
    Item refresh() {
        int pointer = plan.pointer();
        int offset = values.below(256) * 8 - 1024;
        return switch (values.below(4)) {
            case 0 -> new Item().words(Assembler.constant(plan.free(), values.integer()));
            case 1 -> new Item().word(Encoder.encode(Op.LD, plan.free(), pointer, 0, 0, 0, offset));
            case 2 -> new Item().word(Encoder.encode(Op.FLD, values.below(32), pointer, 0, 0, 0, offset));
            default -> new Item().word(Encoder.encode(Op.FLW, values.below(32), pointer, 0, 0, 0, offset
                    + values.below(2) * 4));
        };
    }

    Item refreshFloat() {
        if (plan.paging != 0 || plan.theme == SequencePlan.Theme.PMP || values.percent(30)) {
            int register = plan.free();
            Item item = new Item().words(Assembler.constant(register, values.floating()));
            int move = values.percent(70) ? Op.FMV_D_X : Op.FMV_W_X;
            return item.word(Encoder.encode(move, values.below(32), register, 0, 0, 0, 0));
        }
        int op = values.pick(Op.FLD, Op.FLD, Op.FLW);
        return new Item().word(Encoder.encode(op, values.below(32), plan.pointer(), 0, 0, 0,
                values.below(256) * 8 - 1024));
    }

    /** A word that no instruction has. */
    Item illegal() {
        for (;;) {
            int word = values.percent(50) ? values.bits() | 3 : values.bits() & 0xffff;
            boolean wide = (word & 3) == 3;
            if (Decoder.op(wide ? Decoder.decode(word) : CompressedDecoder.decode(word)) == Op.ILLEGAL) {
                return new Item().word(word);
            }
        }
    }

    /** Moves a pointer register elsewhere. */
    Item repoint(boolean tame) {
        return new Item().words(Assembler.constant(plan.pointer(), pointerAddress(tame)));
    }

    /** An address from which 2 KiB to both sides may be accessed, mostly. */
    long pointerAddress(boolean tame) {
        if (memory != null) {
            return memory.pointerAddress(tame) & (aligned() ? -8 : -1);
        }
        long data = plan.slot.data() + 2048;
        int span = Slot.DATA_PAGES * Slot.PAGE - 4096 - 16;
        return data + (values.percent(75) || aligned() ? values.below(span / 8) * 8 : values.below(span));
    }

    /** A load or store where there is nothing: no AMO, and aligned, as the rules hole-no-amo and hole-aligned say. */
    Item holeAccess(Encoding encoding) {
        if (encoding.lengthBytes() == 2 || encoding.kind().equals("amo") || Op.name(encoding.op()).startsWith("sc.")) {
            return null;
        }
        int register = plan.free();
        int word = wide(encoding, register);
        boolean store = encoding.format().name().equals("S");
        int offset = store || encoding.format().name().equals("I") ? Decoder.imm(Decoder.decode(word)) : 0;
        return new Item().words(Assembler.constant(register, hole() - offset)).word(word);
    }

    /** An address, a multiple of 8, where neither machine has anything. */
    long hole() {
        if (memory != null && plan.mode != SequencePlan.MACHINE && values.percent(70)) {
            return memory.hole() + values.below(32) * 8L;
        }
        return values.pick(0x800L, 0x0020_0000L, 0x0280_0800L, 0x1200_0800L, Slot.RAM + (1L << 32), 0x0008_0000_0000_0000L,
                0xffff_ffff_ffff_f800L, 0x8000_0000_8000_0800L, 0x00ff_ffff_ffff_f800L, 0x0000_0300_0000_0800L)
                + values.below(32) * 8L;
    }

    /**
     * A store over an instruction that comes next. A jump or fence.i stands between, because the judge sees such a
     * store only at the end of a block; null where the body cannot be written.
     */
    Item rewrite(Encoding encoding) {
        if (plan.paging != 0 || plan.theme == SequencePlan.Theme.PMP || encoding.lengthBytes() == 2
                || encoding.op() == Op.CTZW || encoding.syntax().contains("(") || !encoding.kind().equals("-")) {
            return null;
        }
        int address = plan.free();
        int data = plan.free();
        if (address == data) {
            return null;
        }
        int[] constant = Assembler.constant(data, wide(encoding, 0));
        int distance = 4 + 4 * constant.length + 8;
        return new Item().word(Encoder.encode(Op.AUIPC, address, 0, 0, 0, 0, 0)).words(constant)
                .word(Encoder.encode(Op.SW, 0, address, data, 0, 0, distance))
                .word(values.percent(50) ? Encoder.encode(Op.FENCE_I, 0, 0, 0, 0, 0, 0)
                        : Encoder.encode(Op.JAL, 0, 0, 0, 0, 0, 4))
                .word(Encoder.encode(Op.ADDI, 0, 0, 0, 0, 0, 0));
    }

    /** The last item: a jump out of the body; in S behind a fence, as the rule sum-fetch says. */
    Item wildJump() {
        int register = plan.free();
        boolean paged = memory != null && plan.mode != SequencePlan.MACHINE;
        long target = paged && values.percent(70) ? memory.pointerAddress(values.percent(50)) & ~1L : hole();
        Item item = new Item().words(Assembler.constant(register, target));
        if (paged && plan.mode == SequencePlan.SUPERVISOR) {
            item.word(Encoder.encode(Op.SFENCE_VMA, 0, 0, 0, 0, 0, 0));
        }
        return item.word(Encoder.encode(Op.JALR, writable(), register, 0, 0, 0, 0));
    }
}
