package dev.weir.websocket;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls of this module: the API on top, and no transport known by name. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.weir.websocket");

  @Test
  void packagesKnowOnlyThoseBelow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("url")
        .definedBy("dev.weir.websocket.url")
        .layer("opening")
        .definedBy("dev.weir.websocket.opening")
        .layer("spi")
        .definedBy("dev.weir.websocket.spi")
        .layer("api")
        .definedBy("dev.weir.websocket")
        .whereLayer("api")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("spi")
        .mayOnlyBeAccessedByLayers("api")
        .whereLayer("opening")
        .mayOnlyBeAccessedByLayers("spi", "api")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.weir.websocket.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noTransportIsKnown() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "java.nio.channels..", "dev.weir.netty..")
        .check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(java.net.Socket.class)
        .check(CLASSES);
  }

  @Test
  void timeAndTimersAreTheEventLoops() {
    noClasses()
        .that()
        .doNotHaveSimpleName("WebSocketServer") // waits on the thread of whoever closes it
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(CLASSES);
  }
}
