package loom.dispatch.metrics.http;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.StatusSnapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Writes the JSON of {@code /status} and of the health checks. The suffix of a field's name is its
 * unit; an unknown value is null.
 */
final class StatusJson {
    private static final JSON WRITER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private StatusJson() {}

    static String status(StatusSnapshot status, List<HealthCheck> ready) {
        SequencedMap<String, Object> json = service(status.service());
        json.put("checks", checks(ready));
        json.put("total_shards", status.totalShards());
        json.put("shards", status.shards().stream().map(StatusJson::shard).toList());
        json.put("rates", rates(status.rates()));
        json.put("broker", orNull(status.broker(), StatusJson::broker));
        json.put("spool", orNull(status.spool(), StatusJson::spool));
        json.put("cache", orNull(status.cache(), StatusJson::cache));
        json.put("identifies", orNull(status.identifies(), StatusJson::identifies));
        json.put("sessions", sessions(status.sessions()));
        return write(json);
    }

    static String health(boolean ok, List<HealthCheck> checks) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("status", ok ? "OK" : "FAILING");
        json.put("checks", checks(checks));
        return write(json);
    }

    private static String write(Map<String, Object> json) {
        try {
            return WRITER.asString(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> Object orNull(Optional<T> value, Function<T, Object> write) {
        return value.map(write).orElse(null);
    }

    private static List<Object> checks(List<HealthCheck> checks) {
        return checks.stream().map(StatusJson::check).toList();
    }

    private static Object check(HealthCheck check) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("name", check.name());
        json.put("ok", check.ok());
        if (!check.detail().isEmpty()) {
            json.put("detail", check.detail());
        }
        return json;
    }

    private static SequencedMap<String, Object> service(StatusSnapshot.Service service) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("version", service.version());
        json.put("phase", service.phase().name().toLowerCase(Locale.ROOT));
        json.put("started", service.started().toString());
        json.put("uptime_s", Duration.between(service.started(), Instant.now()).toSeconds());
        return json;
    }

    private static Object shard(StatusSnapshot.Shard shard) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("id", shard.id());
        json.put("state", shard.state().label());
        json.put("latency_ms", shard.latencyMillis());
        json.put("event_age_ms", orNull(shard.eventAge(), Duration::toMillis));
        json.put("ack_age_ms", orNull(shard.ackAge(), Duration::toMillis));
        json.put("received", shard.received());
        json.put("settled", shard.settled());
        json.put("unsettled_events", shard.unsettledEvents());
        json.put("unsettled_bytes", shard.unsettledBytes());
        json.put("resumable", shard.resumable());
        json.put("withholding", shard.withholding());
        return json;
    }

    private static Object rates(StatusSnapshot.Rates rates) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("step_ms", rates.step().toMillis());
        json.put("received", rates.received().stream().map(StatusJson::tenths).toList());
        json.put("confirmed", rates.confirmed().stream().map(StatusJson::tenths).toList());
        return json;
    }

    private static Object broker(StatusSnapshot.Broker broker) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("connections", broker.connections());
        json.put("up", broker.up());
        json.put("blocked", broker.blocked());
        json.put("in_flight_messages", broker.inFlightMessages());
        json.put("in_flight_bytes", broker.inFlightBytes());
        json.put("published", broker.published());
        json.put("confirmed", broker.confirmed());
        json.put("resent", broker.resent());
        json.put("nacked", broker.nacked());
        json.put("disconnects", broker.disconnects());
        return json;
    }

    private static Object spool(StatusSnapshot.Spool spool) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("bytes", spool.bytes());
        json.put("capacity_bytes", spool.capacityBytes());
        json.put("spooling", spool.spooling());
        json.put("failing", spool.failing());
        return json;
    }

    private static Object cache(StatusSnapshot.Cache cache) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("up", cache.up());
        json.put("round_trip_ms", orNull(cache.roundTrip(), it -> tenths(it.toNanos() / 1e6)));
        json.put("sizes", cache.sizes());
        json.put("stale_shards", cache.staleShards());
        return json;
    }

    private static Object identifies(StatusSnapshot.IdentifyBudget budget) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("total", budget.total());
        json.put("remaining", budget.remaining());
        json.put("reset_after_s", budget.resetAfter().toSeconds());
        json.put("concurrency", budget.concurrency());
        budget.waiting().ifPresent(reason -> json.put("waiting", reason));
        return json;
    }

    private static Object sessions(StatusSnapshot.Sessions sessions) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("identified", sessions.identified());
        json.put("resumed", sessions.resumed());
        json.put("gaps", sessions.gaps());
        json.put("silences", sessions.silences());
        return json;
    }

    /** One decimal keeps the history of rates small. */
    private static BigDecimal tenths(double value) {
        return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
    }
}
