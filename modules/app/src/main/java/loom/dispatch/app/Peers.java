package loom.dispatch.app;

import loom.dispatch.broker.Broker;
import loom.dispatch.cache.Redis;

/**
 * Those that the service stands between, each reached already; whoever opened them closes them.
 *
 * @param spool for what RabbitMQ does not take
 */
record Peers(Discord discord, Redis redis, Broker broker, DiskSpool spool) {}
