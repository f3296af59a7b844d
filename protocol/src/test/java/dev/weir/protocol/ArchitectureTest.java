package dev.weir.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls of this module: its packages from the ground up, and what it must not know. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.weir.protocol");

  @Test
  void packagesKnowOnlyThoseBelow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("close")
        .definedBy("dev.weir.protocol.close")
        .layer("frame")
        .definedBy("dev.weir.protocol.frame")
        .layer("message")
        .definedBy("dev.weir.protocol.message")
        .layer("deflate")
        .definedBy("dev.weir.protocol.deflate")
        .layer("handshake")
        .definedBy("dev.weir.protocol.handshake")
        .layer("connection")
        .definedBy("dev.weir.protocol.connection")
        .whereLayer("connection")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("handshake")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("deflate")
        .mayOnlyBeAccessedByLayers("handshake", "connection")
        .whereLayer("message")
        .mayOnlyBeAccessedByLayers("connection")
        .whereLayer("frame")
        .mayOnlyBeAccessedByLayers("message", "deflate", "connection")
        .whereLayer("close")
        .mayOnlyBeAccessedByLayers("frame", "message", "deflate", "connection")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.weir.protocol.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nothingKnowsSocketsClocksThreadsOrLogs() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net..",
            "java.nio.channels..",
            "java.nio.file..",
            "java.time..",
            "java.util.concurrent..",
            "java.util.logging..",
            "java.util.random..")
        .check(CLASSES);
    for (Class<?> forbidden :
        new Class<?>[] {
          Thread.class,
          ThreadLocal.class,
          System.Logger.class,
          java.util.Random.class,
          java.util.Timer.class
        }) {
      noClasses().should().dependOnClassesThat().areAssignableTo(forbidden).check(CLASSES);
    }
    noClasses().should().callMethod(System.class, "nanoTime").check(CLASSES);
    noClasses().should().callMethod(System.class, "currentTimeMillis").check(CLASSES);
    noClasses().should().callMethod(Math.class, "random").check(CLASSES);
  }
}
