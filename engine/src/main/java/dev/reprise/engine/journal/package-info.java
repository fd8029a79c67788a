/** The log: manifest, segments of chained groups, mark; writer and reader side by side. */
package dev.reprise.engine.journal;
