package dev.reprise.machine.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a RISC-V Linux Image (Linux, Documentation/arch/riscv/boot-image-header.rst).
 *
 * <pre>
 *   offset  0  code, 8 bytes
 *           8  text_offset, u64       from the start of RAM
 *          16  image_size, u64        in memory, .bss included
 *          24  flags, u64             bit 0: big-endian
 *          32  version, u32
 *          48  "RISCV\0\0\0"          deprecated magic
 *          56  "RSC\5"                magic
 * </pre>
 *
 * @param textOffset where it wants to stand, from the start of RAM; a multiple of 4 KiB
 * @param memoryBytes what it takes in memory, at least the file's length
 */
public record LinuxImage(long textOffset, long memoryBytes) {

    private static final int HEADER_BYTES = 64;
    private static final int MAGIC = 0x0543_5352;

    public static boolean isImage(ImageFile file) {
        return file.bytes().length >= HEADER_BYTES && buffer(file).getInt(56) == MAGIC;
    }

    /** @throws LoadException if the header's values make no sense for this machine */
    public static LinuxImage parse(ImageFile file) throws LoadException {
        if (!isImage(file)) {
            throw new LoadException(file.name() + ": is neither an ELF file nor a Linux Image");
        }
        ByteBuffer in = buffer(file);
        long textOffset = in.getLong(8);
        long imageBytes = in.getLong(16);
        if ((in.getLong(24) & 1) != 0) {
            throw new LoadException(file.name() + ": is a big-endian Linux Image");
        }
        if (textOffset < 0 || textOffset % 4096 != 0) {
            throw new LoadException(file.name() + ": impossible text offset in the Image header: 0x"
                    + Long.toHexString(textOffset));
        }
        if (imageBytes < 0 || imageBytes > 1L << 40) {
            throw new LoadException(file.name() + ": impossible size in the Image header: 0x"
                    + Long.toHexString(imageBytes));
        }
        return new LinuxImage(textOffset, Math.max(imageBytes, file.bytes().length));
    }

    private static ByteBuffer buffer(ImageFile file) {
        return ByteBuffer.wrap(file.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
}
