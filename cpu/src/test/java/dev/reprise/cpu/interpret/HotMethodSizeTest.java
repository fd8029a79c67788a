package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.isa.DoubleUnit;
import dev.reprise.cpu.isa.IntegerUnit;
import dev.reprise.cpu.isa.SingleUnit;
import dev.reprise.cpu.mmu.Mmu;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HotMethodSizeTest {
    /** HotSpot's HugeMethodLimit is 8,000: a larger method is never compiled, without a word. */
    private static final int MOST_BYTES = 7_900;

    @ParameterizedTest
    @ValueSource(classes = {Interpreter.class, SlowPath.class, Mmu.class, IntegerUnit.class, DoubleUnit.class,
        SingleUnit.class})
    void shouldStayBelowTheSizeThatHotSpotCompiles(Class<?> hot) throws IOException {
        try (InputStream in = hot.getResourceAsStream(hot.getSimpleName() + ".class")) {
            for (MethodModel method : ClassFile.of().parse(in.readAllBytes()).methods()) {
                int bytes = method.findAttribute(java.lang.classfile.Attributes.code())
                        .map(CodeAttribute::codeLength).orElse(0);
                assertTrue(bytes <= MOST_BYTES, hot.getName() + "." + method.methodName() + " has " + bytes + " bytes");
            }
        }
    }
}
