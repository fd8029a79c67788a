/**
 * One guest under one scenario: recorded, replayed, and what is compared between the two. The decorators here stand
 * between session and guest, so neither knows that it is being tested.
 */
package dev.reprise.proptest.run;
