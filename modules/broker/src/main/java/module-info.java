/** Publishes events to RabbitMQ with publisher confirms and in order; consumes commands. */
module loom.dispatch.broker {
    requires transitive loom.dispatch.runtime;
    requires com.rabbitmq.client;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.jr.ob;

    exports loom.dispatch.broker;
}
