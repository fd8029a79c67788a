/**
 * The command line: one class per command, option groups that commands share, and how an ending becomes an exit status,
 * a last line and statistics.
 */
package dev.reprise.machine.cli;
