package loom.dispatch.image.build;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Links the pattern switches of our own modules in the build. The compiler leaves to the JVM which
 * type an object has: where a switch is first reached, it makes a class for it, a millisecond each,
 * and no AOT cache holds that. Here each such place calls a method beside it that asks {@code
 * instanceof} for one type after the other, which is what the JVM's class does too.
 */
final class SwitchLinker {
    private static final ClassDesc BOOTSTRAPS = ClassDesc.of("java.lang.runtime.SwitchBootstraps");

    private SwitchLinker() {}

    /** Arguments: the jars of our modules, which are changed. */
    public static void main(String[] arguments) throws IOException {
        int linked = 0;
        for (String jar : arguments) {
            try (FileSystem files = FileSystems.newFileSystem(Path.of(jar))) {
                linked += link(files.getPath("/"));
            }
        }
        if (linked == 0) {
            throw new IOException(
                    "no pattern switch found: does the compiler write them otherwise?");
        }
        System.out.println("pattern switches linked: " + linked);
    }

    private static int link(Path root) throws IOException {
        List<Path> classes;
        try (Stream<Path> all = Files.walk(root)) {
            classes = all.filter(path -> path.toString().endsWith(".class")).toList();
        }
        int linked = 0;
        for (Path path : classes) {
            ClassModel model = ClassFile.of().parse(Files.readAllBytes(path));
            Map<String, InvokeDynamicInstruction> switches = switches(model);
            if (!switches.isEmpty()) {
                Files.write(path, linked(model, switches));
                linked += switches.size();
            }
        }
        return linked;
    }

    /** That class with all its pattern switches linked. */
    static byte[] linked(ClassModel model) {
        return linked(model, switches(model));
    }

    private static byte[] linked(ClassModel model, Map<String, InvokeDynamicInstruction> switches) {
        ClassDesc self = model.thisClass().asSymbol();
        boolean inInterface = model.flags().has(AccessFlag.INTERFACE);
        ClassTransform calls =
                ClassTransform.transformingMethodBodies((code, element) -> {
                    if (element instanceof InvokeDynamicInstruction call && isTypeSwitch(call)) {
                        code.invokestatic(self, name(call), call.typeSymbol(), inInterface);
                    } else {
                        code.with(element);
                    }
                });
        ClassTransform methods =
                ClassTransform.endHandler(builder ->
                        switches.forEach((name, call) ->
                                builder.withMethodBody(
                                        name,
                                        call.typeSymbol(),
                                        ClassFile.ACC_PRIVATE
                                                | ClassFile.ACC_STATIC
                                                | ClassFile.ACC_SYNTHETIC,
                                        code -> write(code, call.bootstrapArgs()))));
        return ClassFile.of().transformClass(model, calls.andThen(methods));
    }

    /** Every switch over types alone, by the name of its method. */
    private static Map<String, InvokeDynamicInstruction> switches(ClassModel model) {
        Map<String, InvokeDynamicInstruction> switches = new TreeMap<>();
        model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .forEach(element -> {
                    if (element instanceof InvokeDynamicInstruction call && isTypeSwitch(call)) {
                        switches.put(name(call), call);
                    }
                });
        return switches;
    }

    static boolean isTypeSwitch(InvokeDynamicInstruction call) {
        return call.bootstrapMethod().owner().equals(BOOTSTRAPS)
                && call.bootstrapMethod().methodName().equals("typeSwitch")
                && call.bootstrapArgs().stream().allMatch(ClassDesc.class::isInstance);
    }

    /** Places that ask for the same types of the same kind of object share one method. */
    private static String name(InvokeDynamicInstruction call) {
        return "switch$" + call.invokedynamic().index();
    }

    /**
     * {@code int typeSwitch(Object target, int from)}: the number of the first type from there on
     * that the target has, as many as there are types if it has none, and -1 for null. A switch
     * goes on behind a case whose guard said no.
     */
    private static void write(CodeBuilder code, List<ConstantDesc> types) {
        code.aload(0).ifThen(Opcode.IFNULL, none -> none.iconst_m1().ireturn());
        for (int i = 0; i < types.size(); i++) {
            Label next = code.newLabel();
            code.iload(1).loadConstant(i).if_icmpgt(next);
            code.aload(0).instanceOf((ClassDesc) types.get(i)).ifeq(next);
            code.loadConstant(i).ireturn();
            code.labelBinding(next);
        }
        code.loadConstant(types.size()).ireturn();
    }
}
