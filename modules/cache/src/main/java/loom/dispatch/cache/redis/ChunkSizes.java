package loom.dispatch.cache.redis;

/**
 * Limits how much one transaction writes. Redis serves no other client during a transaction.
 *
 * @param transaction most values in each of several consecutive transactions
 * @param swap most changed values in the one transaction that replaces a large guild
 * @param swapBytes most bytes of these changed values
 */
public record ChunkSizes(int transaction, int swap, int swapBytes) {
    /**
     * 500 SETs of 1 KB with their set members occupy Redis for about 2 ms. A swap may take 20 ms,
     * because it happens only when Discord sends a large guild that the cache already holds.
     */
    public static final ChunkSizes DEFAULT = new ChunkSizes(500, 5_000, 4 << 20);

    /** Checks that each transaction can write something. */
    public ChunkSizes {
        if (transaction < 1 || swap < 0 || swapBytes < 0) {
            throw new IllegalArgumentException(
                    "transaction must be positive, swap and swapBytes must not be negative");
        }
    }
}
