/** Guests that are not deterministic, each in its own way: what the contract must catch. */
package dev.reprise.proptest.canary;
