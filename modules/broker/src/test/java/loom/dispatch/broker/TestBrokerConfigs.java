package loom.dispatch.broker;

import loom.dispatch.runtime.RetryBackoff;
import loom.dispatch.runtime.Secret;
import loom.dispatch.servers.VirtualHost;

/** Configurations for a test's virtual host, with short back-off delays and the default queue. */
public final class TestBrokerConfigs {
    private TestBrokerConfigs() {}

    public static BrokerConfig.Builder config(VirtualHost host) {
        return config(host, host.port());
    }

    /** The same configuration with another port, for example of a proxy. */
    public static BrokerConfig.Builder config(VirtualHost host, int port) {
        return BrokerConfig.builder()
                .endpoint(host.host(), port)
                .credentials(host.user(), new Secret(host.password()))
                .virtualHost(host.name())
                .defaultQueue(true)
                .heartbeatSeconds(2)
                .backoff(new RetryBackoff(20, 500));
    }
}
