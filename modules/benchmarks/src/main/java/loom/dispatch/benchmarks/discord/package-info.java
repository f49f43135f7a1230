/**
 * A Discord that replays recorded, compressed traffic at the lowest possible cost.
 *
 * <p>One thread per connection.
 */
package loom.dispatch.benchmarks.discord;
