/**
 * What a machine is: the settings that stand in a recording's manifest, checked, since a recording is not to be trusted.
 */
package dev.reprise.machine.config;
