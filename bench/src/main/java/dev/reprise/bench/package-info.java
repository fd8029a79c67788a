package dev.reprise.bench;
