package dev.reprise.machine.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reprise.engine.ClockMode;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MachineConfigTest {

    private static final MachineConfig SMALL = new MachineConfig(
            16 << 20, "riscv,sv39", "quiet", ClockMode.HOST, 7, "00ff");

    @Test
    void shouldComeBackFromItsSettings() throws ConfigException {
        assertEquals(SMALL, MachineConfig.ofSettings(SMALL.toSettings(), ClockMode.HOST));
        MachineConfig bare = new MachineConfig(1 << 20, "riscv,sv48", null, ClockMode.INSTRUCTIONS, 0, null);
        assertEquals(bare, MachineConfig.ofSettings(bare.toSettings(), ClockMode.INSTRUCTIONS));
        assertArrayEquals(new byte[] {0, -1}, SMALL.rngSeed());
    }

    @Test
    void shouldRefuseSettingsThatNoMachineCanHave() {
        refused("ramBytes", "-1");
        refused("ramBytes", "1048577");
        refused("ramBytes", Long.toString(Long.MAX_VALUE));
        refused("ramBytes", "many");
        refused("ramBytes", null);
        refused("mmu", "riscv,sv57");
        refused("rtcEpochSeconds", "-5");
        refused("rngSeed", "xyz");
        refused("rngSeed", "");
        refused("append", "a".repeat(5000));
        refused("stepNs", "11");
    }

    private static void refused(String key, String value) {
        Map<String, String> settings = new TreeMap<>(SMALL.toSettings());
        if (value == null) {
            settings.remove(key);
        } else {
            settings.put(key, value);
        }
        assertThrows(ConfigException.class, () -> MachineConfig.ofSettings(settings, ClockMode.HOST), key + "=" + value);
    }

    @Test
    void shouldReadSizesAsPeopleWriteThem() throws ConfigException {
        assertEquals(512L << 20, MemorySize.parse("512M"));
        assertEquals(2L << 30, MemorySize.parse("2g"));
        assertEquals(64L << 10, MemorySize.parse("64k"));
        assertEquals(4096, MemorySize.parse("4096"));
        for (String wrong : new String[] {"", "M", "-1M", "1T", "0x10", "9999999999G", "1.5G"}) {
            assertThrows(ConfigException.class, () -> MemorySize.parse(wrong), wrong);
        }
    }
}
