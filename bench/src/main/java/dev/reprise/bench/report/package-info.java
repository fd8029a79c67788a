/**
 * One report of all suites: figures by JMH ({@link dev.reprise.bench.report.Measurer}) into a file for programs and a
 * page for people, and beside those of an earlier report.
 */
package dev.reprise.bench.report;
