package loom.dispatch.gateway.protocol;

import loom.dispatch.gateway.Compression;

import java.net.URI;
import java.net.URISyntaxException;

/** Adds the version, the encoding and the compression to a gateway URL (protocol section 1.2). */
public final class GatewayUrl {
    private GatewayUrl() {}

    /**
     * Returns the URL to connect to.
     *
     * @param base the URL from {@code /gateway/bot} or READY, with or without a path
     */
    public static URI of(URI base, Compression compression) {
        String path = base.getPath() == null || base.getPath().isEmpty() ? "/" : base.getPath();
        String query =
                "v=10&encoding=json"
                        + switch (compression) {
                            case NONE -> "";
                            case ZLIB_STREAM -> "&compress=zlib-stream";
                            case ZSTD_STREAM -> "&compress=zstd-stream";
                        };
        try {
            return new URI(
                    base.getScheme(), null, base.getHost(), base.getPort(), path, query, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no gateway URL: " + base, e);
        }
    }
}
