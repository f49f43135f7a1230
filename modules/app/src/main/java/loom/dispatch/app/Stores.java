package loom.dispatch.app;

import loom.dispatch.broker.BrokerConfig;

/** The broker's configuration, made from the settings. */
final class Stores {
    private Stores() {}

    static BrokerConfig broker(Settings settings) {
        PublishSettings publish = settings.publish();
        return BrokerConfig.builder()
                .uri(settings.rabbit().uri())
                .trust(settings.rabbit().trust())
                .defaultQueue(publish.defaultQueue())
                .eventQueue(publish.queue())
                .guildQueues(publish.guildQueues())
                .persistent(publish.persistent())
                .mandatory(publish.mandatory())
                .build();
    }
}
