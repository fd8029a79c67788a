/** What is drawn at random: events of a log, acts of a host, scenarios. Plain values that print themselves. */
package dev.reprise.proptest.arbitrary;
