package dev.reprise.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reprise.cpu.bus.BusFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class SmallDevicesTest {

    private String asked = "";
    private final TestDevice test = new TestDevice(new PowerControl() {
        @Override
        public void powerOff(boolean pass, int code) {
            asked = "off " + pass + " " + code;
        }

        @Override
        public void reset() {
            asked = "reset";
        }
    });
    private final EmptyVirtioWindow window = new EmptyVirtioWindow();

    @Test
    void shouldPowerOffWithPassFailOrReset() {
        test.store(0, 4, 0x5555);
        assertEquals("off true 0", asked);
        test.store(0, 4, 0xffff_ffff_002a_3333L);
        assertEquals("off false 42", asked);
        test.store(0, 2, 0x7777);
        assertEquals("reset", asked);
    }

    @Test
    void shouldIgnoreOtherValuesAndOffsets() {
        test.store(0, 4, 0x1234);
        test.store(4, 4, 0x5555);
        assertEquals("", asked);
        assertEquals(0, test.load(0, 4));
        assertThrows(BusFault.class, () -> test.store(0, 1, 0x55));
        assertThrows(BusFault.class, () -> test.store(0, 8, 0x5555));
    }

    @Test
    void shouldShowAnEmptyVirtioWindow() {
        assertEquals(0x7472_6976, window.load(0, 4));
        assertEquals(1, window.load(4, 4));
        assertEquals(0, window.load(8, 4));
        assertEquals(0x554d_4551, window.load(12, 4));
        assertEquals(0, window.load(0x70, 4));
        assertEquals(0x1_7472_6976L, window.load(0, 8));
        window.store(0x70, 4, 0xff);
        assertEquals(0, window.load(0x70, 4));
    }

    @Test
    void shouldHandOverInTheResetRom() {
        ByteBuffer rom = ByteBuffer.wrap(ResetRom.build(0x8000_0000L, 0x9fe0_0000L, 0x8020_0000L))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x297, rom.getInt(0));
        assertEquals(0x8000_0000L, rom.getLong(0x18));
        assertEquals(0x9fe0_0000L, rom.getLong(0x20));
        assertEquals(0x4942_534fL, rom.getLong(0x28));
        assertEquals(2, rom.getLong(0x30));
        assertEquals(0x8020_0000L, rom.getLong(0x38));
        assertEquals(1, rom.getLong(0x40));
        assertEquals(0x58, rom.capacity());
    }
}
