/**
 * The board: register models of its devices, the wires between them, guest time, and {@link
 * dev.reprise.machine.board.MachineGuest}, which the engine drives. Everything here belongs to the guest thread, and nothing
 * here calls the host: what the guest needs from outside it asks the session for.
 *
 * <table>
 * <caption>Checkpoints ({@link dev.reprise.engine.CheckpointKind}) on the machine's run path</caption>
 * <tr><th>kind</th><th>call site</th><th>passed</th></tr>
 * <tr><td>init</td><td>{@code MachineGuest.start}</td><td>before the first step</td></tr>
 * <tr><td>clock virtual</td><td>{@code BoardPlatform.onDeadline}</td><td>before the deadlines of a step are served</td></tr>
 * <tr><td>clock warp start</td><td>{@code BoardPlatform.skipIdle}</td><td>before an idle hart's time jumps, with
 *     {@code --clock instructions}</td></tr>
 * <tr><td>clock warp account</td><td>{@code BoardPlatform.skipIdle}</td><td>after that jump</td></tr>
 * <tr><td>clock virtual-rt</td><td>{@code MachineGuest.apply}</td><td>before guest time is moved towards the host's, with
 *     {@code --clock host}</td></tr>
 * <tr><td>clock host</td><td>{@code Board.hostWallClock}</td><td>before the RTC reads the host's wall clock, with
 *     {@code --clock host}</td></tr>
 * <tr><td>reset requested</td><td>{@code Board.SessionPower.reset}</td><td>when the guest asks for a reset</td></tr>
 * <tr><td>reset</td><td>{@code Board.reset}</td><td>after devices, RAM and hart are as at power-on</td></tr>
 * <tr><td>suspend requested</td><td>{@code Board.SessionPower.powerOff}</td><td>when the guest asks to be switched off; the
 *     board has no other sleep</td></tr>
 * </table>
 *
 * <p>Each is an event ({@code --witness checkpoints}, the default), so a call that is removed or moved ends a replay there. All
 * are counted into the digest with their steps too: with {@code --witness digest} such a replay ends at the next digest, at
 * the latest at the run's last. Of two that are passed within one step the order counts as well.
 */
package dev.reprise.machine.board;
