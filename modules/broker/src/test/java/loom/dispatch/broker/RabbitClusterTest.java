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

/** A cluster of three with a quorum queue loses the node that leads it, under load. */
class RabbitClusterTest {

    @Test
    void losesNothingWhenTheNodeThatLeadsTheQueueIsKilled() throws Exception {
        Optional<RabbitCluster> started = Servers.rabbitCluster();
        assumeTrue(started.isPresent(), "NOT TESTED: RabbitMQ is not installed");
        try (RabbitCluster cluster = started.get()) {
            List<RabbitServer> nodes = cluster.nodes();
            String members = nodes.getLast().rabbitmqctl("cluster_status");
            for (String node : List.of("c1@localhost", "c2@localhost", "c3@localhost")) {
                assertTrue(members.contains(node), members);
            }
            // The lanes go through the first node, where the queue is declared and so is led.
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
