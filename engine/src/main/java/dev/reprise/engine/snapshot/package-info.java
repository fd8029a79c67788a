/** States as bytes in memory. */
package dev.reprise.engine.snapshot;
