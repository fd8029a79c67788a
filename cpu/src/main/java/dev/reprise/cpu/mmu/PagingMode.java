package dev.reprise.cpu.mmu;

/** The largest page-table format that {@code satp} accepts; smaller ones are accepted too. */
public enum PagingMode {
    SV39,
    SV48
}
