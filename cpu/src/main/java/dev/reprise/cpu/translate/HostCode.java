package dev.reprise.cpu.translate;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.fpu.FpFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Memory for machine code of our own, and the way into it. One for each hart, the guest thread's own. It is never given back
 * piece by piece: when it is full, all that is in it is dropped.
 *
 * <p>There is such memory where the JVM runs on x86-64 and Linux, allows native access
 * ({@code --enable-native-access=ALL-UNNAMED}) and has {@link HostMemory#IS_RAW}, where the system gives memory that may be
 * written and executed, and unless {@code -Ddev.reprise.machinecode=off}. Elsewhere the JVM's compilers do all.
 */
public final class HostCode {
    /** Room for a region of average size, and the least that there is, bytes. */
    private static final long BYTES_OF_REGION = 4096;
    private static final long MIN_BYTES = 1 << 16;
    /** All of it is in reach of a jump by 32 bits. */
    private static final long MAX_BYTES = 1 << 30;
    /** Of Linux: PROT_READ, PROT_WRITE and PROT_EXEC; MAP_PRIVATE, MAP_ANONYMOUS and MAP_NORESERVE. */
    private static final int READ_WRITE_EXECUTE = 7;
    private static final int PRIVATE = 0x4022;
    private static final int ALIGNMENT = 16;
    /** MXCSR without flags and traps, by frm: to nearest, to zero, down, up. */
    private static final int MXCSR = 0x1f80;
    private static final int[] MXCSR_BY_MODE = {MXCSR, MXCSR | 3 << 13, MXCSR | 1 << 13, MXCSR | 2 << 13};
    /** CPUID's bits for XGETBV, and for FMA3 and AVX with it. */
    private static final int OSXSAVE = 1 << 27;
    private static final int FMA = 1 << 12 | OSXSAVE | 1 << 28;
    private static final int POPCNT = 1 << 23;
    private static final Way WAY = isWanted() ? Way.find() : null;

    /** What leads into code: a function of the C calling convention, and the system's for memory. */
    private record Way(MethodHandle enter, MethodHandle map, MethodHandle unmap, HostFeatures features) {

        /** Null if there is none. */
        @SuppressWarnings("restricted")
        static Way find() {
            try {
                Linker linker = Linker.nativeLinker();
                MethodHandle map = linker.downcallHandle(linker.defaultLookup().findOrThrow("mmap"),
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
                MethodHandle unmap = linker.downcallHandle(linker.defaultLookup().findOrThrow("munmap"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
                byte[] code = trampoline();
                long at = (long) map.invokeExact(0L, (long) Page.BYTES, READ_WRITE_EXECUTE, PRIVATE, -1, 0L);
                if (at == -1) {
                    return null;
                }
                copy(code, at);
                long features = at + Page.BYTES / 2;
                copy(askForFeatures(), features);
                MethodHandle ask = linker.downcallHandle(MemorySegment.ofAddress(features),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT));
                int found = (int) ask.invokeExact();
                // Its argument is on the heap, so the JVM must not be asked to move it meanwhile.
                MethodHandle enter = linker.downcallHandle(MemorySegment.ofAddress(at),
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT), Linker.Option.critical(true));
                return new Way(enter, map, unmap,
                        new HostFeatures((found & FMA) == FMA, (found & POPCNT) == POPCNT));
            } catch (Throwable e) {
                // Another JVM or system, or one that forbids it: there is the other way.
                return null;
            }
        }
    }

    private static final MethodHandle ENTER = WAY == null ? null : WAY.enter;

    /** The JVM waits for machine code, if it wants all threads to stand still; so it runs no longer than this. */
    private static final int MAX_STEPS = 1 << 16;
    /** Reasons to come back: control has come to an address; anything else is an instruction's number. */
    private static final int AT_ADDRESS = -1;
    private static final int INTERPRET = -2;
    /** Numbers of instructions within a region. */
    private static final int SITE_BITS = 11;
    /** Numbers of regions leave room for the instruction's beside the sign. */
    private static final int MAX_NUMBER = 1 << Integer.SIZE - 1 - SITE_BITS;

    private final long bytes;
    private long start;
    private long used;
    /** Keeps the memory. */
    private MemorySegment memory;
    private EntryTable table;
    private HostMemory.Piece calls;
    /** Of the fetch context that the table of calls is good for. */
    private long generationOfCalls;
    private HostRegion[] regions = new HostRegion[64];
    private int regionCount;
    /** Changes when something that an entry may lead to is gone, or has to be entered otherwise. */
    private int epoch = HostWays.NO_EPOCH + 1;
    private long goToOffset;
    private long goToAddress;
    private long way;
    private long wayOut;
    private long interpretAt;
    /** Where regions begin, behind that. */
    private long goToCode;

    /** @param maxRegions for how many regions there is to be room */
    public HostCode(int maxRegions) {
        bytes = Math.clamp(maxRegions * BYTES_OF_REGION, MIN_BYTES, MAX_BYTES);
    }

    private static boolean isWanted() {
        return HostMemory.IS_RAW && "amd64".equals(System.getProperty("os.arch"))
                && "Linux".equals(System.getProperty("os.name")) && HostCode.class.getModule().isNativeAccessEnabled()
                && !"off".equals(System.getProperty("dev.reprise.machinecode"));
    }

    /** What the processor has, if the system keeps AVX's registers (CPUID leaf 1, ECX). */
    static HostFeatures features() {
        return WAY.features;
    }

    /** Whether there may be machine code of our own. */
    public static boolean isOpen() {
        return WAY != null;
    }

    /** Called as {@code long f(long *x, long *f, void *code, int left)}; its result is 2^32 times what is left, and why the code stopped. */
    private static byte[] trampoline() {
        X64 out = new X64();
        int[] saved = {X64.RBX, X64.RBP, X64.R12, X64.R13, X64.R14, X64.R15};
        for (int register : saved) {
            out.push(register);
        }
        out.lea(true, X64.RBX, X64.RDI, HostRegisters.MIDDLE * Long.BYTES);
        out.op32(X64.MOV, X64.RBP, X64.RCX);
        out.lea(true, X64.RCX, X64.RSI, HostRegisters.FLOATS_BIAS);
        out.store64(HostRegisters.operand(HostRegisters.FLOATS), X64.RCX);
        out.op64(X64.MOV, X64.RAX, X64.RDX);
        out.mxcsr(X64.STMXCSR, HostRegisters.operand(HostRegisters.MXCSR_OF_HOST));
        out.immediate(false, X64.CMP_I, HostRegisters.operand(HostRegisters.FLOAT_STATE), HostRegisters.SET);
        int unset = out.shortJumpIf(X64.NOT_EQUAL);
        out.mxcsr(X64.LDMXCSR, HostRegisters.operand(HostRegisters.MXCSR));
        out.bindShort(unset);
        for (int[] pair : HostRegisters.MAPPED) {
            out.op64(X64.MOV, pair[1], HostRegisters.inArray(pair[0]));
        }
        out.call(X64.RAX);
        for (int[] pair : HostRegisters.MAPPED) {
            out.store64(HostRegisters.inArray(pair[0]), pair[1]);
        }
        out.immediate(false, X64.CMP_I, HostRegisters.operand(HostRegisters.FLOAT_STATE), HostRegisters.SET);
        unset = out.shortJumpIf(X64.NOT_EQUAL);
        out.mxcsr(X64.STMXCSR, HostRegisters.operand(HostRegisters.MXCSR_BEHIND));
        out.mxcsr(X64.LDMXCSR, HostRegisters.operand(HostRegisters.MXCSR_OF_HOST));
        out.bindShort(unset);
        out.op32(X64.MOV, X64.RAX, X64.RAX);
        out.shift(true, X64.SHL, X64.RBP, Integer.SIZE);
        out.op64(X64.OR, X64.RAX, X64.RBP);
        for (int i = saved.length - 1; i >= 0; i--) {
            out.pop(saved[i]);
        }
        out.ret();
        return out.toBytes();
    }

    /** A function that gives what CPUID says of leaf 1 in ECX, or 0 if the system does not keep AVX's registers (XCR0, bits 1 and 2). */
    private static byte[] askForFeatures() {
        X64 out = new X64();
        out.push(X64.RBX);
        out.set32(X64.RAX, 1);
        out.set32(X64.RCX, 0);
        out.identify();
        out.op32(X64.MOV, X64.R8, X64.RCX);
        out.op32(X64.MOV, X64.RAX, X64.RCX);
        out.immediate(false, X64.AND_I, X64.RAX, OSXSAVE);
        int none = out.shortJumpIf(X64.EQUAL);
        out.set32(X64.RCX, 0);
        out.getExtendedControl();
        out.immediate(false, X64.AND_I, X64.RAX, 6);
        out.immediate(false, X64.CMP_I, X64.RAX, 6);
        out.set32(X64.RAX, 0);
        int notKept = out.shortJumpIf(X64.NOT_EQUAL);
        out.op32(X64.MOV, X64.RAX, X64.R8);
        out.bindShort(none);
        out.bindShort(notKept);
        out.pop(X64.RBX);
        out.ret();
        return out.toBytes();
    }

    /** Whether there is memory, or it has not been asked for yet. */
    public boolean hasMemory() {
        return start != -1;
    }

    /** Takes a region's code in; false if there is no room for it, until {@link #clear}. */
    boolean place(HostRegion region) {
        if (start == 0) {
            allocate();
        }
        HostEmitter.Emitted emitted = region.emitted;
        long at = start + used;
        long size = emitted.code().length + ALIGNMENT - 1 & -ALIGNMENT;
        if (start == -1 || size > bytes - used || regionCount == MAX_NUMBER) {
            return false;
        }
        byte[] code = emitted.code().clone();
        for (int site : emitted.sites()) {
            int name = code[site - 4] & 0xff | (code[site - 3] & 0xff) << 8 | regionCount << SITE_BITS;
            for (int i = 0; i < Integer.BYTES; i++) {
                code[site - 4 + i] = (byte) (name >> i * Byte.SIZE);
            }
        }
        MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, used, code.length);
        used += size;
        if (regionCount == regions.length) {
            regions = Arrays.copyOf(regions, 2 * regionCount);
        }
        region.start = at;
        region.number = regionCount;
        region.emitted = null;
        regions[regionCount++] = region;
        return true;
    }

    /** All that is in it may be overwritten. */
    public void clear() {
        used = goToCode;
        regionCount = 0;
        Arrays.fill(regions, null);
        forgetWays();
    }

    /** What led from one region to another leads nowhere any more. */
    public void forgetWays() {
        if (++epoch == HostWays.NO_EPOCH) {
            epoch++;
            if (table != null) {
                forgetEpochs();
            }
        }
        if (calls != null) {
            HostWays.forgetCalls(calls.address());
        }
    }

    /** What is of 2^32 epochs ago would be good again. */
    private void forgetEpochs() {
        table.clear();
        for (int i = 0; i < regionCount; i++) {
            if (regions[i] != null) {
                for (int start : regions[i].ways) {
                    HostWays.forget(memory, regions[i].start - this.start + start);
                }
            }
        }
    }

    /** A region will not run again. Its room is not used before all are gone: nobody looks for who may still lead there. */
    void forget(HostRegion region) {
        regions[region.number] = null;
        forgetWays();
    }

    @SuppressWarnings("restricted")
    private void allocate() {
        try {
            start = (long) WAY.map.invokeExact(0L, bytes, READ_WRITE_EXECUTE, PRIVATE, -1, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("the system cannot be asked for memory", e);
        }
        if (start != -1) {
            memory = MemorySegment.ofAddress(start).reinterpret(bytes, Arena.ofAuto(), HostCode::free);
            table = new EntryTable();
            calls = MEMORY.allocate(HostWays.CALL_TABLE_BYTES);
            HostWays.forgetCalls(calls.address());
            X64 out = new X64();
            emitGoTo(out);
            emitWays(out);
            copy(out.toBytes(), start);
            goToCode = out.position() + ALIGNMENT - 1 & -ALIGNMENT;
            used = goToCode;
        }
    }

    /** What code jumps to with an offset, or an address, in RAX to go on there: in another region, or by coming back. */
    private void emitGoTo(X64 out) {
        out.op64(X64.MOVSXD, X64.RAX, X64.RAX);
        out.op64(X64.ADD, X64.RAX, HostRegisters.operand(HostRegisters.BASE));
        goToOffset = start;
        goToAddress = start + out.position();
        EntryTable.emitFind(out, entry -> {
            HostWays.emitBase(out);
            out.jumpTo(X64.RCX, entry + EntryTable.CODE);
        });
        emitComeBack(out, AT_ADDRESS);
        interpretAt = start + out.position();
        out.op64(X64.ADD, X64.RAX, HostRegisters.operand(HostRegisters.BASE));
        emitComeBack(out, INTERPRET);
    }

    /** What ways call that do not know where they lead. */
    private void emitWays(X64 out) {
        way = start + out.position();
        HostWays.emitAsk(out);
        EntryTable.emitFind(out, entry -> HostWays.emitLearn(out, entry));
        emitComeBack(out, AT_ADDRESS);
        wayOut = start + out.position();
        HostWays.emitAsk(out);
        EntryTable.emitFind(out, entry -> HostWays.emitLearnOut(out, entry));
        emitComeBack(out, AT_ADDRESS);
    }

    private static void emitComeBack(X64 out, int reason) {
        out.store64(HostRegisters.operand(HostRegisters.PC), X64.RAX);
        out.set32(X64.RAX, reason);
        out.ret();
    }

    /** Runs a region from an entry on, and whatever regions control comes to from there. */
    int run(HostRegion first, RegionContext context, long base, int left, int entry) {
        HostRegion region = first;
        long[] x = context.state.x;
        x[HostRegisters.READS] = context.reads;
        x[HostRegisters.WRITES] = context.writes;
        x[HostRegisters.MASK] = context.tlbMask;
        x[HostRegisters.BASE] = base;
        x[HostRegisters.GO_TO_OFFSET] = goToOffset;
        x[HostRegisters.GO_TO_ADDRESS] = goToAddress;
        x[HostRegisters.ENTRIES] = table.address();
        x[HostRegisters.GENERATION] = context.generation;
        x[HostRegisters.EPOCH] = epoch;
        x[HostRegisters.INTERPRET_AT] = interpretAt;
        x[HostRegisters.FLOAT_STATE] = HostRegisters.FORBIDDEN;
        x[HostRegisters.WAY] = way;
        x[HostRegisters.WAY_OUT] = wayOut;
        x[HostRegisters.CALLS] = calls.address();
        if (context.generation != generationOfCalls) {
            generationOfCalls = context.generation;
            HostWays.forgetCalls(calls.address());
        }
        table.lead(base + RegionContext.offset(region.packed[region.first[entry]]), context.generation,
                region.start + region.entries[entry], region.budgets[entry], epoch);
        int held = Math.max(0, left - MAX_STEPS);
        context.end -= held;
        long result = enter(context, region.start + region.entries[entry], left - held);
        int after = (int) (result >> Integer.SIZE);
        int reason = (int) result;
        while (reason >= 0) {
            region = regions[reason >>> SITE_BITS];
            int i = reason & (1 << SITE_BITS) - 1;
            context.base = x[HostRegisters.BASE];
            context.execute(region.word[i], after, region.packed[i]);
            if (context.stopped) {
                break;
            }
            if (regions[region.number] != region) {
                // What was executed has dropped it.
                x[HostRegisters.PC] = context.nextPc(region.packed[i]);
                after -= RegionContext.index(region.packed[i]) + 1;
                reason = AT_ADDRESS;
                break;
            }
            x[HostRegisters.EPOCH] = epoch;
            result = enter(context, region.start + region.resume[i], after);
            after = (int) (result >> Integer.SIZE);
            reason = (int) result;
        }
        context.end += held;
        context.missed = reason == INTERPRET;
        context.pc = context.stopped ? RegionContext.NOWHERE : x[HostRegisters.PC];
        return after + held;
    }

    private static void free(MemorySegment segment) {
        try {
            int result = (int) WAY.unmap.invokeExact(segment.address(), segment.byteSize());
            if (result != 0) {
                throw new IllegalStateException("the system does not take memory back: result=" + result);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the system cannot be given memory back", e);
        }
    }

    private static void copy(byte[] code, long at) {
        for (int i = 0; i < code.length; i += Long.BYTES) {
            long word = 0;
            for (int j = Math.min(Long.BYTES, code.length - i) - 1; j >= 0; j--) {
                word = word << 8 | code[i + j] & 0xff;
            }
            MEMORY.putLong(at + i, word);
        }
    }

    /** Runs code; 2^32 times what is left of the steps, and why it came back. */
    private static long enter(RegionContext context, long code, int left) {
        CpuState s = context.state;
        boolean allowed = (s.mstatus & Csr.MSTATUS_FS) == Csr.MSTATUS_FS && s.frm < MXCSR_BY_MODE.length;
        if (!allowed) {
            s.x[HostRegisters.FLOAT_STATE] = HostRegisters.FORBIDDEN;
        } else {
            // It stays set for what goes on in the middle of a block.
            s.x[HostRegisters.FLOAT_STATE] = Math.max(s.x[HostRegisters.FLOAT_STATE], HostRegisters.ALLOWED);
            s.x[HostRegisters.MXCSR] = MXCSR_BY_MODE[s.frm];
        }
        long result;
        try {
            result = (long) ENTER.invokeExact(context.registers, context.floats, code, left);
        } catch (Throwable e) {
            throw new IllegalStateException("machine code does not throw", e);
        }
        if (s.x[HostRegisters.FLOAT_STATE] == HostRegisters.SET) {
            s.flags.bits |= flags((int) s.x[HostRegisters.MXCSR_BEHIND]);
        }
        return result;
    }

    /** The flags of MXCSR as those of RISC-V (Intel SDM volume 1, section 10.2.3; F extension, fflags). */
    private static int flags(int mxcsr) {
        return (mxcsr & 1) * FpFlags.NV | (mxcsr >> 2 & 1) * FpFlags.DZ | (mxcsr >> 3 & 1) * FpFlags.OF
                | (mxcsr >> 4 & 1) * FpFlags.UF | (mxcsr >> 5 & 1) * FpFlags.NX;
    }
}
