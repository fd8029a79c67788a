package dev.reprise.cpu.translate;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.ByteOrder;

/**
 * Access to the bytes of a {@code long[]} in their own widths, through the JDK's internal Unsafe, where the JVM was started
 * with {@code --add-exports java.base/jdk.internal.misc=ALL-UNNAMED} (see {@link #IS_OPEN}). Addresses stay within the
 * array by construction: a page's offset is masked, and aligned to its width by the TLB's comparison.
 *
 * <p>Without it a narrow access is made of the word that holds it; the difference is speed alone. A view by VarHandle would
 * ask for no option, but costs the JVM's first compiler a chain of calls for each access.
 */
final class RawWords {
    static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");
    static final MethodTypeDesc GET_UNSAFE = MethodTypeDesc.of(UNSAFE);
    /** From the start of an array object to its first word, bytes. */
    static final long BASE_BYTES;
    /** Whether generated code may use it. The host has to be little-endian, like the guest. */
    static final boolean IS_OPEN;

    static {
        long base = -1;
        try {
            Class<?> unsafe = Class.forName(UNSAFE.packageName() + ".Unsafe");
            if (unsafe.getModule().isExported(unsafe.getPackageName(), RawWords.class.getModule())) {
                base = ((Number) unsafe.getField("ARRAY_LONG_BASE_OFFSET").get(null)).longValue();
            }
        } catch (ReflectiveOperationException e) {
            base = -1;
        }
        BASE_BYTES = base;
        IS_OPEN = base >= 0 && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    private RawWords() {
    }

    static MethodTypeDesc getter(ClassDesc type) {
        return MethodTypeDesc.of(type, ConstantDescs.CD_Object, ConstantDescs.CD_long);
    }

    static MethodTypeDesc setter(ClassDesc type) {
        return MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_long, type);
    }
}
