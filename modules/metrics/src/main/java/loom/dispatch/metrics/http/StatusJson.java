package loom.dispatch.metrics.http;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.StatusSnapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the JSON of {@code /status}. The suffix of a field's name is its unit. */
final class StatusJson {
    private StatusJson() {}

    static String of(StatusSnapshot status, List<HealthCheck> ready) {
        var json = new JsonWriter();
        json.open('{');
        service(json, status.service());
        checks(json, ready);
        json.field("total_shards", status.totalShards());
        json.name("shards").open('[');
        status.shards().forEach(shard -> shard(json, shard));
        json.close(']');
        rates(json, status.rates());
        status.broker().ifPresentOrElse(part -> broker(json, part), () -> json.nothing("broker"));
        status.spool().ifPresentOrElse(part -> spool(json, part), () -> json.nothing("spool"));
        status.cache().ifPresentOrElse(part -> cache(json, part), () -> json.nothing("cache"));
        status.identifies()
                .ifPresentOrElse(part -> budget(json, part), () -> json.nothing("identifies"));
        json.name("sessions").open('{');
        json.field("identified", status.sessions().identified());
        json.field("resumed", status.sessions().resumed());
        json.field("gaps", status.sessions().gaps());
        json.field("silences", status.sessions().silences()).close('}');
        return json.close('}').toString();
    }

    static void checks(JsonWriter json, List<HealthCheck> checks) {
        json.name("checks").open('[');
        for (HealthCheck check : checks) {
            json.open('{').field("name", check.name()).field("ok", check.ok());
            if (!check.detail().isEmpty()) {
                json.field("detail", check.detail());
            }
            json.close('}');
        }
        json.close(']');
    }

    private static void service(JsonWriter json, StatusSnapshot.Service service) {
        json.field("version", service.version());
        json.field("phase", service.phase().name().toLowerCase(Locale.ROOT));
        json.field("started", service.started().toString());
        json.field("uptime_s", Duration.between(service.started(), Instant.now()).toSeconds());
    }

    private static void shard(JsonWriter json, StatusSnapshot.Shard shard) {
        json.open('{').field("id", shard.id()).field("state", shard.state().label());
        json.field("latency_ms", shard.latencyMillis());
        age(json, "event_age_ms", shard.eventAge());
        age(json, "ack_age_ms", shard.ackAge());
        json.field("received", shard.received()).field("settled", shard.settled());
        json.field("unsettled_events", shard.unsettledEvents());
        json.field("unsettled_bytes", shard.unsettledBytes());
        json.field("resumable", shard.resumable()).field("withholding", shard.withholding());
        json.close('}');
    }

    private static void age(JsonWriter json, String name, Optional<Duration> age) {
        age.ifPresentOrElse(it -> json.field(name, it.toMillis()), () -> json.nothing(name));
    }

    private static void rates(JsonWriter json, StatusSnapshot.Rates rates) {
        json.name("rates").open('{').field("step_ms", rates.step().toMillis());
        json.name("received").open('[');
        rates.received().forEach(json::tenths);
        json.close(']').name("confirmed").open('[');
        rates.confirmed().forEach(json::tenths);
        json.close(']').close('}');
    }

    private static void broker(JsonWriter json, StatusSnapshot.Broker broker) {
        json.name("broker").open('{');
        json.field("connections", broker.connections()).field("up", broker.up());
        json.field("blocked", broker.blocked());
        json.field("in_flight_messages", broker.inFlightMessages());
        json.field("in_flight_bytes", broker.inFlightBytes());
        json.field("published", broker.published()).field("confirmed", broker.confirmed());
        json.field("resent", broker.resent()).field("nacked", broker.nacked());
        json.field("disconnects", broker.disconnects()).close('}');
    }

    private static void spool(JsonWriter json, StatusSnapshot.Spool spool) {
        json.name("spool").open('{');
        json.field("bytes", spool.bytes()).field("capacity_bytes", spool.capacityBytes());
        json.field("spooling", spool.spooling()).field("failing", spool.failing()).close('}');
    }

    private static void cache(JsonWriter json, StatusSnapshot.Cache cache) {
        json.name("cache").open('{').field("up", cache.up());
        cache.roundTrip()
                .ifPresentOrElse(
                        it -> json.name("round_trip_ms").tenths(it.toNanos() / 1e6),
                        () -> json.nothing("round_trip_ms"));
        json.name("sizes").open('{');
        cache.sizes().forEach(json::field);
        json.close('}').name("stale_shards").open('[');
        cache.staleShards().forEach(json::element);
        json.close(']').close('}');
    }

    private static void budget(JsonWriter json, StatusSnapshot.IdentifyBudget budget) {
        json.name("identifies").open('{');
        json.field("total", budget.total()).field("remaining", budget.remaining());
        json.field("reset_after_s", budget.resetAfter().toSeconds());
        json.field("concurrency", budget.concurrency());
        budget.waiting().ifPresent(reason -> json.field("waiting", reason));
        json.close('}');
    }
}
