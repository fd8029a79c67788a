/**
 * The main job on the built-in guest: record it while keys are typed live, replay it in another process, compare.
 */
package dev.reprise.machine.demo;
