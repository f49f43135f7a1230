/** Redis: the sessions to resume, the statuses of the shards and the state of the guilds. */
module loom.dispatch.cache {
    requires transitive loom.dispatch.runtime;
    requires redis.clients.jedis;
    requires org.apache.commons.pool2;

    exports loom.dispatch.cache;
}
