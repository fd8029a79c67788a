/** Sessions whose answers come from a log, and the reports when a guest does not follow it. */
package dev.reprise.engine.replay;
