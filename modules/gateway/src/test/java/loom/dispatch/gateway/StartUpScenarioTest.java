package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.simulator.EventGenerator;
import loom.dispatch.simulator.GuildShape;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A shard's first minutes: Discord is unavailable, or guilds' events arrive out of order. */
final class StartUpScenarioTest {
    private static final int MEMBERS = 100_000;
    private static final int MEMBERS_A_CHUNK = 1_000;

    @Test
    void shardStartsAfterFailedFirstConnects() throws Exception {
        try (var scenario = GatewayTestSetup.of(2)) {
            scenario.faults().refuseConnections(true);
            scenario.start();
            scenario.await("several failures", () -> scenario.count("Disconnected[") >= 6);
            assertEquals(0, scenario.identifies());
            scenario.faults().refuseConnections(false);
            scenario.await("ready", scenario::allReady);
            scenario.assertNoFurtherIdentify();
            scenario.assertNothingLost();
        }
    }

    @Test
    void eventsBeforeGuildCreateAreForwardedInOrder() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            EventGenerator events = scenario.simulator().events();
            List<String> order =
                    List.of("MESSAGE_CREATE", "CHANNEL_UPDATE", "GUILD_CREATE", "GUILD_DELETE");
            scenario.await("its guilds", () -> scenario.delivered("GUILD_CREATE") == 2);
            int before = scenario.delivered().size();
            for (String type : order) {
                String d = "{\"id\":\"42\",\"guild_id\":\"42\"}";
                events.emitRaw(0, type, d.getBytes(StandardCharsets.UTF_8));
            }
            scenario.await(
                    "all of them", () -> scenario.delivered().size() == before + order.size());
            assertEquals(
                    order,
                    scenario.delivered().stream().skip(before).map(DispatchEvent::type).toList());
            scenario.assertNothingLost();
        }
    }

    @Test
    void hundredThousandMembersArriveInChunksWithoutLoss() throws Exception {
        GuildShape shape = new GuildShape(1, MEMBERS, 2, 2, 2, 2, 2, 2);
        var simulated = GatewayTestSetup.discord(1).withGuilds(shape);
        try (var scenario = GatewayTestSetup.of(simulated).withGuildMembers().startReady()) {
            String guild = scenario.simulator().world().guildIds().getFirst();
            String request =
                    "{\"op\":8,\"d\":{\"guild_id\":\"%s\",\"query\":\"\",\"limit\":0}}"
                            .formatted(guild);
            byte[] frame = request.getBytes(StandardCharsets.UTF_8);
            scenario.gateway().send(new OutboundFrame(0, frame, 0, Optional.empty()));
            scenario.await(
                    "all chunks",
                    () -> scenario.delivered("GUILD_MEMBERS_CHUNK") == MEMBERS / MEMBERS_A_CHUNK);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }
}
