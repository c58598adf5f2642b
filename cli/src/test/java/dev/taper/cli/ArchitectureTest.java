package dev.taper.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the directions between the rooms of the command line; docs/architecture.md draws them. */
@AnalyzeClasses(packages = "dev.taper.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ALL = "dev.taper.cli";

  @ArchTest static final ArchRule IO = only(".io");
  @ArchTest static final ArchRule OUTPUT = only(".output", ".io");
  @ArchTest static final ArchRule TOKEN = only(".token", ".io", ".output");
  @ArchTest static final ArchRule KEY = only(".key", ".io", ".output");
  @ArchTest static final ArchRule POLICY = only(".policy", ".io", ".output");
  @ArchTest static final ArchRule CALL = only(".call", ".io", ".output", ".policy");
  @ArchTest static final ArchRule APPROVAL = only(".approval", ".io", ".output");
  @ArchTest static final ArchRule REVOCATION = only(".revocation", ".io", ".output");
  @ArchTest static final ArchRule AUDIT = only(".audit", ".io", ".output");
  @ArchTest static final ArchRule REGISTRY = only(".registry", ".io", ".output", ".revocation");
  @ArchTest static final ArchRule DEMO = only(".demo", ".io", ".output");
  @ArchTest static final ArchRule CONFORMANCE = only(".conformance", ".io", ".output");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(ALL + ".(*)..").should().beFreeOfCycles();

  /** Servers and integrations are started, never linked. */
  @ArchTest
  static final ArchRule NO_SERVER =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.taper.server..", "dev.taper.integrations..");

  /** A command starts fast and its jar stays small: none of these is on the class path. */
  @Test
  void classPath_hasNoServerFramework() {
    for (String type :
        List.of(
            "io/netty/channel/Channel",
            "io/netty/buffer/ByteBuf",
            "org/eclipse/jetty/util/Callback",
            "io/grpc/Channel",
            "org/springframework/core/SpringVersion",
            "reactor/core/publisher/Flux",
            "io/lettuce/core/RedisClient")) {
      assertThat(ClassLoader.getSystemResource(type + ".class")).as(type).isNull();
    }
  }

  /** Of the rooms of the command line, a room uses itself and those named. */
  private static ArchRule only(String room, String... used) {
    List<String> named = List.of(used);
    DescribedPredicate<JavaClass> allowed =
        DescribedPredicate.describe(
            "outside of the command line, or in " + room + named,
            type -> {
              String name = type.getPackageName();
              return !name.startsWith(ALL)
                  || name.equals(ALL + room)
                  || named.contains(name.substring(ALL.length()));
            });
    return classes().that().resideInAPackage(ALL + room).should().onlyDependOnClassesThat(allowed);
  }
}
