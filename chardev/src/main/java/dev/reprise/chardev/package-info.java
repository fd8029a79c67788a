package dev.reprise.chardev;
