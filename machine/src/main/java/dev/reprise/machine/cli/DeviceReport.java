package dev.reprise.machine.cli;

import dev.reprise.chardev.guest.TransmitCounters;
import dev.reprise.chardev.host.BackendCounters;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.monitor.Monitor;
import dev.reprise.machine.stats.DeviceStats;
import dev.reprise.machine.stats.RunStats;
import java.io.PrintStream;

/**
 * What has become of the bytes of a machine's character devices, for the statistics and, where some were lost, for people:
 * one line on standard error for each way of losing them. No exit status comes of it: the guest has run as it did, and
 * what is recorded is whole.
 */
final class DeviceReport {

    private final BackendCounters console;
    private final BackendCounters monitor;
    private final TransmitCounters guest;

    /** @param consoles stopped: what they have not delivered by now is lost */
    DeviceReport(Consoles consoles, MachineGuest guest) {
        console = consoles.counters();
        monitor = consoles.monitorCounters();
        this.guest = guest.board().consoleCounters();
    }

    void fill(RunStats stats) {
        stats.consoleBytes = console.bytesOut() + console.lostBytes();
        stats.waits.put("consoleInputBytes", console.bytesIn());
        stats.waits.put("consoleCredit", console.creditWaits());
        stats.waits.put("consoleCreditNs", console.creditWaitedNs());
        stats.waits.put("consoleHostNs", console.hostWaitedNs());
        stats.waits.put("consoleRefusedBytes", console.refusedBytes());
        stats.waits.put("consoleLostBytes", console.lostBytes());
        stats.characterDevices.put(Board.UART_NAME, DeviceStats.of(console, guest));
        if (monitor != null) {
            stats.characterDevices.put(Monitor.NAME, DeviceStats.of(monitor, null));
        }
    }

    void say(PrintStream messages) {
        say(messages, "console", console);
        say(messages, guest.unheard(), "the console had nobody to take %d characters of the guest's");
        say(messages, guest.discarded(), "the guest has thrown away %d characters before the console had room for them");
        say(messages, guest.waiting(), "%d characters of the guest's still waited for the console's room at the end");
        if (monitor != null) {
            say(messages, "monitor", monitor);
        }
    }

    private static void say(PrintStream messages, String name, BackendCounters counters) {
        say(messages, counters.lostBytes(), "the " + name + "'s file or peers have not taken %d bytes");
        say(messages, counters.refusedBytes(), "the " + name + " has refused %d bytes of input");
        say(messages, counters.heldBytes(), "%d bytes of input for the " + name + " were never taken");
        say(messages, counters.echoLostBytes(), "the " + name + "'s peers have not taken %d bytes of echo and help");
        if (counters.failure() != null) {
            messages.println("the " + name + "'s backend takes nothing more: " + counters.failure());
        }
    }

    private static void say(PrintStream messages, long count, String line) {
        if (count > 0) {
            messages.println(line.formatted(count));
        }
    }
}
