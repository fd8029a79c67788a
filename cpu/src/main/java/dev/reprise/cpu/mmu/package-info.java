/** Address translation, physical memory protection and the software TLBs that hold their results. */
package dev.reprise.cpu.mmu;
