package dev.reprise.cpu.translate;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.security.ProtectionDomain;
import java.util.function.BooleanSupplier;

/**
 * Asks the JVM to compile a region, with the compiler that it is meant for, and knows when that is done. Left to itself the JVM
 * compiles a warm region up to three times, since it hopes to make a hot one of it.
 *
 * <p>The way is the class by which HotSpot's own tests talk to it ({@code jdk.test.whitebox.WhiteBox}, in its sources test/lib and
 * src/hotspot/share/prims/whitebox.cpp). Its methods are in every HotSpot; the class is made here, with those that are needed. It
 * wants {@code -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI}; {@code -XX:-DisplayVMOutput}, without which HotSpot names each
 * method that is missing on standard output; {@code --add-exports java.base/jdk.internal.misc=ALL-UNNAMED}, for a class of the
 * boot loader; and {@code -Ddev.reprise.compiler=ask}, so that nobody gets it unasked. Without any of them, or in a JVM that has
 * no such methods, regions are called until they are compiled ({@link CompilationWatch}); nothing but time differs.
 */
final class JvmCompiler {
    /** Compiled by C1, without counters: never compiled again. */
    private static final int WARM_LEVEL = 1;
    /** Compiled by C1, counting: the JVM's policy gives it to C2 when it knows which branches are taken. */
    private static final int HOT_LEVEL = 3;
    private static final int WHOLE_METHOD = -1;
    private static final JvmCompiler OPEN = "ask".equals(System.getProperty("dev.reprise.compiler")) ? open() : null;

    private final MethodHandle enqueue;
    private final MethodHandle level;

    private JvmCompiler(MethodHandle enqueue, MethodHandle level) {
        this.enqueue = enqueue;
        this.level = level;
    }

    /** Whether the JVM can be asked. */
    static boolean isOpen() {
        return OPEN != null;
    }

    /**
     * Asks for a region to be compiled. On any thread.
     *
     * @return whether it is compiled by now, or will not be because it was asked for
     */
    static BooleanSupplier compile(Region region, RegionPlan.Tier tier) {
        int wanted = tier == RegionPlan.Tier.HOT ? HOT_LEVEL : WARM_LEVEL;
        try {
            boolean isWilling = (boolean) OPEN.enqueue.invokeExact(methodOf(region), wanted, WHOLE_METHOD);
            return () -> !isWilling || level(region) != 0;
        } catch (Throwable e) {
            throw new IllegalStateException("the JVM could not be asked to compile " + region.getClass(), e);
        }
    }

    /** By which compiler a region is compiled now, 1 to 4, as HotSpot counts; 0 if it is not. */
    static int level(Region region) {
        try {
            return (int) OPEN.level.invokeExact(methodOf(region), false);
        } catch (Throwable e) {
            throw new IllegalStateException("the JVM does not say how it has compiled " + region.getClass(), e);
        }
    }

    private static Executable methodOf(Region region) throws NoSuchMethodException {
        return region.getClass().getMethod("run", RegionContext.class, long.class, int.class, int.class);
    }

    private static JvmCompiler open() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> tests = define(lookup);
            Object made = lookup.findConstructor(tests, MethodType.methodType(void.class)).invoke();
            MethodHandle enqueue = lookup.findVirtual(tests, "enqueueMethodForCompilation0",
                    MethodType.methodType(boolean.class, Executable.class, int.class, int.class)).bindTo(made);
            MethodHandle level = lookup.findVirtual(tests, "getMethodCompilationLevel0",
                    MethodType.methodType(int.class, Executable.class, boolean.class)).bindTo(made);
            // The first question shows whether the JVM has been told to answer.
            int levelOfThis = (int) level.invokeExact((Executable) JvmCompiler.class.getDeclaredMethod("isOpen"), false);
            return new JvmCompiler(enqueue, level);
        } catch (Throwable e) {
            // Another JVM, or one that was not told to: there is the other way.
            return null;
        }
    }

    /** Made at run time: the class belongs to the boot loader, and a compiler lets nobody name the one that defines it. */
    private static Class<?> define(MethodHandles.Lookup lookup) throws Throwable {
        ClassDesc self = ClassDesc.of("jdk.test.whitebox.WhiteBox");
        ClassDesc executable = ClassDesc.of(Executable.class.getName());
        byte[] classFile = ClassFile.of().build(self, builder -> {
            builder.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                    .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, c -> c.aload(0)
                            .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_())
                    .withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC,
                            c -> c.invokestatic(self, "registerNatives", ConstantDescs.MTD_void).return_());
            addNative(builder, "registerNatives", ClassFile.ACC_STATIC, ConstantDescs.MTD_void);
            addNative(builder, "enqueueMethodForCompilation0", 0, MethodTypeDesc.of(ConstantDescs.CD_boolean, executable,
                    ConstantDescs.CD_int, ConstantDescs.CD_int));
            addNative(builder, "getMethodCompilationLevel0", 0,
                    MethodTypeDesc.of(ConstantDescs.CD_int, executable, ConstantDescs.CD_boolean));
        });
        Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
        Object only = lookup.findStatic(unsafe, "getUnsafe", MethodType.methodType(unsafe)).invoke();
        MethodHandle define = lookup.findVirtual(unsafe, "defineClass", MethodType.methodType(Class.class, String.class,
                byte[].class, int.class, int.class, ClassLoader.class, ProtectionDomain.class));
        return (Class<?>) define.invoke(only, "jdk/test/whitebox/WhiteBox", classFile, 0, classFile.length, null, null);
    }

    private static void addNative(ClassBuilder builder, String name, int flags, MethodTypeDesc type) {
        builder.withMethod(name, type, ClassFile.ACC_PUBLIC | ClassFile.ACC_NATIVE | flags, method -> { });
    }
}
