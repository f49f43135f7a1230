package loom.dispatch.simulator.gateway;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.FaultState;
import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.IdentifyRequest;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.World;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Builds the READY and the GUILD_CREATEs of a new session (protocol sections 1.10 and 7.1). */
final class ReadySequence {
    private final World world;
    private final SimulatorConfig config;
    private final FaultState faults;
    private final String resumeUrl;

    ReadySequence(World world, SimulatorConfig config, FaultState faults, String resumeUrl) {
        this.world = world;
        this.config = config;
        this.faults = faults;
        this.resumeUrl = faults.resumeUrl.isEmpty() ? resumeUrl : faults.resumeUrl;
    }

    byte[] ready(GatewaySession session, List<Guild> guilds) {
        IdentifyRequest identity = session.identity();
        return Json.bytes(
                of(
                        "v", 10,
                        "user", world.botUser(),
                        "guilds",
                                listed(guilds)
                                        .map(guild -> of("id", guild.id(), "unavailable", true))
                                        .toList(),
                        "session_id", session.id(),
                        "session_type", "normal",
                        "resume_gateway_url", resumeUrl,
                        "shard", List.of(identity.shard(), identity.count()),
                        "application",
                                of(
                                        "id",
                                        config.botId(),
                                        "flags",
                                        IntentBits.applicationFlags(config.allowedIntents())),
                        "private_channels", List.of(),
                        "_trace", List.of("[\"gateway-sim\",{}]")));
    }

    private Stream<Guild> listed(List<Guild> guilds) {
        return switch (faults.readyGuilds) {
            case ALL -> guilds.stream();
            case NONE -> Stream.of();
            case TWICE -> guilds.stream().flatMap(guild -> Stream.of(guild, guild));
        };
    }

    /** Appends the event that follows READY for this guild. */
    void start(GatewaySession session, Guild guild) {
        Map<String, Object> outage = of("id", guild.id(), "unavailable", true);
        switch (faults.guildStart) {
            case AS_IT_IS -> {
                if (guild.unavailable) {
                    session.append("GUILD_DELETE", Json.bytes(outage));
                } else {
                    session.append("GUILD_CREATE", create(guild, session.identity()));
                }
            }
            case MISSING -> {}
            case OUTAGE -> session.append("GUILD_DELETE", Json.bytes(outage));
            case LEFT -> session.append("GUILD_DELETE", Json.bytes(of("id", guild.id())));
            case UNAVAILABLE -> session.append("GUILD_CREATE", Json.bytes(outage));
        }
    }

    byte[] create(Guild guild, IdentifyRequest identity) {
        return Json.bytes(guild.snapshot(identity, config.botId()));
    }
}
