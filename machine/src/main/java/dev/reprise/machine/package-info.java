package dev.reprise.machine;
