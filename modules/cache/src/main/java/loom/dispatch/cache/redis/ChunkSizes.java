package loom.dispatch.cache.redis;

/**
 * How much is written at once. Redis serves nobody else meanwhile, so this is how long anybody
 * waits for one shard.
 *
 * @param transaction most values in one of many transactions that follow each other
 * @param swap most changed values in the one transaction that swaps a large guild
 * @param swapBytes most bytes of these
 */
public record ChunkSizes(int transaction, int swap, int swapBytes) {
    /**
     * 500 SETs of 1 KB and their set members keep Redis about 2 ms. A swap may take 20 ms, since
     * there is one only when a large guild comes that is known.
     */
    public static final ChunkSizes DEFAULT = new ChunkSizes(500, 5_000, 4 << 20);

    /** All are positive, or nothing would ever be written. */
    public ChunkSizes {
        if (transaction < 1 || swap < 0 || swapBytes < 0) {
            throw new IllegalArgumentException("bounds of nothing");
        }
    }
}
