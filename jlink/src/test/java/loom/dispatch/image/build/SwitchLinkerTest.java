package loom.dispatch.image.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageProcess;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A switch that was linked in the build does what the compiler's does, and the image has no other.
 */
final class SwitchLinkerTest {
    /** The kinds of pattern switches that there are. */
    static final class Switches {
        private Switches() {}

        sealed interface Shape {
            static String name(Shape shape) {
                return switch (shape) {
                    case Circle _ -> "circle";
                    case Square _ -> "square";
                };
            }
        }

        record Circle(int radius) implements Shape {}

        record Square(int side) implements Shape {}

        static String described(Object object) {
            return switch (object) {
                case null -> "nothing";
                case Circle(int radius) when radius > 10 -> "large circle";
                case Circle circle when circle.radius() == 0 -> "point";
                case Shape shape -> Shape.name(shape);
                case Integer number when number > 1 -> "number above one";
                case Number number -> "number " + number;
                case int[] numbers -> numbers.length + " numbers";
                case CharSequence text -> "text " + text;
                default -> "something";
            };
        }

        /** Not over types alone: left as it is. */
        static String word(Object object) {
            return switch (object) {
                case String text when text.isEmpty() -> "empty";
                case Thread.State.NEW -> "new";
                case Thread.State state -> "state " + state;
                default -> "no word";
            };
        }

        static String ofNoNull(Shape shape) {
            return switch (shape) {
                case Circle circle -> "c" + circle.radius();
                case Square square -> "s" + square.side();
            };
        }
    }

    /** Reads the classes of this test anew, each linked. */
    private static final class Linking extends ClassLoader {
        Linking() {
            super(SwitchLinkerTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Switches.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }

        private Class<?> define(String name) {
            byte[] linked = SwitchLinker.linked(model(name));
            return defineClass(name, linked, 0, linked.length);
        }
    }

    private static ClassModel model(String name) {
        String resource = "/" + name.replace('.', '/') + ".class";
        try (InputStream in = SwitchLinkerTest.class.getResourceAsStream(resource)) {
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<InvokeDynamicInstruction> bootstrapped(ClassModel model) {
        return model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(InvokeDynamicInstruction.class::isInstance)
                .map(InvokeDynamicInstruction.class::cast)
                .filter(call ->
                        call.bootstrapMethod().owner().displayName().equals("SwitchBootstraps"))
                .toList();
    }

    private final Class<?> linked;

    SwitchLinkerTest() throws ClassNotFoundException {
        linked = new Linking().loadClass(Switches.class.getName());
    }

    private Object call(String method, Class<?> type, Object argument) throws Exception {
        var found = linked.getDeclaredMethod(method, type);
        found.setAccessible(true);
        return found.invoke(null, argument);
    }

    private Object shape(String name, int size) throws Exception {
        var maker =
                linked.getClassLoader()
                        .loadClass(Switches.class.getName() + "$" + name)
                        .getDeclaredConstructor(int.class);
        maker.setAccessible(true);
        return maker.newInstance(size);
    }

    @Test
    void everyCaseIsTakenAsTheCompilersIs() throws Exception {
        List<Object> objects = new ArrayList<>();
        objects.add(null);
        objects.addAll(List.of(0, 1, 2, 2L, "", "x", 'x', new StringBuilder("y")));
        objects.addAll(List.of(new int[3], new Object(), Thread.State.NEW, Thread.State.BLOCKED));
        for (Object object : objects) {
            assertEquals(Switches.described(object), call("described", Object.class, object));
            if (object != null) {
                assertEquals(Switches.word(object), call("word", Object.class, object));
            }
        }
    }

    @Test
    void aGuardThatSaysNoGoesOnBehindItsCase() throws Exception {
        for (int number : new int[] {0, 1, 10, 11}) {
            assertEquals(
                    Switches.described(new Switches.Circle(number)),
                    call("described", Object.class, shape("Circle", number)));
            assertEquals(
                    Switches.described(new Switches.Square(number)),
                    call("described", Object.class, shape("Square", number)));
        }
    }

    @Test
    void nullIsRefusedWhereNoCaseTakesIt() throws Exception {
        Class<?> type = linked.getClassLoader().loadClass(Switches.class.getName() + "$Shape");
        assertEquals("c7", call("ofNoNull", type, shape("Circle", 7)));
        var refused =
                assertThrows(InvocationTargetException.class, () -> call("ofNoNull", type, null));
        assertEquals(NullPointerException.class, refused.getCause().getClass());
    }

    @Test
    void onlyWhatIsNotOverTypesAloneIsLeft() {
        ClassModel model = model(Switches.class.getName());
        assertEquals(3, bootstrapped(model).size());
        ClassModel after = ClassFile.of().parse(SwitchLinker.linked(model));
        assertEquals(1, bootstrapped(after).size());
    }

    @Test
    void theImageHasNoOtherOfOurs() throws Exception {
        Map<String, String> where = Map.of("java.home", ImageProcess.IMAGE.toString());
        int classes = 0;
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jrt:/"), where);
                Stream<Path> all = Files.walk(files.getPath("/modules"))) {
            for (Path path :
                    all.filter(one -> one.toString().matches("/modules/loom.*[.]class")).toList()) {
                classes++;
                ClassModel model = ClassFile.of().parse(Files.readAllBytes(path));
                assertFalse(
                        bootstrapped(model).stream().anyMatch(SwitchLinker::isTypeSwitch),
                        path::toString);
            }
        }
        assertTrue(classes > 500, classes + " classes of ours in the image");
    }
}
