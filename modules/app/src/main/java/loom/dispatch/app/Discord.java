package loom.dispatch.app;

import static java.lang.System.Logger.Level.WARNING;

import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.DiscordApi.Answer;
import loom.dispatch.gateway.DiscordApi.GatewayBot;
import loom.dispatch.gateway.GatewayConfig;

import java.net.URI;
import java.time.Duration;

/** Asks Discord where to connect and with how many shards, as patiently as it takes. */
final class Discord {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.discord");

    private Discord() {}

    /**
     * The gateway's configuration: what the operator set, completed by what Discord says. Blocks
     * until Discord answers.
     *
     * @throws StartFailure if the token is refused, or the shards do not fit together
     */
    static GatewayConfig configure(Settings settings) throws StartFailure, InterruptedException {
        GatewayBot bot = ask(settings);
        int total = settings.shards().total().orElse(bot.shards());
        int last = settings.shards().last().orElse(total - 1);
        if (settings.shards().first() > last || last >= total) {
            throw new StartFailure(
                    ExitCode.CONFIGURATION,
                    "SHARDS_START="
                            + settings.shards().first()
                            + " and SHARDS_END="
                            + last
                            + " do not fit into "
                            + total
                            + " shards, which Discord recommends: set SHARDS_TOTAL");
        }
        if (Intents.unknown(settings.discord().intents()) != 0) {
            LOG.log(
                    WARNING,
                    "discord.unknown_intents bits="
                            + Intents.unknown(settings.discord().intents()));
        }
        URI url = settings.discord().gatewayUrl().orElse(bot.url());
        return new GatewayConfig(
                settings.discord().token(),
                url,
                settings.shards().first(),
                last,
                total,
                Math.min(settings.shards().identifyConcurrency(), bot.maxConcurrency()),
                settings.shards().identifyInterval(),
                settings.discord().intents(),
                settings.discord().largeThreshold(),
                settings.discord().presence(),
                settings.discord().compression(),
                // one shard alone may take a quarter of what all may
                Math.max(1, settings.service().backlogBytes() / 4),
                settings.service().backlogBytes());
    }

    private static GatewayBot ask(Settings settings) throws StartFailure, InterruptedException {
        var patience = new Patience();
        try (var api = new DiscordApi(settings.discord().apiUrl(), settings.discord().token())) {
            while (true) {
                switch (api.gatewayBot()) {
                    case Answer.Given<GatewayBot>(var bot) -> {
                        return bot;
                    }
                    case Answer.Refused<GatewayBot>(var reason) ->
                            throw new StartFailure(ExitCode.DISCORD_REFUSED, reason);
                    case Answer.Unavailable<GatewayBot>(var reason, var retryAfter) -> {
                        Duration pause = patience.next(retryAfter);
                        LOG.log(
                                WARNING,
                                "discord.unavailable reason=\""
                                        + reason
                                        + "\" retry_ms="
                                        + pause.toMillis());
                        Thread.sleep(pause);
                    }
                }
            }
        }
    }
}
