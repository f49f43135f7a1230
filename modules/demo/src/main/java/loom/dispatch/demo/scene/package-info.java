/**
 * What surrounds the image in the demo: simulated or real Discord, RabbitMQ and Redis.
 *
 * <p>The main thread starts and stops it; a consumer thread counts events.
 */
package loom.dispatch.demo.scene;
