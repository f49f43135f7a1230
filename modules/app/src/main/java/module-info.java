/** The service itself: configuration, wiring and the life of the process. */
module loom.dispatch.app {
    requires loom.dispatch.gateway;
    requires loom.dispatch.cache;
    requires loom.dispatch.broker;
    requires loom.dispatch.metrics;
    requires transitive java.logging;
    requires java.net.http;
    requires com.fasterxml.jackson.jr.ob;

    exports loom.dispatch.app;
    // The JDK's logging creates the log manager that survives the shutdown hooks.
    exports loom.dispatch.app.log to
            java.logging;
}
