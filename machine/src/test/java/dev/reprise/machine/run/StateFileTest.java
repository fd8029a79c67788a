package dev.reprise.machine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reprise.engine.MalformedStateException;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.StateBytes;
import dev.reprise.machine.fixture.StubSession;
import dev.reprise.machine.fixture.TestMachines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    @TempDir
    private Path directory;
    private final StubSession session = new StubSession();
    private final MachineGuest guest = TestMachines.create(Programs.echo(), session);

    private static void runTo(MachineGuest guest, long step) {
        while (guest.position() < step) {
            guest.runUntil(step);
        }
    }

    @Test
    void shouldGoOnFromAFileInAFreshMachine() throws IOException {
        Path file = directory.resolve("state");
        runTo(guest, 12_345);
        StateFile.write(guest, session.clock(), file);
        assertEquals(List.of(file), Files.list(directory).toList());

        StubSession other = new StubSession();
        MachineGuest loaded = TestMachines.create(Programs.echo(), other);
        StateFile.read(loaded, other.clock(), file);
        assertEquals(12_345, loaded.position());
        runTo(guest, 40_000);
        runTo(loaded, 40_000);
        assertArrayEquals(StateBytes.of(guest::digest), StateBytes.of(loaded::digest));
    }

    @Test
    void shouldRefuseWhatIsNoState() throws IOException {
        Path file = directory.resolve("state");
        StateFile.write(guest, session.clock(), file);
        byte[] good = Files.readAllBytes(file);
        refused(file, new byte[0]);
        refused(file, new byte[100]);
        refused(file, Arrays.copyOf(good, good.length - 1));
        refused(file, Arrays.copyOf(good, good.length + 1));
    }

    private void refused(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        StubSession other = new StubSession();
        MachineGuest victim = TestMachines.create(Programs.echo(), other);
        assertThrows(MalformedStateException.class, () -> StateFile.read(victim, other.clock(), file));
    }
}
