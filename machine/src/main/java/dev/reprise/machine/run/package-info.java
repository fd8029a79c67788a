/**
 * Machines in use: making one, the thread that it runs on, its state as a file, a test's signature.
 */
package dev.reprise.machine.run;
