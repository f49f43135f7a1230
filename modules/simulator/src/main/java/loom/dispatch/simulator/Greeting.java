package loom.dispatch.simulator;

import static loom.dispatch.simulator.Json.of;

import java.util.List;
import java.util.Map;

/** Makes the READY and the GUILD_CREATEs of a new session (protocol sections 1.10 and 7.1). */
final class Greeting {
    private final World world;
    private final SimulatorConfig config;
    private final String resumeUrl;

    Greeting(World world, SimulatorConfig config, String resumeUrl) {
        this.world = world;
        this.config = config;
        this.resumeUrl = resumeUrl;
    }

    byte[] ready(Session session, List<Guild> guilds) {
        Identity identity = session.identity();
        return Json.bytes(
                of(
                        "v", 10,
                        "user", world.botUser(),
                        "guilds",
                                guilds.stream()
                                        .map(guild -> of("id", guild.id(), "unavailable", true))
                                        .toList(),
                        "session_id", session.id(),
                        "session_type", "normal",
                        "resume_gateway_url", resumeUrl,
                        "shard", List.of(identity.shard(), identity.count()),
                        "application", of("id", config.botId(), "flags", applicationFlags()),
                        "private_channels", List.of(),
                        "_trace", List.of("[\"gateway-sim\",{}]")));
    }

    byte[] create(Guild guild, Identity identity) {
        Map<String, Object> d =
                guild.unavailable
                        ? of("id", guild.id(), "unavailable", true)
                        : guild.snapshot(identity, config.botId());
        return Json.bytes(d);
    }

    /** Section 1.10: the flags tell which privileged intents are switched on. */
    private int applicationFlags() {
        int flags = 0;
        flags |= Intent.GUILD_PRESENCES.in(config.allowedIntents()) ? 1 << 13 : 0;
        flags |= Intent.GUILD_MEMBERS.in(config.allowedIntents()) ? 1 << 15 : 0;
        flags |= Intent.MESSAGE_CONTENT.in(config.allowedIntents()) ? 1 << 19 : 0;
        return flags;
    }
}
