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

/** Looks at what Discord says of the token, the intents, the shards and the clock. */
public final class DiscordChecks {
    private static final String DISCORD = "discord";

    /** Discord's clock is read in whole seconds, at some moment of the request. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    private DiscordChecks() {}

    static void look(Settings settings, Consumer<DoctorFinding> found) throws InterruptedException {
        DiscordSettings discord = settings.discord();
        try (var api = new DiscordApi(discord.apiUrl(), discord.token())) {
            Instant before = Instant.now();
            switch (api.application()) {
                case Answer.Given<Application>(var application) -> {
                    found.accept(
                            DoctorFinding.ok(
                                    "token", "it is that of \"" + application.name() + "\""));
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
                DISCORD, "no answer now, a start waits for it: " + reason, ExitCode.FAILED);
    }

    /** Discord closes with 4014 for an intent that is not granted, which ends the start. */
    static DoctorFinding intents(long wanted, long flags) {
        List<String> refused = IntentsParser.notGranted(wanted, flags);
        if (!refused.isEmpty()) {
            return DoctorFinding.fail(
                    "intents",
                    "not granted: "
                            + String.join(", ", refused)
                            + "; turn them on at Discord's developer portal (Bot, Privileged"
                            + " Gateway Intents) or leave them out of INTENTS",
                    ExitCode.DISCORD_REFUSED);
        }
        return IntentsParser.unknown(wanted) == 0
                ? DoctorFinding.ok("intents", "all of " + wanted + " are granted")
                : DoctorFinding.warn(
                        "intents",
                        "bits that no intent is known for: "
                                + IntentsParser.unknown(wanted)
                                + "; Discord may refuse them");
    }

    /** Our time was between the two when theirs was this. */
    public static DoctorFinding clock(String whose, Instant theirs, Instant before, Instant after) {
        Duration offset =
                Duration.between(theirs, before.plus(Duration.between(before, after).dividedBy(2)));
        String seconds =
                String.format(Locale.ROOT, "%.1f s", offset.abs().toMillis() / 1000.0)
                        + (offset.isNegative() ? " behind" : " ahead of");
        return offset.abs().compareTo(CLOCK_TOLERANCE) > 0
                ? DoctorFinding.warn(
                        "clock",
                        "ours is "
                                + seconds
                                + " that of "
                                + whose
                                + ": times in messages and in the state are off; keep it by NTP")
                : DoctorFinding.ok("clock", "as that of " + whose);
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
                } catch (StartFailure misfit) {
                    found.accept(
                            DoctorFinding.fail("shards", misfit.getMessage(), misfit.exitCode()));
                }
            }
            case Answer.Refused<GatewayBot>(var reason) ->
                    found.accept(DoctorFinding.fail("token", reason, ExitCode.DISCORD_REFUSED));
            case Answer.Unavailable<GatewayBot>(var reason, var _) ->
                    found.accept(unavailable(reason));
        }
    }

    private static String shards(GatewayConfig config, GatewayBot bot) {
        return "%d to %d of %d; Discord recommends %d, and %d may identify at a time"
                .formatted(
                        config.firstShard(),
                        config.lastShard(),
                        config.totalShards(),
                        bot.shards(),
                        bot.maxConcurrency());
    }

    /** Sessions that can be resumed need none of it, so that too few is no failure. */
    private static DoctorFinding budget(GatewayConfig config, GatewayBot bot) {
        int reserve = IdentifyRules.standard(config.identifyInterval()).reserve(bot.total());
        String text =
                "%d of %d IDENTIFYs are left, full again in %d min; this process needs up to %d"
                        .formatted(
                                bot.remaining(),
                                bot.total(),
                                bot.resetAfter().toMinutes(),
                                config.shardCount());
        return bot.remaining() - reserve < config.shardCount()
                ? DoctorFinding.warn(
                        "session budget",
                        text
                                + ": without saved sessions some shards would wait, for a reserve"
                                + " is never spent")
                : DoctorFinding.ok("session budget", text);
    }
}
