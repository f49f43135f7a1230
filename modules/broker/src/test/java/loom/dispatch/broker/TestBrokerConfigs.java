package loom.dispatch.broker;

import loom.dispatch.servers.VirtualHost;

/** Broker settings for a test's virtual host: short waits, default queue. */
public final class TestBrokerConfigs {
    private TestBrokerConfigs() {}

    static BrokerConfig.Builder config(VirtualHost host) {
        return config(host, host.port());
    }

    /** The same through a proxy on another port. */
    public static BrokerConfig.Builder config(VirtualHost host, int port) {
        return BrokerConfig.builder()
                .endpoint(host.host(), port)
                .credentials(host.user(), new Password(host.password()))
                .virtualHost(host.name())
                .defaultQueue(true)
                .heartbeatSeconds(2)
                .backoff(new Backoff(20, 500));
    }
}
