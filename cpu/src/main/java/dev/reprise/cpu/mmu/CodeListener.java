package dev.reprise.cpu.mmu;

/** Holds predecoded code, and is told on the guest thread when stores are about to change it. */
public interface CodeListener {
    /** Bytes of a memory page that were marked as code are about to change. */
    void codeStored(int page, int offset, int length);
}
