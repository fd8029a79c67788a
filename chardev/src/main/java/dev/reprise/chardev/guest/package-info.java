/**
 * Register models: plain reads and writes at an offset, events applied, a timer that is due; the board maps them onto
 * its bus. Guest thread only. A model is a pure function of what is done to it: no host clock, no other thread.
 */
package dev.reprise.chardev.guest;
