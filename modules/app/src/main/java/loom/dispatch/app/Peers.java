package loom.dispatch.app;

import loom.dispatch.broker.Broker;
import loom.dispatch.cache.Redis;

/**
 * Those that the service stands between, each reached already; whoever opened them closes them.
 *
 * @param spool for what RabbitMQ does not take
 * @param logChannels at Discord
 */
record Peers(
        Discord discord, Redis redis, Broker broker, DiskSpool spool, LogChannels logChannels) {}
