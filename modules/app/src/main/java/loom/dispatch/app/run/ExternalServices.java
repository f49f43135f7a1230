package loom.dispatch.app.run;

import loom.dispatch.app.logchannel.DiscordLogChannels;
import loom.dispatch.broker.Broker;
import loom.dispatch.cache.RedisClient;

/**
 * Those that the service stands between, each reached already; whoever opened them closes them.
 *
 * @param spool for what RabbitMQ does not take
 * @param logChannels at Discord
 */
record ExternalServices(
        GatewayDiscovery discord,
        RedisClient redis,
        Broker broker,
        SpoolFolder spool,
        DiscordLogChannels logChannels) {}
