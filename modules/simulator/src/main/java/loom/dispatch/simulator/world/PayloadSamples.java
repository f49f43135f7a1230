package loom.dispatch.simulator.world;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Loads the sample payloads of gateway events as the compact bytes of their {@code d}. */
public final class PayloadSamples {
    private static final JsonFactory JSON = new JsonFactory();

    /** Each sample is parsed once. The trees are read-only. */
    private static final Map<String, Map<String, Object>> OBJECTS = new ConcurrentHashMap<>();

    private PayloadSamples() {}

    /**
     * Returns the data of the sample with this file name, for example {@code MESSAGE_CREATE.dm}.
     */
    static byte[] data(String sample) {
        String file = "payloads/" + sample + ".json";
        try (InputStream in = PayloadSamples.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new FileNotFoundException(file);
            }
            return data(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the data of the sample as a read-only tree. */
    public static Map<String, Object> object(String sample) {
        return OBJECTS.computeIfAbsent(sample, name -> Json.object(data(name)));
    }

    private static byte[] data(byte[] envelope) throws IOException {
        var out = new ByteArrayOutputStream();
        try (JsonParser parser = JSON.createParser(envelope);
                JsonGenerator generator = JSON.createGenerator(out, JsonEncoding.UTF8)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean data = parser.currentName().equals("d");
                parser.nextToken();
                if (data) {
                    generator.copyCurrentStructure(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return out.toByteArray();
    }
}
