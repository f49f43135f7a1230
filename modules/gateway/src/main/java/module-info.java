/** Discord's gateway: holds the shards' connections and yields their dispatch events in order. */
module loom.dispatch.gateway {
    requires transitive loom.dispatch.runtime;
    requires java.net.http;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.jr.ob;
    requires com.github.luben.zstd_jni;

    exports loom.dispatch.gateway;
}
