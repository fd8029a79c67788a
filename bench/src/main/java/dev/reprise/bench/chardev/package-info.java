/** What a character costs on its way through a UART, from a backend's thread to the guest's registers and back. */
package dev.reprise.bench.chardev;
