package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tests a guild of 70,000 members, which is one message of tens of megabytes. */
final class LargeGuildTest {
    private static final int MEMBERS = 70_000;

    @Test
    void sendsAGuildOfTensOfMegabytesInOneMessage() throws IOException, InterruptedException {
        GuildShape shape = new GuildShape(1, MEMBERS, 100, 50, 20, 20, 50, MEMBERS - 1);
        LinkedBlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        try (Simulator simulator = Simulator.start(SimulatorConfig.standard().withGuilds(shape));
                RawGatewayClient client = RawGatewayClient.identify(simulator)) {
            client.onDispatch((id, type, d) -> {
                if (type.equals("GUILD_CREATE")) {
                    sizes.add(d.length);
                }
            });
            Integer size = sizes.poll(60, TimeUnit.SECONDS);
            assertTrue(size != null && size > 30_000_000, "bytes: " + size);
            String guild = simulator.world().guildIds().getFirst();
            assertEquals(MEMBERS, simulator.world().memberCount(guild));
        }
    }
}
