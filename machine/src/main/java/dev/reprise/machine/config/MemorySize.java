package dev.reprise.machine.config;

/** Sizes as people write them: a number and K, M or G. */
public final class MemorySize {

    private MemorySize() {}

    /** @throws ConfigException if it is no size, or too large for a long */
    public static long parse(String text) throws ConfigException {
        int end = text.length();
        int shift = 0;
        if (end > 0) {
            shift = switch (text.charAt(end - 1)) {
                case 'K', 'k' -> 10;
                case 'M', 'm' -> 20;
                case 'G', 'g' -> 30;
                default -> 0;
            };
        }
        String digits = shift == 0 ? text : text.substring(0, end - 1);
        try {
            long number = Long.parseLong(digits);
            if (number < 0 || number > Long.MAX_VALUE >> shift) {
                throw new NumberFormatException(digits);
            }
            return number << shift;
        } catch (NumberFormatException e) {
            throw new ConfigException("not a size: '" + text + "' (write it as 512M)");
        }
    }
}
