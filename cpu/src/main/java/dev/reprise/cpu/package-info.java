package dev.reprise.cpu;
