package loom.dispatch.image.build;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.image.support.LinkedImage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Adds the JDK to the image's bill of materials (CycloneDX 1.6). Maven lists only the libraries.
 * The build runs this and puts the result into the image.
 */
public final class SoftwareBillOfMaterials {
    private static final String NAME = "legal/loom-dispatch.cdx.json";

    private SoftwareBillOfMaterials() {}

    /** Completes the bill. The arguments are Maven's bill and the image. */
    public static void main(String[] arguments) throws IOException {
        Path image = Path.of(arguments[1]);
        if (Files.notExists(Path.of(arguments[0]))) {
            System.out.println("no bill of materials: its plugin runs only where Maven is online");
            return;
        }
        Map<String, Object> bill = JSON.std.mapFrom(Files.readString(Path.of(arguments[0])));
        List<Object> components = new ArrayList<>((List<?>) bill.get("components"));
        components.add(jdk(version(image)));
        bill.put("components", components);
        Files.writeString(
                image.resolve(NAME),
                JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(bill) + "\n");
    }

    /** Returns the bill of the image that a test runs. */
    public static Map<String, Object> read() throws IOException {
        return JSON.std.mapFrom(Files.readString(LinkedImage.HOME.resolve(NAME)));
    }

    /** Returns the version of the JDK, which jlink writes to the file {@code release}. */
    private static String version(Path image) throws IOException {
        var release = new Properties();
        try (var reader = Files.newBufferedReader(image.resolve("release"))) {
            release.load(reader);
        }
        return release.getProperty("JAVA_VERSION").replace("\"", "");
    }

    private static Map<String, Object> jdk(String version) {
        return Map.of(
                "type",
                "platform",
                "bom-ref",
                "openjdk@" + version,
                "name",
                "openjdk",
                "version",
                version,
                "cpe",
                "cpe:2.3:a:oracle:openjdk:" + version + ":*:*:*:*:*:*:*",
                "licenses",
                List.of(Map.of("expression", "GPL-2.0-only WITH Classpath-exception-2.0")));
    }
}
