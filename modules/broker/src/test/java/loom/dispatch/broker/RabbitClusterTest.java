package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.rabbit.RabbitCluster;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** Tests a cluster of three nodes that loses the leader of a quorum queue under load. */
class RabbitClusterTest {

    @Test
    void losesNoEventWhenQueueLeaderIsKilled() throws Exception {
        Optional<RabbitCluster> started = Servers.rabbitCluster();
        assumeTrue(started.isPresent(), "NOT TESTED: RabbitMQ is not installed");
        try (RabbitCluster cluster = started.get()) {
            List<RabbitServer> nodes = cluster.nodes();
            String members = nodes.getLast().rabbitmqctl("cluster_status");
            for (String node : List.of("c1@localhost", "c2@localhost", "c3@localhost")) {
                assertTrue(members.contains(node), members);
            }
            // The lanes use the first node. It declares the queue and therefore leads it.
            VirtualHost reader = nodes.getLast().virtualHost();
            BrokerConfig config =
                    TestBrokerConfigs.config(reader)
                            .endpoints(
                                    nodes.stream()
                                            .map(node -> new Endpoint(node.host(), node.port()))
                                            .toList())
                            .eventQueue(EventQueueArguments.of(EventQueueArguments.Type.QUORUM))
                            .build();
            try (OutageTestSetup outage = OutageTestSetup.underLoad(config, reader)) {
                nodes.getFirst().kill();
                outage.awaitProgress();
                assertTrue(outage.broker.stats().disconnects() >= 1);
                nodes.getFirst().start();
                outage.awaitProgress();
                outage.assertNothingLost("");
            }
        }
    }
}
