/** Looks in class files for what a guest must not call. */
package dev.reprise.proptest.scan;
