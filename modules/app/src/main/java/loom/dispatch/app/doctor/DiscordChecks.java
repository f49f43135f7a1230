package loom.dispatch.app.doctor;

import loom.dispatch.app.config.DiscordSettings;
import loom.dispatch.app.config.IntentsParser;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.app.run.GatewayDiscovery;
import loom.dispatch.cache.IdentifyRules;
import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.DiscordApi.Answer;
import loom.dispatch.gateway.DiscordApi.Application;
import loom.dispatch.gateway.DiscordApi.GatewayBot;
import loom.dispatch.gateway.GatewayConfig;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Checks the token, the intents, the shards, the session limit and the clock with Discord. */
public final class DiscordChecks {
    private static final String DISCORD = "discord";

    /** Discord's Date header has whole seconds, and its moment within the request is unknown. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    private DiscordChecks() {}

    static void check(Settings settings, Consumer<DoctorFinding> found)
            throws InterruptedException {
        DiscordSettings discord = settings.discord();
        try (var api = new DiscordApi(discord.apiUrl(), discord.token())) {
            Instant before = Instant.now();
            switch (api.application()) {
                case Answer.Given<Application>(var application) -> {
                    found.accept(
                            DoctorFinding.ok(
                                    "token",
                                    "valid, of the application \"" + application.name() + "\""));
                    found.accept(intents(discord.intents(), application.flags()));
                    found.accept(clock("Discord", application.at(), before, Instant.now()));
                    gateway(settings, api.gatewayBot(), found);
                }
                case Answer.Refused<Application>(var reason) ->
                        found.accept(DoctorFinding.fail("token", reason, ExitCode.DISCORD_REFUSED));
                case Answer.Unavailable<Application>(var reason, var _) ->
                        found.accept(unavailable(reason));
            }
        }
    }

    private static DoctorFinding unavailable(String reason) {
        return DoctorFinding.fail(
                DISCORD, "no answer; a start would wait: " + reason, ExitCode.FAILED);
    }

    /** Discord closes a connection with 4014 if an intent is not granted, and the start ends. */
    static DoctorFinding intents(long wanted, long flags) {
        List<String> refused = IntentsParser.notGranted(wanted, flags);
        if (!refused.isEmpty()) {
            return DoctorFinding.fail(
                    "intents",
                    "not granted: "
                            + String.join(", ", refused)
                            + "; turn them on in Discord's developer portal (Bot, Privileged"
                            + " Gateway Intents) or remove them from INTENTS",
                    ExitCode.DISCORD_REFUSED);
        }
        return IntentsParser.unknown(wanted) == 0
                ? DoctorFinding.ok("intents", "all of " + wanted + " are granted")
                : DoctorFinding.warn(
                        "intents",
                        "unknown bits: "
                                + IntentsParser.unknown(wanted)
                                + "; Discord may refuse them");
    }

    /**
     * Compares the clocks.
     *
     * @param whose the owner of the other clock
     * @param theirs the other clock's time
     * @param before our time before the request
     * @param after our time after it
     */
    public static DoctorFinding clock(String whose, Instant theirs, Instant before, Instant after) {
        Duration offset =
                Duration.between(theirs, before.plus(Duration.between(before, after).dividedBy(2)));
        String seconds =
                String.format(Locale.ROOT, "%.1f s", offset.abs().toMillis() / 1000.0)
                        + (offset.isNegative() ? " behind" : " ahead of");
        return offset.abs().compareTo(CLOCK_TOLERANCE) > 0
                ? DoctorFinding.warn(
                        "clock",
                        "this machine is "
                                + seconds
                                + " "
                                + whose
                                + ": timestamps in messages and in the state are wrong; use NTP")
                : DoctorFinding.ok("clock", "equal to " + whose);
    }

    private static void gateway(
            Settings settings, Answer<GatewayBot> answer, Consumer<DoctorFinding> found) {
        switch (answer) {
            case Answer.Given<GatewayBot>(var bot) -> {
                try {
                    GatewayConfig config =
                            GatewayDiscovery.configure(settings, GatewayDiscovery.note(bot));
                    found.accept(DoctorFinding.ok("shards", shards(config, bot)));
                    found.accept(budget(config, bot));
                } catch (StartFailure failure) {
                    found.accept(
                            DoctorFinding.fail("shards", failure.getMessage(), failure.exitCode()));
                }
            }
            case Answer.Refused<GatewayBot>(var reason) ->
                    found.accept(DoctorFinding.fail("token", reason, ExitCode.DISCORD_REFUSED));
            case Answer.Unavailable<GatewayBot>(var reason, var _) ->
                    found.accept(unavailable(reason));
        }
    }

    private static String shards(GatewayConfig config, GatewayBot bot) {
        return "%d to %d of %d; Discord recommends %d and allows %d concurrent IDENTIFYs"
                .formatted(
                        config.firstShard(),
                        config.lastShard(),
                        config.totalShards(),
                        bot.shards(),
                        bot.maxConcurrency());
    }

    /** A low limit is no failure, because resumed sessions need no IDENTIFY. */
    private static DoctorFinding budget(GatewayConfig config, GatewayBot bot) {
        int reserve = IdentifyRules.standard(config.identifyInterval()).reserve(bot.total());
        String text =
                "%d of %d IDENTIFYs are left, reset in %d min; this process needs up to %d"
                        .formatted(
                                bot.remaining(),
                                bot.total(),
                                bot.resetAfter().toMinutes(),
                                config.shardCount());
        return bot.remaining() - reserve < config.shardCount()
                ? DoctorFinding.warn(
                        "session budget",
                        text
                                + ": without saved sessions some shards would wait, because a"
                                + " reserve is never used")
                : DoctorFinding.ok("session budget", text);
    }
}
