package loom.dispatch.app.run;

import loom.dispatch.app.config.IntentsParser;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.app.process.StartRetry;
import loom.dispatch.cache.GatewayBotStore;
import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.DiscordApi.Answer;
import loom.dispatch.gateway.DiscordApi.GatewayBot;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.runtime.EventLog;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Holds Discord's answer about the gateway: where to connect and with how many shards.
 *
 * @param config the operator's settings, completed by the answer
 * @param said the answer; empty if Discord did not answer and a saved answer is used
 * @param api asks again
 */
public record GatewayDiscovery(GatewayConfig config, Optional<GatewayBot> said, DiscordApi api)
        implements AutoCloseable {
    private static final EventLog LOG = new EventLog("loom.dispatch.discord");

    /**
     * Asks Discord until it answers. If it does not answer and an earlier answer is saved, uses
     * that one, because sessions can only be resumed for a few minutes. Blocks; ends by an
     * interrupt.
     *
     * @param noted returns the saved answer, if it is known by now
     * @throws StartFailure if Discord rejects the token, or the shard settings contradict each
     *     other
     */
    static GatewayDiscovery ask(
            Settings settings, Supplier<Optional<GatewayBotStore.Content>> noted)
            throws StartFailure, InterruptedException {
        var api = new DiscordApi(settings.discord().apiUrl(), settings.discord().token());
        var patience = new StartRetry();
        while (true) {
            switch (api.gatewayBot()) {
                case Answer.Given<GatewayBot>(var bot) -> {
                    return known(settings, note(bot), Optional.of(bot), api);
                }
                case Answer.Refused<GatewayBot>(var reason) ->
                        throw new StartFailure(ExitCode.DISCORD_REFUSED, reason);
                case Answer.Unavailable<GatewayBot>(var reason, var retryAfter) -> {
                    Optional<GatewayBotStore.Content> last = noted.get();
                    if (last.isPresent()) {
                        LOG.write(AppLogEvents.DISCORD_USING_SAVED_ANSWER, reason);
                        return known(settings, last.get(), Optional.empty(), api);
                    }
                    Duration pause = patience.next(retryAfter);
                    LOG.write(AppLogEvents.DISCORD_UNAVAILABLE, reason, pause);
                    Thread.sleep(pause);
                }
            }
        }
    }

    private static GatewayDiscovery known(
            Settings settings,
            GatewayBotStore.Content note,
            Optional<GatewayBot> said,
            DiscordApi api)
            throws StartFailure {
        return new GatewayDiscovery(configure(settings, note), said, api);
    }

    /** Returns the part of the answer that is saved. */
    public static GatewayBotStore.Content note(GatewayBot bot) {
        return new GatewayBotStore.Content(bot.url(), bot.shards(), bot.maxConcurrency());
    }

    /**
     * Completes the operator's settings by Discord's answer.
     *
     * @throws StartFailure if the shard settings contradict each other
     */
    public static GatewayConfig configure(Settings settings, GatewayBotStore.Content said)
            throws StartFailure {
        int total = settings.shards().total().orElse(said.shards());
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
        if (IntentsParser.unknown(settings.discord().intents()) != 0) {
            LOG.write(
                    AppLogEvents.DISCORD_UNKNOWN_INTENTS,
                    IntentsParser.unknown(settings.discord().intents()));
        }
        URI url = settings.discord().gatewayUrl().orElse(said.url());
        return new GatewayConfig(
                settings.discord().token(),
                url,
                settings.shards().first(),
                last,
                total,
                concurrency(settings.shards().identifyConcurrency(), said.maxConcurrency()),
                settings.shards().identifyInterval(),
                settings.discord().intents(),
                settings.discord().largeThreshold(),
                settings.discord().presence(),
                settings.discord().compression(),
                // one shard may use a quarter of the budget of all
                Math.max(1, settings.service().backlogBytes() / 4),
                settings.service().backlogBytes());
    }

    /**
     * Returns the largest number of IDENTIFY keys that is at most the wanted one and divides
     * Discord's number. With any other number, two shards of one key of Discord could IDENTIFY at
     * the same time.
     */
    static int concurrency(int wanted, int discords) {
        int most = Math.min(wanted, discords);
        while (discords % most != 0) {
            most--;
        }
        return most;
    }

    @Override
    public void close() {
        api.close();
    }
}
