package loom.dispatch.metrics;

/**
 * One thing that must be so for the service to be live or ready.
 *
 * @param name a word, for example {@code broker}
 * @param ok whether it is so
 * @param detail one line for people, without secrets; may be empty
 */
public record HealthCheck(String name, boolean ok, String detail) {}
