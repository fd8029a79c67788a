package dev.reprise.cpu.bus;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;

/**
 * Memory by address: pages and the TLB's fast tables. An access of a guest is an addition to an address and nothing else: no array's
 * length, no reference that has to be decoded. And arrays without a check of bounds, for registers and predecoded blocks.
 *
 * <p>There are two: outside of the Java heap, by the JDK's internal Unsafe, where the JVM was started with
 * {@code --add-exports java.base/jdk.internal.misc=ALL-UNNAMED}; and on the heap, in {@link HeapMemory}, which asks for nothing.
 * The difference is speed alone. An address is one of a {@link Piece}, plus an offset that was masked: nothing checks it again.
 */
public abstract class HostMemory {
    /** The JDK's internal class. */
    public static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");
    public static final MethodTypeDesc GET_UNSAFE = MethodTypeDesc.of(UNSAFE);
    /** Whether generated code may use {@link #UNSAFE}. The host has to be little-endian, like the guest. */
    public static final boolean IS_RAW = isOpen();
    private static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    /** The one that there is. */
    public static final HostMemory MEMORY = IS_RAW ? raw() : new HeapMemory();

    /** Memory that is there as long as this is kept. */
    public interface Piece {
        /** Where its first byte is, a multiple of {@link Page#BYTES}. */
        long address();
    }

    /** At most so much is given at once, a multiple of {@link Page#BYTES}. */
    public int maxPieceBytes() {
        return 2 << 20;
    }

    /** Bytes of zeros, a multiple of 8, at most {@link #maxPieceBytes}. On any thread. */
    public Piece allocate(int bytes) {
        MemorySegment segment = Arena.ofAuto().allocate(bytes, Page.BYTES);
        return segment::address;
    }

    /** The 64 bits at a multiple of 8. */
    public abstract long getLong(long address);

    /** Sets the 64 bits at a multiple of 8. */
    public abstract void putLong(long address, long value);

    /** The 64 bits of an array at a distance from its first element, a multiple of 8 bytes; outside of the heap nothing checks it. */
    public abstract long getLong(long[] array, long offset);

    /** Sets the 64 bits of an array at a distance from its first element, a multiple of 8 bytes; outside of the heap nothing checks it. */
    public abstract void putLong(long[] array, long offset, long value);

    /** The 32 bits of an array at a distance from its first element, a multiple of 4 bytes; outside of the heap nothing checks it. */
    public abstract int getInt(long[] array, long offset);

    /** Sets the 32 bits of an array at a distance from its first element, a multiple of 4 bytes; outside of the heap nothing checks it. */
    public abstract void putInt(long[] array, long offset, int value);

    /** What gives a value of a type at an address. The first argument is null. */
    public static MethodTypeDesc getter(ClassDesc type) {
        return MethodTypeDesc.of(type, ConstantDescs.CD_Object, ConstantDescs.CD_long);
    }

    /** What puts a value of a type to an address. The first argument is null. */
    public static MethodTypeDesc setter(ClassDesc type) {
        return MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_long, type);
    }

    private static boolean isOpen() {
        try {
            Class<?> unsafe = Class.forName(UNSAFE.packageName() + ".Unsafe");
            return unsafe.getModule().isExported(unsafe.getPackageName(), HostMemory.class.getModule())
                    && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Made at run time: a compiler that is told of a release does not let anybody name an internal class. */
    private static HostMemory raw() {
        ClassDesc self = ClassDesc.of(HostMemory.class.getPackageName(), "RawMemory");
        ClassDesc above = ClassDesc.of(HostMemory.class.getName());
        MethodTypeDesc get = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);
        MethodTypeDesc put = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_long);
        long base = baseOffset();
        MethodTypeDesc getElement = MethodTypeDesc.of(ConstantDescs.CD_long, LONGS, ConstantDescs.CD_long);
        MethodTypeDesc putElement =
                MethodTypeDesc.of(ConstantDescs.CD_void, LONGS, ConstantDescs.CD_long, ConstantDescs.CD_long);
        MethodTypeDesc getHalf = MethodTypeDesc.of(ConstantDescs.CD_int, LONGS, ConstantDescs.CD_long);
        MethodTypeDesc putHalf = MethodTypeDesc.of(ConstantDescs.CD_void, LONGS, ConstantDescs.CD_long, ConstantDescs.CD_int);
        byte[] classFile = ClassFile.of().build(self, builder -> builder
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withSuperclass(above)
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0,
                        c -> c.aload(0).invokespecial(above, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_())
                .withMethodBody("getLong", get, ClassFile.ACC_PUBLIC, c -> pushAddress(c)
                        .invokevirtual(UNSAFE, "getLong", getter(ConstantDescs.CD_long)).lreturn())
                .withMethodBody("putLong", put, ClassFile.ACC_PUBLIC, c -> pushAddress(c).lload(3)
                        .invokevirtual(UNSAFE, "putLong", setter(ConstantDescs.CD_long)).return_())
                .withMethodBody("getLong", getElement, ClassFile.ACC_PUBLIC, c -> pushElement(c, base)
                        .invokevirtual(UNSAFE, "getLong", getter(ConstantDescs.CD_long)).lreturn())
                .withMethodBody("putLong", putElement, ClassFile.ACC_PUBLIC, c -> pushElement(c, base).lload(4)
                        .invokevirtual(UNSAFE, "putLong", setter(ConstantDescs.CD_long)).return_())
                .withMethodBody("getInt", getHalf, ClassFile.ACC_PUBLIC, c -> pushElement(c, base)
                        .invokevirtual(UNSAFE, "getInt", getter(ConstantDescs.CD_int)).ireturn())
                .withMethodBody("putInt", putHalf, ClassFile.ACC_PUBLIC, c -> pushElement(c, base).iload(4)
                        .invokevirtual(UNSAFE, "putInt", setter(ConstantDescs.CD_int)).return_()));
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(classFile, true);
            return (HostMemory) lookup.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the class that was just made for memory cannot be used", e);
        }
    }

    /** From the start of an array to its first element, bytes; an int in some releases of the JDK, a long in others. */
    private static long baseOffset() {
        try {
            Class<?> unsafe = Class.forName(UNSAFE.packageName() + ".Unsafe");
            return ((Number) unsafe.getField("ARRAY_LONG_BASE_OFFSET").get(null)).longValue();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JDK does not say where an array's elements are", e);
        }
    }

    private static CodeBuilder pushAddress(CodeBuilder code) {
        return code.invokestatic(UNSAFE, "getUnsafe", GET_UNSAFE).aconst_null().lload(1);
    }

    private static CodeBuilder pushElement(CodeBuilder code, long base) {
        return code.invokestatic(UNSAFE, "getUnsafe", GET_UNSAFE).aload(1).lload(2).loadConstant(base).ladd();
    }
}
