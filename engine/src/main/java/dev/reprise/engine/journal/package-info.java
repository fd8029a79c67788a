/**
 * The log: manifest, segments of chained groups, mark; writer and reader side by side.
 *
 * <pre>
 *   write    Journaler --events--> JournalWriter --groups--> LogFile     (the only writer there is)
 *   read     LogFile --> LogWalk --> GroupCheck --> LogOrder --> JournalReader --events-->
 *   check    LogFile --> LogWalk --> GroupCheck, many at once --> LogOrder --> LogCheck --> RecoveryRow
 *   recover  LogCheck --> RecoveryRow --> Recovery
 * </pre>
 *
 * {@link dev.reprise.engine.journal.RecoveryRow} is the decision table; the descriptors own the byte layouts;
 * {@link dev.reprise.engine.journal.FileLayer} is all that is known of a disk.
 */
package dev.reprise.engine.journal;
