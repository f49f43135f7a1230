package loom.dispatch.app;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.Password;
import loom.dispatch.cache.RedisConfig;

/** The stores' configurations, made from the settings. */
final class Stores {
    private Stores() {}

    static RedisConfig redis(Settings settings) {
        return RedisConfig.standalone(settings.redis().host(), settings.redis().port());
    }

    static BrokerConfig broker(Settings settings) {
        RabbitSettings rabbit = settings.rabbit();
        return BrokerConfig.builder()
                .endpoint(rabbit.host(), rabbit.port())
                .credentials(rabbit.username(), new Password(rabbit.password().text()))
                .defaultQueue(rabbit.defaultQueue())
                .build();
    }
}
