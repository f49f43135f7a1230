package loom.dispatch.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Controls a headless Chromium through the DevTools protocol and collects its console errors. */
final class HeadlessBrowser implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+),");
    private static final Pattern STRING =
            Pattern.compile("\"type\":\"string\",\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final long TIMEOUT_NANOS = Duration.ofSeconds(30).toNanos();

    private final Path profile;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<String>> calls = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final List<String> consoleErrors = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    /** The path of Chromium; empty if it is not on the PATH. */
    static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder ->
                        Stream.of("chromium", "chromium-browser", "google-chrome")
                                .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    HeadlessBrowser(Path program) throws Exception {
        profile = Files.createTempDirectory("loom-browser");
        process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--hide-scrollbars",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile,
                                "about:blank")
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("output").toFile())
                        .start();
        int port = port();
        String pages =
                http.send(request(port), java.net.http.HttpResponse.BodyHandlers.ofString()).body();
        Matcher page = Pattern.compile("ws://[^\"]+/devtools/page/[^\"]+").matcher(pages);
        if (!page.find()) {
            throw new IOException("the browser shows no page: " + pages);
        }
        socket =
                http.newWebSocketBuilder()
                        .buildAsync(URI.create(page.group()), new MessageListener())
                        .join();
        for (String domain : List.of("Runtime", "Log", "Page")) {
            call(domain + ".enable", "{}");
        }
    }

    private static java.net.http.HttpRequest request(int port) {
        return java.net.http.HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
    }

    /** The browser writes its port into a file when it listens. */
    private int port() throws Exception {
        Path file = profile.resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (Files.exists(file) && Files.readAllLines(file).size() >= 2) {
                return Integer.parseInt(Files.readAllLines(file).getFirst());
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        throw new IOException(
                "the browser did not start: " + Files.readString(profile.resolve("output")));
    }

    /** Assembles messages. The HTTP client calls it on one thread at a time. */
    private final class MessageListener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                handle(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void handle(String message) {
        Matcher id = ID.matcher(message);
        if (id.find()) {
            calls.remove(Integer.parseInt(id.group(1))).complete(message);
        } else if (message.contains("\"Runtime.exceptionThrown\"")
                || message.contains("\"Runtime.consoleAPICalled\"")
                || message.contains("\"Log.entryAdded\"")) {
            consoleErrors.add(message);
        }
    }

    /** Calls a method of the protocol and waits for the response. */
    String call(String method, String parameters) throws Exception {
        int id = lastId.incrementAndGet();
        var answer = new CompletableFuture<String>();
        calls.put(id, answer);
        String json =
                "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}";
        socket.sendText(json, true).join();
        return answer.get(30, TimeUnit.SECONDS);
    }

    void open(String url) throws Exception {
        call("Page.navigate", "{\"url\":\"" + url + "\"}");
    }

    /** Sets the window size and the preferred colour scheme. */
    void show(int width, int height, boolean phone, String scheme) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":%d,\"mobile\":%b}"
                        .formatted(width, height, phone ? 2 : 1, phone));
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"},"
                                .formatted(scheme)
                        + "{\"name\":\"prefers-reduced-motion\",\"value\":\"reduce\"}]}");
    }

    /** Returns the text of a JavaScript expression, which must not contain double quotes. */
    String text(String expression) throws Exception {
        String answer =
                call(
                        "Runtime.evaluate",
                        "{\"expression\":\"String(" + expression.replace("\\", "\\\\") + ")\"}");
        Matcher value = STRING.matcher(answer);
        if (!value.find()) {
            throw new IOException(expression + ": " + answer);
        }
        return value.group(1).replace("\\\"", "\"");
    }

    /** Waits until the expression returns the expected text. */
    void await(String wanted, String expression) throws Exception {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        String seen = text(expression);
        while (!seen.equals(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        expression + " is " + seen + " and not " + wanted + "; " + consoleErrors);
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
            seen = text(expression);
        }
    }

    void press(String key) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    "{\"type\":\""
                            + type
                            + "\",\"key\":\""
                            + key
                            + "\",\"code\":\""
                            + key
                            + "\",\"windowsVirtualKeyCode\":"
                            + (key.equals("Tab") ? 9 : 0)
                            + "}");
        }
    }

    /** Writes a screenshot of the whole page as PNG. */
    void screenshot(Path file) throws Exception {
        String answer =
                call(
                        "Page.captureScreenshot",
                        "{\"format\":\"png\",\"captureBeyondViewport\":true}");
        Matcher data = Pattern.compile("\"data\":\"([^\"]+)\"").matcher(answer);
        if (!data.find()) {
            throw new IOException(answer);
        }
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data.group(1)));
    }

    /** Returns the console errors so far. */
    List<String> consoleErrors() {
        return List.copyOf(consoleErrors);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
