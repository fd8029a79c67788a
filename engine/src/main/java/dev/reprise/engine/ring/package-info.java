/** Hand-off between threads: bounded, preallocated rings whose waits look for stop and poison. */
package dev.reprise.engine.ring;
