package dev.reprise.engine.journal;

import java.io.IOException;
import java.util.List;

/**
 * The files of one recording: all that the journal does with the file system passes here, so that faults can be put
 * between (a decorator) and the whole can stand in memory (a test).
 *
 * <p>Names are relative, with forward slashes: {@code segments/00000000.seg}.
 */
public interface FileLayer {

    /** Creates a file for reading and writing; fails if it exists. */
    LogFile create(String name) throws IOException;

    /** Opens an existing file for reading only. */
    LogFile open(String name) throws IOException;

    /** Opens an existing file for reading and writing. */
    LogFile openForWrite(String name) throws IOException;

    boolean exists(String name);

    /** Creates the folder and those above it, if missing. */
    void createFolder(String name) throws IOException;

    /** The plain names in the folder (empty string: the recording itself), sorted; empty if there is none. */
    List<String> list(String folder) throws IOException;

    /** Returns once the folder's entries are on the disk. */
    void forceFolder(String name) throws IOException;

    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;
}
