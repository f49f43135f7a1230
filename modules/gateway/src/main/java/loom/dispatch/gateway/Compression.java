package loom.dispatch.gateway;

/** The transport compression that the shards request (protocol section 2). */
public enum Compression {
    /** Uncompressed text messages, for debugging. */
    NONE,
    /** One zlib stream per connection. */
    ZLIB_STREAM,
    /** One zstd stream per connection. It is smaller than zlib and cheaper to decode. */
    ZSTD_STREAM
}
