package loom.dispatch.metrics;

/**
 * The result of one liveness or readiness check.
 *
 * @param name the check's name, one word, for example {@code broker}
 * @param ok whether the check passes
 * @param detail one line of explanation without secrets; may be empty
 */
public record HealthCheck(String name, boolean ok, String detail) {}
