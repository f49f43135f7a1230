package loom.dispatch.app.run;

import loom.dispatch.app.logchannel.DiscordLogChannels;
import loom.dispatch.broker.Broker;
import loom.dispatch.cache.RedisClient;

/**
 * Holds the connected external services. The code that opened one also closes it.
 *
 * @param spool the folder for events that RabbitMQ does not accept
 */
record ExternalServices(
        GatewayDiscovery discord,
        RedisClient redis,
        Broker broker,
        SpoolFolder spool,
        DiscordLogChannels logChannels) {}
