/** Instruments and the HTTP side: what operators and orchestrators see of the service. */
module loom.dispatch.metrics {
    requires transitive loom.dispatch.runtime;
    requires simpleclient;
    requires simpleclient.hotspot;
    requires simpleclient.common;
    requires jdk.httpserver;

    exports loom.dispatch.metrics;
}
