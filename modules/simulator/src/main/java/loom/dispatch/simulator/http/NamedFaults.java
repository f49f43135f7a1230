package loom.dispatch.simulator.http;

import loom.dispatch.simulator.Faults;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Maps the fault names of scripts and of the command line to {@link Faults}. */
public final class NamedFaults {
    private static final String SOME = "[shard=N]";
    private static final String ON = "on=true|false";
    private static final String MILLIS = "ms=N";
    private static final String BYTES = "bytes=N";
    private static final String JSON = "json=MESSAGE";

    /** A fault; {@code parameters} as the help shows them. */
    private record Named(String parameters, BiConsumer<Faults, RequestParameters> action) {}

    private static final Map<String, Named> ALL = all();

    private NamedFaults() {}

    private static Map<String, Named> all() {
        Map<String, Named> all = new LinkedHashMap<>();
        connections(all);
        greetings(all);
        sessions(all);
        transport(all);
        rest(all);
        return all;
    }

    private static void connections(Map<String, Named> all) {
        all.put("close", named("code=N&" + SOME, (f, p) -> f.close(p.shards(), p.number("code"))));
        all.put("reset", named(SOME, (f, p) -> f.reset(p.shards())));
        all.put("cut", named(SOME, (f, p) -> f.cut(p.shards())));
        all.put("hang-up", named(SOME, (f, p) -> f.shutDownOutput(p.shards())));
        all.put("freeze", named(SOME, (f, p) -> f.freeze(p.shards())));
        all.put("op1", named(SOME, (f, p) -> f.requestHeartbeat(p.shards())));
        all.put("op7", named(SOME, (f, p) -> f.requestReconnect(p.shards())));
        all.put(
                "op9",
                named(
                        "resumable=true|false&" + SOME,
                        (f, p) -> f.invalidate(p.shards(), p.truth("resumable"))));
        all.put("drop-sessions", named(SOME, (f, p) -> f.dropSessions(p.shards())));
        all.put("swallow", named("events=N&" + SOME, (f, p) -> f.swallow(p.shards(), n(p))));
        all.put("corrupt", named(SOME, (f, p) -> f.corruptNext(p.shards())));
        all.put("say", named(JSON + "&" + SOME, (f, p) -> f.sendRaw(p.shards(), json(p))));
    }

    private static void greetings(Map<String, Named> all) {
        all.put("refuse", named(ON, (f, p) -> f.refuseConnections(p.on())));
        all.put(
                "close-on-connect",
                named("code=N, 0 ends it", (f, p) -> f.closeOnConnect(p.number("code"))));
        all.put("withhold-hello", named(ON, (f, p) -> f.withholdHello(p.on())));
        all.put("delay-hello", named(MILLIS, (f, p) -> f.delayHello(millis(p))));
        all.put("hello-interval", named("ms=N, -1 ends it", (f, p) -> f.helloInterval(millis(p))));
        all.put("greet", named("[" + JSON + "]", (f, p) -> f.sendBeforeHello(optional(p))));
        all.put("withhold-ready", named(ON, (f, p) -> f.withholdReady(p.on())));
        all.put("delay-ready", named(MILLIS, (f, p) -> f.delayReady(millis(p))));
        all.put(
                "ready-guilds",
                named(
                        "list=ALL|NONE|TWICE",
                        (f, p) -> f.readyGuilds(p.oneOf(Faults.ReadyGuilds.class, "list"))));
        all.put(
                "start-guilds",
                named(
                        "as=AS_IT_IS|MISSING|OUTAGE|LEFT|UNAVAILABLE",
                        (f, p) -> f.startGuilds(p.oneOf(Faults.GuildStart.class, "as"))));
        all.put("acks", named(ON, (f, p) -> f.acknowledge(p.on())));
        all.put("delay-acks", named(MILLIS, (f, p) -> f.delayAcks(millis(p))));
    }

    private static void sessions(Map<String, Named> all) {
        all.put("refuse-identify", named(ON, (f, p) -> f.refuseIdentify(p.on())));
        all.put(
                "close-on-identify",
                named("code=N, 0 ends it", (f, p) -> f.closeOnIdentify(p.number("code"))));
        all.put(
                "answer-identify",
                named("[" + JSON + "]", (f, p) -> f.answerIdentifyWith(optional(p))));
        all.put("refuse-session", named(ON, (f, p) -> f.refuseResume(p.on())));
        all.put(
                "close-on-resume",
                named("code=N, 0 ends it", (f, p) -> f.closeOnResume(p.number("code"))));
        all.put(
                "answer-resume",
                named("[" + JSON + "]", (f, p) -> f.answerResumeWith(optional(p))));
        all.put("replay-again", named("events=N", (f, p) -> f.replayAgain(n(p))));
        all.put("refuse-resume", named(ON, (f, p) -> f.refuseResumeUrl(p.on())));
        all.put("hang-resume", named(ON, (f, p) -> f.hangResumeUrl(p.on())));
        all.put(
                "resume-status",
                named("status=N, 0 ends it", (f, p) -> f.resumeUrlStatus(p.number("status"))));
        all.put("resume-url", named("url=URL", (f, p) -> f.resumeUrl(p.text("url"))));
    }

    private static void transport(Map<String, Named> all) {
        all.put("split", named(BYTES, (f, p) -> f.splitMessages(p.number("bytes"))));
        all.put("fragment", named(BYTES, (f, p) -> f.fragmentMessages(p.number("bytes"))));
        all.put("slow-down", named(BYTES, (f, p) -> f.limitBytesPerSecond(p.number("bytes"))));
        all.put("stop-reading", named(ON, (f, p) -> f.stopReading(p.on())));
    }

    private static void rest(Map<String, Named> all) {
        all.put("rest", named("status=N, 200 ends it", (f, p) -> f.restStatus(p.number("status"))));
        all.put("delay-rest", named(MILLIS, (f, p) -> f.delayRest(millis(p))));
        all.put("starts", named("remaining=N", (f, p) -> f.startsRemaining(p.number("remaining"))));
        all.put("shards", named("count=N", (f, p) -> f.recommendedShards(p.number("count"))));
    }

    private static Named named(String parameters, BiConsumer<Faults, RequestParameters> action) {
        return new Named(parameters, action);
    }

    /** Returns one help line per fault: the name, a question mark, the parameters. */
    public static List<String> lines() {
        return ALL.entrySet().stream()
                .map(each -> each.getKey() + "?" + each.getValue().parameters())
                .toList();
    }

    public static Optional<Runnable> find(
            String name, Faults faults, RequestParameters parameters) {
        return Optional.ofNullable(ALL.get(name))
                .map(named -> () -> named.action().accept(faults, parameters));
    }

    private static int n(RequestParameters parameters) {
        return parameters.number("events");
    }

    private static long millis(RequestParameters parameters) {
        return parameters.number("ms");
    }

    private static byte[] json(RequestParameters parameters) {
        return parameters.text("json").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[][] optional(RequestParameters parameters) {
        return parameters.has("json") ? new byte[][] {json(parameters)} : new byte[0][];
    }
}
