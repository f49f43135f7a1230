/** Collects metrics and serves metrics, health checks and the status page over HTTP. */
module loom.dispatch.metrics {
    requires transitive loom.dispatch.runtime;
    requires simpleclient;
    requires simpleclient.hotspot;
    requires simpleclient.common;
    requires jdk.httpserver;
    requires com.fasterxml.jackson.jr.ob;

    exports loom.dispatch.metrics;
}
