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
        say(messages, "the console had nobody to take %s of the guest's", guest.unheard(), "character");
        say(messages, "the guest has thrown away %s that the console had no room for yet", guest.discarded(), "character");
        say(messages, "the console had no room by the end for %s of the guest's", guest.waiting(), "character");
        if (monitor != null) {
            say(messages, "monitor", monitor);
        }
    }

    private static void say(PrintStream messages, String name, BackendCounters counters) {
        say(messages, "the " + name + "'s file or peers have not taken %s", counters.lostBytes(), "byte");
        say(messages, "the " + name + " has refused %s of input", counters.refusedBytes(), "byte");
        say(messages, "nobody has taken %s of input for the " + name, counters.heldBytes(), "byte");
        say(messages, "the " + name + "'s peers have not taken %s of echo and help", counters.echoLostBytes(), "byte");
        say(messages, "the " + name + "'s log files have not taken %s", counters.logLostBytes(), "byte");
        if (counters.failure() != null) {
            messages.println("reprise: the " + name + "'s backend takes nothing more: " + Main.oneLine(counters.failure()));
        }
        if (counters.logFailure() != null) {
            messages.println("reprise: the " + name + "'s log file takes nothing more: " + Main.oneLine(counters.logFailure()));
        }
    }

    private static void say(PrintStream messages, String line, long count, String unit) {
        if (count > 0) {
            messages.println("reprise: " + line.formatted(count + " " + unit + (count == 1 ? "" : "s")));
        }
    }
}
