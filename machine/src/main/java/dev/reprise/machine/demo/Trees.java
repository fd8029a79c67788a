package dev.reprise.machine.demo;

import dev.reprise.engine.journal.Recording;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Copies, compares and removes small directories. */
final class Trees {

    private Trees() {}

    /** Copies a directory and takes the right to write from every copy. */
    static void copyReadOnly(Path from, Path to) throws IOException {
        try (Stream<Path> parts = Files.walk(from)) {
            for (Path part : (Iterable<Path>) parts::iterator) {
                Files.copy(part, to.resolve(from.relativize(part).toString()));
            }
        }
        setWritable(to, false);
    }

    private static void setWritable(Path root, boolean writable) throws IOException {
        try (Stream<Path> parts = Files.walk(root)) {
            for (Path part : (Iterable<Path>) parts::iterator) {
                String rights = (writable ? "rw" : "r-") + (Files.isDirectory(part) ? "x" : "-") + "------";
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(rights));
            }
        }
    }

    /** Every file by its relative name, with its SHA-256. */
    static SortedMap<String, String> hashes(Path root) throws IOException {
        SortedMap<String, String> hashes = new TreeMap<>();
        try (Stream<Path> parts = Files.walk(root)) {
            for (Path part : (Iterable<Path>) parts::iterator) {
                if (Files.isRegularFile(part)) {
                    hashes.put(root.relativize(part).toString(), Recording.sha256(part));
                }
            }
        }
        return hashes;
    }

    /** Removes a directory that this program made, read-only parts included. */
    static void remove(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        setWritable(root, true);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
