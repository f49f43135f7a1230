package loom.dispatch.app;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.cache.RedisConfig;

/** The stores' configurations, made from the settings. */
final class Stores {
    private Stores() {}

    static RedisConfig redis(Settings settings) {
        return RedisConfig.standalone(settings.redis().host(), settings.redis().port());
    }

    static BrokerConfig broker(Settings settings) {
        PublishSettings publish = settings.publish();
        return BrokerConfig.builder()
                .uri(settings.rabbit().uri())
                .defaultQueue(publish.defaultQueue())
                .eventQueue(publish.queue())
                .guildQueues(publish.guildQueues())
                .persistent(publish.persistent())
                .mandatory(publish.mandatory())
                .build();
    }
}
