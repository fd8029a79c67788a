package dev.reprise.engine;
