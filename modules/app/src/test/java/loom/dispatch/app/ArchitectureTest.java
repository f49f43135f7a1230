package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the map of modules and packages in docs/ARCHITECTURE.md against the class files.
 *
 * <p>The exported package of a module holds values that every package uses, and the few classes
 * that put the internal packages together. So each of its classes counts by itself: an internal
 * package may use it unless it uses that package in turn.
 */
final class ArchitectureTest {
    private static final Path ROOT = Path.of("../..");
    private static final Path PAGE = ROOT.resolve("docs/ARCHITECTURE.md");
    private static final String PREFIX = "loom.dispatch.";

    /** The modules that are compiled before this test runs. */
    private static final List<String> COMPILED =
            List.of(
                    "runtime",
                    "gateway",
                    "cache",
                    "broker",
                    "metrics",
                    "app",
                    "simulator",
                    "servers");

    private static final List<String> PRODUCT = COMPILED.subList(0, 6);

    private static final int MOST_INTERNAL_FILES = 20;
    private static final int MOST_EXPORTED_FILES = 24;

    private static final Pattern DESCRIPTOR = Pattern.compile("L(loom/dispatch/[\\w/$]+)");

    /** The classes of ours that each class uses. */
    private static final Map<String, Set<String>> USES = new TreeMap<>();

    @BeforeAll
    static void readClassFiles() throws IOException {
        for (String module : COMPILED) {
            for (Path file :
                    files(ROOT.resolve("modules/" + module + "/target/classes"), ".class")) {
                if (!file.endsWith("module-info.class") && !file.endsWith("package-info.class")) {
                    read(file);
                }
            }
        }
        assertTrue(USES.size() > 400, () -> "only " + USES.size() + " classes are compiled");
    }

    private static void read(Path file) throws IOException {
        var model = ClassFile.of().parse(file);
        String name = model.thisClass().asInternalName();
        Set<String> uses = USES.computeIfAbsent(className(name), _ -> new TreeSet<>());
        Consumer<ClassEntry> add = used -> add(uses, used.asInternalName());
        model.superclass().ifPresent(add);
        model.interfaces().forEach(add);
        // not every class of the pool: a nested class also names its outer class there
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case MemberRefEntry member -> add.accept(member.owner());
                case Utf8Entry text -> {
                    Matcher names = DESCRIPTOR.matcher(text.stringValue());
                    while (names.find()) {
                        add(uses, names.group(1));
                    }
                }
                default -> {}
            }
        }
        for (int i = 0; i < model.constantPool().bootstrapMethodCount(); i++) {
            model.constantPool().bootstrapMethodEntry(i).arguments().stream()
                    .filter(ClassEntry.class::isInstance)
                    .map(ClassEntry.class::cast)
                    .forEach(add);
        }
        for (MethodModel method : model.methods()) {
            method.code()
                    .ifPresent(code ->
                            code.forEach(element -> {
                                switch (element) {
                                    case NewObjectInstruction created ->
                                            add.accept(created.className());
                                    case TypeCheckInstruction checked -> add.accept(checked.type());
                                    case ExceptionCatch caught -> caught.catchType().ifPresent(add);
                                    default -> {}
                                }
                            }));
        }
    }

    private static void add(Set<String> uses, String internalName) {
        String name = internalName.replaceFirst("^\\[*L?", "").replace(";", "");
        if (name.startsWith("loom/dispatch/")) {
            uses.add(className(name));
        }
    }

    /** Returns the name with dots; anonymous and local classes count as their outermost class. */
    private static String className(String internalName) {
        return internalName.replace('/', '.').replaceFirst("\\$\\d.*", "");
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    @Test
    void everyProductModuleExportsOnePackage() throws IOException {
        for (String module : PRODUCT) {
            Path file = ROOT.resolve("modules/" + module + "/src/main/java/module-info.java");
            List<String> exported =
                    Files.readAllLines(file).stream()
                            .map(String::strip)
                            .filter(line -> line.startsWith("exports ") && line.endsWith(";"))
                            .toList();
            assertEquals(List.of("exports " + PREFIX + module + ";"), exported, module);
        }
    }

    @Test
    void noPackageIsTooLargeAndEachSaysWhatItHolds() throws IOException {
        List<String> faults = new ArrayList<>();
        List<Path> roots = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT.resolve("modules"))) {
            modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .forEach(roots::add);
        }
        for (Path root : roots) {
            Map<Path, Long> counts =
                    files(root, ".java").stream()
                            .filter(file -> !file.endsWith("module-info.java"))
                            .collect(
                                    Collectors.groupingBy(
                                            Path::getParent,
                                            TreeMap::new,
                                            Collectors.filtering(
                                                    file -> !file.endsWith("package-info.java"),
                                                    Collectors.counting())));
            counts.forEach((folder, count) -> {
                boolean exported = root.relativize(folder).getNameCount() == 3;
                if (count > (exported ? MOST_EXPORTED_FILES : MOST_INTERNAL_FILES)) {
                    faults.add(folder + " has " + count + " files");
                }
                if (!Files.exists(folder.resolve("package-info.java"))) {
                    faults.add(folder + " has no package-info.java");
                }
            });
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void modulesUseOnlyTheModulesThatThePageNames() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        USES.forEach((name, uses) -> {
            Set<String> modules = used.computeIfAbsent(module(name), _ -> new TreeSet<>());
            uses.stream().map(ArchitectureTest::module).forEach(modules::add);
        });
        used.forEach((module, modules) -> modules.remove(module));
        used.values().removeIf(Set::isEmpty);
        assertEquals(lines(used), block("modules"));
    }

    @Test
    void internalPackagesUseOnlyThePackagesThatThePageNames() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        USES.forEach((name, uses) -> {
            if (isInternal(name)) {
                Set<String> packages = used.computeIfAbsent(packageOf(name), _ -> new TreeSet<>());
                uses.stream()
                        .filter(use -> isInternal(use) && module(use).equals(module(name)))
                        .map(ArchitectureTest::packageOf)
                        .filter(use -> !use.equals(packageOf(name)))
                        .map(use -> use.substring(use.indexOf('.') + 1))
                        .forEach(packages::add);
            }
        });
        assertEquals(lines(used), block("packages"));
    }

    @Test
    void noInternalPackageIsInACycle() {
        Map<String, Map<String, String>> edges = new TreeMap<>();
        USES.forEach((name, uses) -> {
            for (String use : uses) {
                // javac refers to the outer class for a private constructor or constant
                boolean ownOuter = name.startsWith(use + "$");
                if (!node(name).equals(node(use)) && !ownOuter) {
                    edges.computeIfAbsent(node(name), _ -> new TreeMap<>())
                            .putIfAbsent(node(use), name + " uses " + use);
                }
            }
        });
        List<String> cycles = new ArrayList<>();
        for (String node : edges.keySet()) {
            if (node.startsWith("package ")) {
                pathBack(node, edges).ifPresent(cycles::add);
            }
        }
        assertEquals(List.of(), cycles);
    }

    private static Optional<String> pathBack(String start, Map<String, Map<String, String>> edges) {
        record Step(String node, String path) {}
        Deque<Step> open = new ArrayDeque<>(List.of(new Step(start, "")));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Step step = open.remove();
            for (var edge : edges.getOrDefault(step.node(), Map.of()).entrySet()) {
                String path = step.path() + "\n  " + edge.getValue();
                if (edge.getKey().equals(start)) {
                    return Optional.of("cycle:" + path);
                }
                if (seen.add(edge.getKey())) {
                    open.add(new Step(edge.getKey(), path));
                }
            }
        }
        return Optional.empty();
    }

    /** An internal package is one node of the graph; each exported class is a node by itself. */
    private static String node(String name) {
        return isInternal(name) ? "package " + packageOf(name) : name;
    }

    private static boolean isInternal(String name) {
        return name.substring(PREFIX.length()).split("\\.").length > 2;
    }

    private static String module(String name) {
        return name.substring(PREFIX.length()).split("\\.")[0];
    }

    private static String packageOf(String name) {
        return name.substring(PREFIX.length(), name.lastIndexOf('.'));
    }

    private static String lines(Map<String, Set<String>> used) {
        return used.entrySet().stream()
                .map(entry ->
                        entry.getValue().isEmpty()
                                ? entry.getKey()
                                : entry.getKey() + " -> " + String.join(" ", entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the fenced block of this name on the page. */
    private static String block(String name) throws IOException {
        Matcher block =
                Pattern.compile("```" + name + "\n(.*?)\n?```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertTrue(block.find(), "docs/ARCHITECTURE.md has no block ```" + name);
        return block.group(1);
    }
}
