/**
 * The systems around the image in the demo: simulated or real Discord, RabbitMQ and Redis.
 *
 * <p>The main thread starts and stops them; a consumer thread counts events.
 */
package loom.dispatch.demo.scene;
