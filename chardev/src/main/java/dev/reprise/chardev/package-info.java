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
 * <tr><td>{@code chardev-tcp-in}, and of pty, unix, telnet</td><td>the peer that is there, what is held</td><td>the next
 *     peer; its bytes, 50 ms at a time (a pty: without a bound); credit, 20 ms, looking between for the next peer if this
 *     one is gone</td><td>no further peer, end of the run</td></tr>
 * <tr><td>{@code chardev-NAME-out}</td><td>the output descriptor; it alone writes to a peer, what the reader has for it
 *     included (echo, help)</td><td>released bytes, 50 ms at a time; or the host
 *     in a write, without a bound (a daemon)</td><td>the run has ended and all is written, or the host is gone</td></tr>
 * <tr><td>{@code chardev-stdio-echo}</td><td>the terminal, for what is typed there</td><td>something to show, 50 ms at a
 *     time; or the terminal, without a bound (a daemon)</td><td>end of the run</td></tr>
 * <tr><td>{@code chardev-logfile}</td><td>a log file that is no regular file</td><td>something to write; or the file, without a
 *     bound (a daemon; whoever hands it something waits two seconds at most, once)</td><td>end of the run, or the file is given
 *     up</td></tr>
 * <tr><td>{@code chardev-pty-end}</td><td>at the end, what nobody has read of a pty</td><td>the terminal (a daemon)</td><td>nothing
 *     is left</td></tr>
 * <tr><td>{@code chardev-stdio-help}</td><td>nothing: prints the help to standard error, once for each Ctrl-A h</td><td>whoever
 *     reads standard error (a daemon)</td><td>all is printed</td></tr>
 * <tr><td>{@code chardev-NAME-monitor}</td><td>where a monitor shares the backend: nothing</td><td>as the one above, for the
 *     monitor's port</td><td>as above</td></tr>
 * <tr><td>guest</td><td>the models</td><td>never for a backend</td><td></td></tr>
 * </table>
 *
 * <table>
 * <caption>Every call and outcome of a character device ({@link dev.reprise.engine.character}); the last column names the
 *     test in {@code CharOutcomeTableTest}</caption>
 * <tr><th>call</th><th>outcome</th><th>record writes</th><th>replay returns</th><th>test</th></tr>
 * <tr><td>write</td><td>accepted whole</td><td>nothing; OUTPUT at the boundary: count and hash so far</td>
 *     <td>the count; passes the bytes on, compares with OUTPUT</td>
 *     <td>{@code shouldLogNothingForAWriteThatIsAcceptedWhole}</td></tr>
 * <tr><td>write</td><td>short, as the back end chose</td><td>CHAR_WRITE: count, offset</td>
 *     <td>that count; passes as many bytes on</td>
 *     <td>{@code shouldLogTheCountOfAShortWrite}</td></tr>
 * <tr><td>write</td><td>short, then would-block: the ring is full</td><td>CHAR_WRITE: count, then would-block</td>
 *     <td>the same two</td>
 *     <td>{@code shouldLogTheCountOfAWriteThatFillsTheRing}</td></tr>
 * <tr><td>write</td><td>nothing (0)</td><td>CHAR_WRITE: 0</td>
 *     <td>0</td>
 *     <td>{@code shouldLogAWriteOfWhichNothingWasAccepted}</td></tr>
 * <tr><td>write</td><td>would-block</td><td>CHAR_WRITE: would-block</td>
 *     <td>would-block</td>
 *     <td>{@code shouldLogAWriteThatWouldBlock}</td></tr>
 * <tr><td>write</td><td>each error by its code</td><td>CHAR_WRITE: the code</td>
 *     <td>the code</td>
 *     <td>{@code shouldLogEachErrorOfAWriteByItsCode}</td></tr>
 * <tr><td>write</td><td>the back end is gone</td><td>CHAR_WRITE: why</td>
 *     <td>why</td>
 *     <td>{@code shouldLogTheReasonOfABackEndThatIsGone}</td></tr>
 * <tr><td>writeAll</td><td>whole after some tries</td><td>CHAR_WRITE for each try that is not whole</td>
 *     <td>the same tries</td>
 *     <td>{@code shouldLogEachTryOfAWriteAllThatIsNotAcceptedWhole}</td></tr>
 * <tr><td>writeAll</td><td>an error after some bytes</td><td>CHAR_WRITE: count; CHAR_WRITE: the code</td>
 *     <td>count and code</td>
 *     <td>{@code shouldKeepTheBytesBeforeAnErrorOfAWriteAll}</td></tr>
 * <tr><td>readAll</td><td>whole</td><td>CHAR_READ_ALL: length, 0, the bytes</td>
 *     <td>the bytes</td>
 *     <td>{@code shouldLogTheBytesOfAReadThatIsWhole}</td></tr>
 * <tr><td>readAll</td><td>an error after some bytes</td><td>CHAR_READ_ALL: length, code, the bytes</td>
 *     <td>both</td>
 *     <td>{@code shouldLogTheBytesBeforeAnErrorOfARead}</td></tr>
 * <tr><td>readAll</td><td>end of file after some bytes</td><td>CHAR_READ_ALL: length, end of file, the bytes</td>
 *     <td>both</td>
 *     <td>{@code shouldLogTheBytesBeforeTheEndOfFile}</td></tr>
 * <tr><td>readAll</td><td>end of file</td><td>CHAR_READ_ALL: length, end of file</td>
 *     <td>end of file</td>
 *     <td>{@code shouldLogTheEndOfFileAsAnOutcomeOfItsOwn}</td></tr>
 * <tr><td>readAll</td><td>would-block</td><td>CHAR_READ_ALL: length, would-block</td>
 *     <td>would-block</td>
 *     <td>{@code shouldLogAReadThatWouldBlock}</td></tr>
 * <tr><td>readAll</td><td>no back end that can be read</td><td>CHAR_READ_ALL: length, not supported</td>
 *     <td>not supported</td>
 *     <td>{@code shouldLogThatNobodyCanBeRead}</td></tr>
 * <tr><td>control</td><td>obeyed, with an answer</td><td>CHAR_CONTROL: request, argument, 0, the answer</td>
 *     <td>the answer; another request or argument diverges</td>
 *     <td>{@code shouldLogTheAnswerToARequest}</td></tr>
 * <tr><td>control</td><td>an error</td><td>CHAR_CONTROL: request, argument, code</td>
 *     <td>the code</td>
 *     <td>{@code shouldLogTheErrorOfARequest}</td></tr>
 * <tr><td>control</td><td>no back end that obeys</td><td>CHAR_CONTROL: request, argument, not supported</td>
 *     <td>not supported</td>
 *     <td>{@code shouldLogThatARequestIsNotSupported}</td></tr>
 * <tr><td>descriptors</td><td>not supported, always</td><td>CHAR_DESCRIPTORS: request, not supported</td>
 *     <td>not supported</td>
 *     <td>{@code shouldRefuseMessageDescriptorsInRecordAndInReplay}</td></tr>
 * <tr><td>bytes from the back end</td><td>given at a boundary</td><td>CHAR_INPUT: the bytes</td>
 *     <td>gives them at the stamp</td>
 *     <td>{@code shouldLogBytesThatArrive}</td></tr>
 * <tr><td>link opened</td><td>given at a boundary</td><td>CHAR_LINK opened</td>
 *     <td>gives it at the stamp</td>
 *     <td>{@code shouldLogALinkThatIsOpened}</td></tr>
 * <tr><td>link closed</td><td>given at a boundary</td><td>CHAR_LINK closed</td>
 *     <td>gives it at the stamp</td>
 *     <td>{@code shouldLogALinkThatIsClosed}</td></tr>
 * <tr><td>BREAK in</td><td>given at a boundary</td><td>CHAR_LINK BREAK</td>
 *     <td>gives it at the stamp</td>
 *     <td>{@code shouldLogABreak}</td></tr>
 * <tr><td>mux in</td><td>given at a boundary</td><td>CHAR_LINK mux in, front end</td>
 *     <td>gives it at the stamp</td>
 *     <td>{@code shouldLogAFrontEndThatIsGivenTheFocus}</td></tr>
 * <tr><td>mux out</td><td>given at a boundary</td><td>CHAR_LINK mux out, front end</td>
 *     <td>gives it at the stamp</td>
 *     <td>{@code shouldLogAFrontEndThatLosesTheFocus}</td></tr>
 * <tr><td>room again</td><td>given at a boundary</td><td>CHAR_LINK writable</td>
 *     <td>gives it at the stamp</td>
 *     <td>{@code shouldLogThatThereIsRoomAgain}</td></tr>
 * <tr><td>input refused</td><td>given at a boundary</td><td>CHAR_LINK refused, how many bytes</td>
 *     <td>gives it at the stamp</td>
 *     <td>{@code shouldLogInputThatWasRefused}</td></tr>
 * <tr><td>canReceive</td><td>credit</td><td>nothing: it follows from the guest</td>
 *     <td>nothing; live input is taken and dropped</td>
 *     <td>{@code shouldLogNothingForCreditAndIgnoreLiveInputInReplay}</td></tr>
 * <tr><td>remove</td><td>refused, by name and with the reason</td><td>nothing</td>
 *     <td>refuses too</td>
 *     <td>{@code shouldRefuseToRemoveADeviceInRecordAndInReplay}</td></tr>
 * </table>
 *
 * <p>The UART uses {@code write}, {@code control} (line parameters and BREAK out) and {@code canReceive}; of what it is told
 * the link's state is no register, a BREAK is a character with its status, and refused input is an overrun.
 *
 * <p>Nothing is lost silently: what a guest has no room for waits in the model within the credit, then with the
 * backend, then with the host; what the host has no room for waits in the ring, then in the transmit FIFO, and the guest
 * sees it in LSR. Where {@code full=refuse} is chosen, input beyond the bound, and
 * output while no peer is there, is refused by an event; a peer that stalls is waited for. A device that was told that nobody
 * is there asks again when the link opens, so it is told the moment a peer is there, even while input of an earlier one is
 * held; the peer's own event follows when its turn has come.
 *
 * <table>
 * <caption>Where a byte may end otherwise than where it was to go, and who counts it</caption>
 * <tr><th>what</th><th>counted as</th></tr>
 * <tr><td>output that a host has not taken when it is waited for no longer, or that no peer is there for at the end</td>
 *     <td>{@code lostBytes} of {@link dev.reprise.chardev.host.BackendCounters}</td></tr>
 * <tr><td>output that nobody has read of a pty by the end, opened or not</td><td>{@code lostBytes}, to the byte; where echo or
 *     a monitor shares the pty, the guest's first</td></tr>
 * <tr><td>output in the ring of a host that has gone, or of one that refuses while it has no peer</td>
 *     <td>{@code lostBytes}</td></tr>
 * <tr><td>output of a replay for a host that has gone or was given up, which the guest is told was taken</td>
 *     <td>{@code lostBytes}</td></tr>
 * <tr><td>characters of a guest whose back end has answered that it is gone</td><td>{@code unheard} of
 *     {@link dev.reprise.chardev.guest.TransmitCounters}</td></tr>
 * <tr><td>characters that the guest writes over in a full transmitter, or clears with it</td><td>{@code discarded}</td></tr>
 * <tr><td>characters in the transmitter at the end</td><td>{@code waiting}</td></tr>
 * <tr><td>input beyond the bound, with {@code full=refuse} or behind an operator's keys</td><td>{@code refusedBytes}; the
 *     guest is told</td></tr>
 * <tr><td>input that the guest has not taken at the end</td><td>{@code heldBytes}</td></tr>
 * <tr><td>what is typed at a monitor that does not come to take it</td><td>{@code refusedBytes} of the monitor</td></tr>
 * <tr><td>echo and help for a peer, and echo for a terminal, that does not take them</td><td>{@code echoLostBytes}</td></tr>
 * <tr><td>what has passed and a log file has not taken</td><td>{@code logLostBytes}</td></tr>
 * <tr><td>a BREAK of the guest's whose turn comes while no peer is there</td><td>nobody: it is a moment of the line</td></tr>
 * </table>
 *
 * <p>What a guest has written and the back end accepted is {@code bytesOut + lostBytes} at the end. Out of our sight, and in
 * {@code bytesOut}, is what a kernel has taken for a socket's peer or a pipe's reader that never reads it; and who has read
 * what of a pty that several have opened. What a peer has sent and nobody here has read yet is the host's, and in no count:
 * at the end, and of the first of more than 64 peers that came and went before a guest that takes nothing.
 */
package dev.reprise.chardev;
