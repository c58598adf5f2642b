package dev.taper;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the directions between the packages; docs/architecture.md draws them. */
@AnalyzeClasses(packages = "dev.taper", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchRule ERRORS = only("dev.taper");
  @ArchTest static final ArchRule CRYPTO = only("dev.taper.crypto", "dev.taper");

  @ArchTest
  static final ArchRule DATALOG = only("dev.taper.datalog", "dev.taper", "dev.taper.crypto");

  @ArchTest
  static final ArchRule PARSER =
      only("dev.taper.datalog.parser", "dev.taper", "dev.taper.crypto", "dev.taper.datalog");

  @ArchTest static final ArchRule REGEX = only("dev.taper.datalog.regex", "dev.taper");

  @ArchTest
  static final ArchRule ENGINE =
      only(
          "dev.taper.datalog.engine",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.datalog",
          "dev.taper.datalog.regex");

  @ArchTest
  static final ArchRule WIRE =
      only("dev.taper.wire", "dev.taper", "dev.taper.crypto", "dev.taper.datalog");

  @ArchTest
  static final ArchRule TOKEN =
      only(
          "dev.taper.token",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.datalog",
          "dev.taper.datalog.engine",
          "dev.taper.wire");

  @ArchTest
  static final ArchRule AUTHORIZER =
      only(
          "dev.taper.authorizer",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.datalog",
          "dev.taper.datalog.engine",
          "dev.taper.wire",
          "dev.taper.token");

  @ArchTest
  static final ArchRule REVOCATION =
      only("dev.taper.revocation", "dev.taper", "dev.taper.crypto", "dev.taper.agent.call");

  @ArchTest static final ArchRule TRUST = only("dev.taper.trust", "dev.taper", "dev.taper.crypto");

  @ArchTest
  static final ArchRule MEMORY = only("dev.taper.agent.memory", "dev.taper", "dev.taper.crypto");

  @ArchTest
  static final ArchRule CALL =
      only(
          "dev.taper.agent.call",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.datalog",
          "dev.taper.datalog.regex",
          "dev.taper.token",
          "dev.taper.agent.memory");

  @ArchTest
  static final ArchRule GRANT =
      only(
          "dev.taper.agent.grant",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.datalog",
          "dev.taper.datalog.regex",
          "dev.taper.agent.call");

  @ArchTest
  static final ArchRule APPROVAL =
      only(
          "dev.taper.agent.approval",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.datalog",
          "dev.taper.token",
          "dev.taper.wire",
          "dev.taper.agent.call",
          "dev.taper.agent.memory",
          "dev.taper.agent.grant");

  @ArchTest
  static final ArchRule AGENT =
      only(
          "dev.taper.agent",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.datalog",
          "dev.taper.datalog.engine",
          "dev.taper.datalog.regex",
          "dev.taper.wire",
          "dev.taper.token",
          "dev.taper.authorizer",
          "dev.taper.agent.call",
          "dev.taper.agent.memory",
          "dev.taper.agent.grant",
          "dev.taper.agent.approval",
          "dev.taper.revocation");

  @ArchTest
  static final ArchRule AUDIT =
      only(
          "dev.taper.audit",
          "dev.taper",
          "dev.taper.crypto",
          "dev.taper.agent",
          "dev.taper.agent.grant",
          "dev.taper.agent.call",
          "dev.taper.revocation",
          "dev.taper.token");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("dev.taper.(**)").should().beFreeOfCycles();

  /** Evaluation must be predictable: what is forbidden here allocates, compiles or looks up. */
  @ArchTest
  static final ArchRule EVALUATION_STAYS_PLAIN =
      noClasses()
          .that()
          .resideInAPackage("dev.taper.datalog.engine")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.stream..", "java.util.regex..", "java.lang.reflect..");

  /** Time comes from a clock that is passed in. */
  @ArchTest
  static final ArchRule NO_AMBIENT_TIME =
      noClasses()
          .should(
              ArchConditions.callMethod(java.time.Instant.class, "now").as("call Instant.now()"))
          .orShould(
              ArchConditions.callMethod(System.class, "currentTimeMillis")
                  .as("call System.currentTimeMillis()"));

  private static ArchRule only(String room, String... allowed) {
    String[] packages = Stream.concat(Stream.of(room), Stream.of(allowed)).toArray(String[]::new);
    List<String> ours = List.of(packages);
    return classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat(
            new com.tngtech.archunit.base.DescribedPredicate<>("are in " + ours) {
              @Override
              public boolean test(com.tngtech.archunit.core.domain.JavaClass c) {
                String name = c.getPackageName();
                boolean isOurs = name.equals("dev.taper") || name.startsWith("dev.taper.");
                return !isOurs || ours.contains(name);
              }
            });
  }

  @Test
  void sourceFiles_length_canBeReadAtOneSitting() throws IOException {
    Path root = Path.of(System.getProperty("user.dir"));
    try (Stream<Path> files = Files.walk(root.resolve("src"))) {
      List<String> tooLong =
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> lines(f) > 500)
              .map(f -> root.relativize(f) + ": " + lines(f) + " lines")
              .toList();
      assertThat(tooLong).isEmpty();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
