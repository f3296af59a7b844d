package dev.weir.conformance.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What a compiled class says about rules: the ids on itself and on its methods, and where else to
 * look. Immutable.
 *
 * @param name binary name, such as {@code dev.weir.FrameTest$Masked}
 * @param superName binary name of its superclass
 * @param module folder of the Maven module that it was compiled in
 * @param ids on the class itself
 * @param methodIds on its methods; overloaded methods count as one
 */
record AnnotatedClass(
    String name,
    String superName,
    Path module,
    List<String> ids,
    Map<String, List<String>> methodIds) {
  private static final String RULE = "Ldev/weir/conformance/Rule;";
  private static final String SEVERAL = "Ldev/weir/conformance/Rule$Several;";

  static AnnotatedClass read(Path module, Path classFile) throws IOException {
    var reader = new ClassReader(Files.readAllBytes(classFile));
    var ids = new ArrayList<String>();
    var methodIds = new TreeMap<String, List<String>>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return idsInto(ids, descriptor);
          }

          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                if (!annotation.equals(RULE) && !annotation.equals(SEVERAL)) {
                  return ignored();
                }
                return idsInto(
                    methodIds.computeIfAbsent(name, unused -> new ArrayList<>()), annotation);
              }
            };
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return new AnnotatedClass(
        binary(reader.getClassName()),
        reader.getSuperName() == null ? "" : binary(reader.getSuperName()),
        module,
        List.copyOf(ids),
        methodIds);
  }

  /** Binary name of the class around this one, empty if there is none. */
  String outerName() {
    int dollar = name.lastIndexOf('$');
    return dollar < 0 ? "" : name.substring(0, dollar);
  }

  private static AnnotationVisitor idsInto(List<String> ids, String descriptor) {
    if (!descriptor.equals(RULE) && !descriptor.equals(SEVERAL)) {
      return ignored();
    }
    // The ids of one annotation and those of several differ only in how deep the strings lie.
    return new AnnotationVisitor(Opcodes.ASM9) {
      @Override
      public void visit(String name, Object value) {
        ids.add((String) value);
      }

      @Override
      public AnnotationVisitor visitArray(String name) {
        return this;
      }

      @Override
      public AnnotationVisitor visitAnnotation(String name, String nested) {
        return this;
      }
    };
  }

  private static AnnotationVisitor ignored() {
    return new AnnotationVisitor(Opcodes.ASM9) {};
  }

  private static String binary(String internalName) {
    return Type.getObjectType(internalName).getClassName();
  }
}
