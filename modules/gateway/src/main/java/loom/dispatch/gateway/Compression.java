package loom.dispatch.gateway;

/** The transport compression that is asked for (protocol section 2). */
public enum Compression {
    /** Plain text frames, for debugging. */
    NONE,
    /** One zlib stream for each connection. */
    ZLIB_STREAM,
    /** One zstd stream for each connection: less to receive and less work to decode. */
    ZSTD_STREAM
}
