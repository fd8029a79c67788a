/**
 * The composer: a RISC-V machine that is compatible with QEMU's {@code virt} board, recorded and replayed by the engine.
 *
 * <pre>
 *   cli ---> config, load ---> run ---> board ---> cpu, chardev.guest      a guest of the engine
 *    |                          |
 *    +---> demo                 +-----> devicetree, reset ROM              what the guest finds
 *    +---> stats, monitor ----------> board
 * </pre>
 *
 * <ul>
 * <li>{@code cli}: one class per command, and what they share.</li>
 * <li>{@code config}: what a machine is, as it stands in the manifest.</li>
 * <li>{@code load}: ELF, Linux Image, and where everything stands at power-on.</li>
 * <li>{@code devicetree}: the device tree and its binary form.</li>
 * <li>{@code board}: the devices, their wires, guest time, and the machine as the engine drives it.</li>
 * <li>{@code run}: a machine and its guest thread from power-on to the end; state files; signatures.</li>
 * <li>{@code monitor}: what a person may ask about a running machine; in no log.</li>
 * <li>{@code stats}: the figures of a run, as JSON.</li>
 * <li>{@code demo}: the main job on the built-in guest.</li>
 * </ul>
 */
package dev.reprise.machine;
