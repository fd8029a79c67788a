/**
 * Record and replay of deterministic guests: what an embedder implements ({@link dev.reprise.engine.Guest}) and is given
 * ({@link dev.reprise.engine.Session}, made by {@link dev.reprise.engine.Sessions}).
 *
 * <pre>
 *   record   host threads --publish--> +-----------+ --poll at a boundary--> +--------------+ --stamp, journal, apply
 *                                      | InboxRing |                         | guest thread |         |
 *                                      +-----------+                         +--------------+         v
 *            +---------------+ <--JournalWriter-- +-----------+ <-----poll----- +-------------+ <-----+
 *            | segment files |                    | journaler |                 | JournalRing |
 *            +---------------+                    +-----------+                 +-------------+
 *
 *   output   guest thread --accept--> OutputRing (one per backend) --released--> a backend's writer thread --> host
 *
 *   replay   segment files --JournalReader--> reader thread --> ReplayRing --> guest thread: runUntil(stamp); apply
 * </pre>
 *
 * <table>
 * <caption>Threads</caption>
 * <tr><th>thread</th><th>owns</th><th>takes from</th><th>hands to</th></tr>
 * <tr><td>a backend's reader and writer</td><td>one host descriptor</td><td>the host; its OutputRing</td>
 *     <td>InboxRing; the host</td></tr>
 * <tr><td>guest (the caller of {@code run})</td><td>the guest, the position, guest time</td>
 *     <td>InboxRing or ReplayRing, at a boundary</td><td>JournalRing, OutputRings</td></tr>
 * <tr><td>journaler</td><td>the files, the written and durable positions</td><td>JournalRing</td><td>disk</td></tr>
 * <tr><td>reader</td><td>the files of a replay</td><td>disk</td><td>ReplayRing</td></tr>
 * </table>
 *
 * <h2>Glossary</h2>
 * <ul>
 * <li><b>position</b>: a 64-bit count in the guest's unit; a position names a state. <b>Stamp</b>: the position at which
 *     an event took effect. <em>The state at s</em> is the one before the inputs stamped s.</li>
 * <li><b>input</b>: an event from outside. <b>Outcome</b>: the answer to a question of the guest. <b>Witness</b>: what
 *     the guest computed, kept to be compared. See {@link dev.reprise.engine.event.EventKind}.</li>
 * <li><b>boundary</b>: where the guest thread looks at the inbox. <b>Quantum</b>: the most that it runs between two.</li>
 * <li><b>group</b>: the unit of writing, checksumming, compression and durability. <b>Segment</b>: a file of groups.
 *     <b>Chain</b>: the hashes that link them; its last link is the <b>head hash</b>.</li>
 * <li><b>ledger</b>: count and running hash of what a device has put out.</li>
 * <li><b>front end</b>, <b>back end</b>: the halves of a character device ({@link dev.reprise.engine.character}).
 *     <b>Credit</b>: how many bytes a back end may still publish.</li>
 * <li><b>checkpoint</b>: a named place on the guest's path ({@link dev.reprise.engine.CheckpointKind}), witnessed like an
 *     interrupt or an exception.</li>
 * <li><b>blocker</b>: why a run cannot be recorded.</li>
 * <li><b>digest</b>: SHA-256 over the canonical bytes of the state at a position.</li>
 * </ul>
 *
 * <h2>Order at one position</h2>
 * A reset that the guest asked for; output events; the digest; a clock adjustment; inputs in log order; then the guest
 * runs on, and what it asks or does there carries the same stamp.
 *
 * <h2>A map of the origin</h2>
 * QEMU's record/replay is where this comes from. One row for each function of its interface: what it is here, and a test
 * that shows it.
 *
 * <table>
 * <caption>QEMU's replay interface</caption>
 * <tr><th>there</th><th>here</th><th>test</th></tr>
 * <tr><td>configure, start, finish</td><td>{@code Sessions.record} and {@code replay} from a {@code SessionConfig};
 *     {@code Session.close}</td>
 *     <td>{@code ToyConsoleTest.shouldReplayWhatWasRecorded}</td></tr>
 * <tr><td>add blocker</td><td>{@code SessionConfig.blockRecording}: all reasons at once</td>
 *     <td>{@code CharDeviceTest.shouldRefuseToRecordWithAllTheReasonsOnce}</td></tr>
 * <tr><td>current step</td><td>{@code Guest.position}; each event is stamped with it</td>
 *     <td>{@code SessionTest.shouldStopAtTheAskedPositionWithTheSameDigestWhateverTheSlices}</td></tr>
 * <tr><td>instructions to run</td><td>{@code ReplaySession.nextStop}: no further than the next event's stamp</td>
 *     <td>{@code DeterminismContract.shouldReplayAlikeWhateverTheQuantaAndSlices}</td></tr>
 * <tr><td>account executed instructions</td><td>none: the guest counts, and a stamp is absolute</td>
 *     <td>{@code SessionTest.shouldResetAtTheNextStopPointAndGoOnCounting}</td></tr>
 * <tr><td>exception</td><td>{@code Session.exceptionRaised}: in the digest, an event by option</td>
 *     <td>{@code WitnessTest.shouldStopAReplayThatTakesOrPassesOneElsewhere}</td></tr>
 * <tr><td>has exception</td><td>none: the guest computes it again, and the event is compared</td>
 *     <td>{@code WitnessedMachineTest.shouldReplayEachAndStopWhereOneIsGone}</td></tr>
 * <tr><td>interrupt</td><td>{@code Session.interruptTaken}: in the digest, an event by option</td>
 *     <td>{@code WitnessTest.shouldStopAReplayThatTakesOrPassesOneElsewhere}</td></tr>
 * <tr><td>has interrupt (pending, does not proceed)</td><td>none: whether one is pending follows from the inputs at
 *     their stamps; peeking at the log (ReplayRing.peek) takes nothing</td>
 *     <td>{@code WitnessedMachineTest.shouldReplayEachAndStopWhereOneIsGone}</td></tr>
 * <tr><td>save clock</td><td>{@code LiveSession.liveClock}: CLOCK_READ</td>
 *     <td>{@code CharDeviceTest.shouldGiveOneValueOfAClockPerStepAndRecordOneThatGoesBack}</td></tr>
 * <tr><td>read clock</td><td>{@code ReplaySession.liveClock}</td>
 *     <td>{@code CharDeviceTest.shouldGiveOneValueOfAClockPerStepAndRecordOneThatGoesBack}</td></tr>
 * <tr><td>cached clock</td><td>{@code SessionBase.readClock}: one value per clock and position</td>
 *     <td>{@code CharDeviceTest.shouldGiveOneValueOfAClockPerStepAndRecordOneThatGoesBack}</td></tr>
 * <tr><td>shutdown request</td><td>{@code Session.publishShutdown}: SHUTDOWN_REQUEST; the guest's own is a
 *     witness</td>
 *     <td>{@code RecordReplayTest.shouldEndAGuestThatNeverStopsWhenAsked}</td></tr>
 * <tr><td>checkpoint</td><td>{@code Session.checkpoint}: met, or not yet</td>
 *     <td>{@code WitnessTest.shouldTellTheCallerWhetherACheckpointIsMetOrNotYet}</td></tr>
 * <tr><td>events: enable, disable</td><td>none: inputs are taken whenever a session runs, and with recording off
 *     they are not journaled</td>
 *     <td>{@code SessionTest.shouldAskTheHostNothingInReplay}</td></tr>
 * <tr><td>events: flush</td><td>a boundary: {@code InboxRing.poll}</td>
 *     <td>{@code DeterminismContract.shouldReplayWhatAThreadOfTheHostPublishedWhenItLiked}</td></tr>
 * <tr><td>events: clear</td><td>none: what is published after the end is refused by the ring</td>
 *     <td>{@code StartPublishCloseTest.shouldLoseNothing}</td></tr>
 * <tr><td>events: has events</td><td>{@code InboxRing.arm}, then one more poll</td>
 *     <td>{@code DeterminismContract.shouldReplayWhatAThreadOfTheHostPublishedWhenItLiked}</td></tr>
 * <tr><td>bottom half event</td><td>place in the schema (DEFERRED_CALL); no device of ours defers a call</td>
 *     <td>{@code EventCodecTest.shouldTakeEveryKindThroughWithEveryFieldAtItsExtremes}</td></tr>
 * <tr><td>one-shot bottom half event</td><td>place in the schema (DEFERRED_CALL_ONCE); no device of ours defers a
 *     call</td>
 *     <td>{@code EventCodecTest.shouldTakeEveryKindThroughWithEveryFieldAtItsExtremes}</td></tr>
 * <tr><td>input event</td><td>USER_INPUT by {@code InputPort.publish}; the devices come with a later issue</td>
 *     <td>{@code DeterminismContract.shouldNoticeEveryChangeOfTheLog}</td></tr>
 * <tr><td>input sync event</td><td>place in the schema (USER_INPUT_SYNC); the devices come with a later issue</td>
 *     <td>{@code EventCodecTest.shouldTakeEveryKindThroughWithEveryFieldAtItsExtremes}</td></tr>
 * <tr><td>block event, next block event id</td><td>place in the schema (BLOCK_COMPLETION); the devices come with a
 *     later issue</td>
 *     <td>{@code EventCodecTest.shouldTakeEveryKindThroughWithEveryFieldAtItsExtremes}</td></tr>
 * <tr><td>register char driver</td><td>{@code SessionConfig.device}: name, kind and revision in the manifest</td>
 *     <td>{@code CharDeviceTest.shouldRefuseAReplayWithOtherDevicesListingBothSets}</td></tr>
 * <tr><td>char be_write</td><td>{@code InputPort.publishBytes}: CHAR_INPUT</td>
 *     <td>{@code CharOutcomeTableTest.shouldLogBytesThatArrive}</td></tr>
 * <tr><td>char write: save</td><td>{@code LiveSession.output}: CHAR_WRITE unless accepted whole</td>
 *     <td>{@code CharModelTest.shouldTellTheGuestInReplayWhatItWasToldInRecordCallByCall}</td></tr>
 * <tr><td>char write: load</td><td>{@code ReplaySession.output}</td>
 *     <td>{@code CharModelTest.shouldTellTheGuestInReplayWhatItWasToldInRecordCallByCall}</td></tr>
 * <tr><td>char read-all: load</td><td>{@code ReplaySession.readAll}</td>
 *     <td>{@code CharOutcomeTableTest.shouldLogTheBytesOfAReadThatIsWhole}</td></tr>
 * <tr><td>char read-all: save error</td><td>{@code LiveSession.readAll}: CHAR_READ_ALL with the code, and with the
 *     bytes before it</td>
 *     <td>{@code CharOutcomeTableTest.shouldLogTheBytesBeforeAnErrorOfARead}</td></tr>
 * <tr><td>char read-all: save buffer</td><td>{@code LiveSession.readAll}: CHAR_READ_ALL</td>
 *     <td>{@code CharOutcomeTableTest.shouldLogTheBytesOfAReadThatIsWhole}</td></tr>
 * <tr><td>register net, unregister net</td><td>{@code SessionConfig.device}; the devices come with a later issue</td>
 *     <td>{@code CharDeviceTest.shouldRefuseByNameToRemoveADeviceOfARecording}</td></tr>
 * <tr><td>net packet event</td><td>NET_PACKET by {@code InputPort.publish}; the devices come with a later issue</td>
 *     <td>{@code SessionTest.shouldApplyMessagesLongerThanASlotWhole}</td></tr>
 * <tr><td>put byte, word, dword, qword</td><td>{@code EventCodec.encode}: varints, and eight bytes for a hash</td>
 *     <td>{@code EventCodecTest.shouldTakeAnyStreamThrough}</td></tr>
 * <tr><td>put array</td><td>{@code EventCodec.encode}: a payload, cut into slots</td>
 *     <td>{@code SessionTest.shouldApplyMessagesLongerThanASlotWhole}</td></tr>
 * <tr><td>get byte, word, dword, qword</td><td>{@code EventCodec.decode}: total, no bytes make it fail otherwise
 *     than by MALFORMED</td>
 *     <td>{@code EventCodecTest.shouldDecodeOrRefuseAnyBytesAndWriteTheSameAgain}</td></tr>
 * <tr><td>get array</td><td>{@code EventCodec.decode} into a slot; its length is bounded first</td>
 *     <td>{@code EventCodecTest.shouldRefuseEveryCutRecord}</td></tr>
 * <tr><td>get array with allocation</td><td>{@code ReplayRing.peek} puts a message together; bounded, and grown
 *     once</td>
 *     <td>{@code SessionTest.shouldApplyMessagesLongerThanASlotWhole}</td></tr>
 * <tr><td>mutex: init, lock, unlock</td><td>none: the guest thread owns the session, and rings stand between it and
 *     all others</td>
 *     <td>{@code InvertedGuestTest.shouldNameBothThreadsWhenAskedFromTheWrongOne}</td></tr>
 * <tr><td>check error</td><td>the first failure poisons the run ({@code Poison})</td>
 *     <td>{@code JournalerTest.shouldAcknowledgeNothingAfterTheFirstFailureAndKeepWhatItAcknowledged}</td></tr>
 * <tr><td>finish event</td><td>{@code ReplayRing.take}</td>
 *     <td>{@code DeterminismContract.shouldNoticeEveryChangeOfTheLog}</td></tr>
 * <tr><td>fetch data kind</td><td>{@code ReplayRing.peek}</td>
 *     <td>{@code SessionTest.shouldReportAnOutcomeThatWasNotAskedFor}</td></tr>
 * <tr><td>next event is</td><td>{@code ReplaySession.expect}: the next event is the answer, or this is another
 *     run</td>
 *     <td>{@code SessionTest.shouldReportAnOutcomeThatWasNotAskedFor}</td></tr>
 * </table>
 */
package dev.reprise.engine;
