package dev.reprise.machine.load;

/**
 * What the machine is started with. Each may be null, but not both bios and kernel.
 *
 * @param bios firmware: ELF or raw
 * @param kernel Linux Image or ELF
 * @param initrd any bytes
 */
public record BootImages(ImageFile bios, ImageFile kernel, ImageFile initrd) {}
