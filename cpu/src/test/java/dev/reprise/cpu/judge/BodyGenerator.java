package dev.reprise.cpu.judge;

import dev.reprise.cpu.decode.Encoding;
import dev.reprise.cpu.decode.EncodingTable;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.judge.SequencePlan.Theme;
import java.util.ArrayList;
import java.util.List;

/** Fills a body with items: encodings are drawn with equal chances, and items of the theme stand between. */
final class BodyGenerator {
    private static final int MAX_BODY_BYTES = 3_400;
    private static final List<Encoding> INTEGER = new ArrayList<>();
    private static final List<Encoding> FLOATING = new ArrayList<>();
    private static final List<Encoding> MEMORY = new ArrayList<>();

    static {
        List<Encoding> all = new ArrayList<>(EncodingTable.instructions());
        all.addAll(EncodingTable.compressed());
        for (Encoding encoding : all) {
            int op = encoding.op();
            boolean floating = Op.extension(op).equals("F") || Op.extension(op).equals("D");
            (floating ? FLOATING : INTEGER).add(encoding);
            if (Op.isLoad(op) || Op.isStore(op)) {
                MEMORY.add(encoding);
            }
        }
    }

    private final SequencePlan plan;
    private final Values values;
    private final PlainItems plain;
    private final SystemItems system;
    private final CsrItems csr;
    private final boolean softwareDelegated;

    BodyGenerator(SequencePlan plan, VirtualMemory memory, KnownDifferences known, boolean softwareDelegated) {
        this.plan = plan;
        this.values = plan.values;
        this.plain = new PlainItems(plan, memory);
        this.system = new SystemItems(plan, memory);
        this.csr = new CsrItems(plan, known);
        this.softwareDelegated = softwareDelegated;
    }

    PlainItems plain() {
        return plain;
    }

    List<Item> generate() {
        List<Item> items = new ArrayList<>();
        int size = 0;
        if (plan.mprv) {
            items.add(system.mprv());
        }
        while (items.size() < plan.items && size < MAX_BODY_BYTES) {
            Item item = next();
            if (item != null) {
                items.add(item);
                size += item.size();
            }
        }
        boolean wild = plan.theme == Theme.PAGING || plan.theme == Theme.PMP || plan.theme == Theme.MODES;
        if (values.percent(wild ? 30 : 5)) {
            items.add(plain.wildJump());
        }
        return items;
    }

    private Item next() {
        int choice = values.below(100);
        if (values.below(300) == 0) {
            return plain.holeAccess(MEMORY.get(values.below(MEMORY.size())));
        }
        return switch (plan.theme) {
            case COMPUTE -> choice < 86 ? any(INTEGER) : choice < 93 ? plain.refresh() : choice < 96 ? any(FLOATING)
                    : choice < 99 ? plain.rewrite(INTEGER.get(values.below(INTEGER.size()))) : plain.illegal();
            case FLOAT -> choice < 60 ? any(FLOATING) : choice < 90 ? plain.refreshFloat() : choice < 96 ? csr.rounding()
                    : any(INTEGER);
            case CSR -> choice < 55 ? csr.access(system.mode(), 0) : choice < 85 ? any(INTEGER) : any(FLOATING);
            case PAGING -> choice < 55 ? any(MEMORY) : choice < 72 ? plain.repoint(values.percent(60))
                    : choice < 78 ? system.editEntry() : choice < 81 ? system.satp() : choice < 84 ? system.fence()
                    : choice < 90 ? statusAccess() : any(INTEGER);
            case PMP -> choice < 60 ? any(MEMORY) : choice < 75 ? plain.repoint(values.percent(80)) : any(INTEGER);
            case INTERRUPT -> choice < 40 ? csr.access(system.mode(), 0) : choice < 50 ? system.mret()
                    : choice < 58 ? system.sret() : any(INTEGER);
            case MODES -> choice < 15 ? system.mret() : choice < 25 ? system.sret() : choice < 30 ? system.fence()
                    : choice < 34 ? system.wfi(softwareDelegated) : choice < 55 ? csr.access(system.mode(), 0)
                    : any(INTEGER);
        };
    }

    /** SUM and MXR change now and then. */
    private Item statusAccess() {
        if (system.mode() != SequencePlan.SUPERVISOR) {
            return null;
        }
        int register = plan.free();
        int op = values.pick(Op.CSRRS, Op.CSRRC);
        long bits = values.pick(Csrs.MSTATUS_SUM, Csrs.MSTATUS_MXR);
        return new Item().words(Assembler.constant(register, bits))
                .word(dev.reprise.cpu.decode.Encoder.encode(op, plan.free(), register, 0, 0, 0, Csrs.SSTATUS));
    }

    private Item any(List<Encoding> encodings) {
        Encoding encoding = encodings.get(values.below(encodings.size()));
        int op = encoding.op();
        return switch (op) {
            case Op.ECALL, Op.EBREAK -> values.percent(25) ? plain.of(encoding) : null;
            case Op.MRET -> system.mret();
            case Op.SRET -> system.sret();
            case Op.WFI -> values.percent(40) ? system.wfi(softwareDelegated) : null;
            case Op.SFENCE_VMA -> values.percent(50) ? system.fence() : null;
            case Op.CSRRW, Op.CSRRS, Op.CSRRC, Op.CSRRWI, Op.CSRRSI, Op.CSRRCI ->
                    values.percent(50) ? csr.rounding() : csr.access(system.mode(), op);
            default -> plain.of(encoding);
        };
    }
}
