/** Sessions whose answers come from the host, recorded or not. */
package dev.reprise.engine.record;
