/**
 * Character devices in two halves: {@code guest} holds the register models, touched by the guest thread alone and
 * without a host call; {@code host} holds the backends, which know ports and rings and no model. Between them there is
 * only the engine's {@link dev.reprise.engine.Session}, so a replay needs no backend and a model cannot tell.
 *
 * <pre>
 *   in    host --read--> InputReader --InputPort, within the credit--> InboxRing --poll at a boundary--> guest thread
 *         (holds 64 KiB)                                                 | stamp, journal
 *                                                                        v
 *                                     Uart16550.apply --> ReceiveLine (512) --> ReceiveFifo (16) --> RBR
 *                                                              | as it empties
 *                                                              v
 *                                               Session.grant: credit, back to the InputPort
 *
 *   out   THR --> TransmitFifo (16) --Session.output--> OutputRing --released--> OutputWriter --write--> host
 *                       ^                                    | full: a short or refused write, an outcome
 *                       |                                    v
 *                       +---- CHAR_LINK writable, an input, when the writer has made room
 * </pre>
 *
 * <table>
 * <caption>Threads</caption>
 * <tr><th>thread</th><th>owns</th><th>waits for</th><th>ends</th></tr>
 * <tr><td>{@code chardev-stdio-in}</td><td>standard input, what is held</td><td>the host, without a bound (a daemon); or
 *     credit, 20 ms at a time, looking at the terminal between</td><td>end of input, end of the run</td></tr>
 * <tr><td>{@code chardev-NAME-out}</td><td>the output descriptor</td><td>released bytes, 50 ms at a time; or the host
 *     in a write, without a bound (a daemon)</td><td>the run has ended and all is written, or the host is gone</td></tr>
 * <tr><td>guest</td><td>the models</td><td>never for a backend</td><td></td></tr>
 * </table>
 *
 * <table>
 * <caption>What passes between a UART and the world, and what a recording holds of it</caption>
 * <tr><th>what happens</th><th>record writes</th><th>replay does</th></tr>
 * <tr><td>bytes arrive</td><td>CHAR_INPUT at the boundary: the bytes</td><td>applies them at the stamp</td></tr>
 * <tr><td>link opened, closed, BREAK</td><td>CHAR_LINK</td><td>applies it at the stamp</td></tr>
 * <tr><td>output accepted whole</td><td>nothing for the write; OUTPUT at the boundary (count and hash)</td>
 *     <td>accepts it, passes it to the backend of now, compares with OUTPUT</td></tr>
 * <tr><td>output accepted in part, or refused</td><td>CHAR_WRITE: the count, or would-block</td>
 *     <td>gives that answer, passes the accepted bytes on</td></tr>
 * <tr><td>room again</td><td>CHAR_LINK writable</td><td>applies it at the stamp; the model offers again</td></tr>
 * <tr><td>output to a backend that is gone</td><td>CHAR_WRITE: closed, once until the link opens</td>
 *     <td>gives that answer</td></tr>
 * <tr><td>credit granted</td><td>nothing: it follows from the guest's reads</td><td>nothing</td></tr>
 * <tr><td>BREAK out, line parameters, modem outputs</td><td>nothing: state of the model</td><td>nothing</td></tr>
 * </table>
 *
 * <p>Nothing is lost on the way: what a guest has no room for waits in the model within the credit, then with the
 * backend, then with the host; what the host has no room for waits in the ring, then in the transmit FIFO, and the guest
 * sees it in LSR. {@link dev.reprise.chardev.host.BackendCounters} says how much waited and how long.
 */
package dev.reprise.chardev;
