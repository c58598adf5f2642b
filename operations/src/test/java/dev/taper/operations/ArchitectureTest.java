package dev.taper.operations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.time.Instant;
import java.util.List;

/** Holds the directions between the rooms of operations; docs/architecture.md draws them. */
@AnalyzeClasses(
    packages = "dev.taper.operations",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ALL = "dev.taper.operations";

  @ArchTest static final ArchRule ROOT = only("");
  @ArchTest static final ArchRule CONFIG = only(".config", "");
  @ArchTest static final ArchRule KEY = only(".key", "");
  @ArchTest static final ArchRule TRAIL = only(".trail", "");
  @ArchTest static final ArchRule REGISTRY = only(".registry", "");
  @ArchTest static final ArchRule REVIEW = only(".review", "", ".trail");

  @ArchTest
  static final ArchRule REVOKING = only(".revoking", "", ".trail", ".registry", ".review");

  @ArchTest static final ArchRule ROTATION = only(".rotation", "", ".trail", ".registry");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(ALL + ".(*)..").should().beFreeOfCycles();

  /** Front ends print and parse; the policies' jar is no part of this one. */
  @ArchTest
  static final ArchRule NO_FRONT_END =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "dev.taper.cli..", "dev.taper.policies..");

  @ArchTest static final ArchRule NO_STREAMS = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  /** Time comes from a clock that is passed in. */
  @ArchTest
  static final ArchRule NO_AMBIENT_TIME =
      noClasses()
          .should(ArchConditions.callMethod(Instant.class, "now").as("call Instant.now()"))
          .orShould(
              ArchConditions.callMethod(System.class, "currentTimeMillis")
                  .as("call System.currentTimeMillis()"));

  /** Of the rooms of operations, a room uses itself and those named. */
  private static ArchRule only(String room, String... used) {
    List<String> named = List.of(used);
    DescribedPredicate<JavaClass> allowed =
        DescribedPredicate.describe(
            "outside of operations, or in " + room + named,
            type -> {
              String name = type.getPackageName();
              return !name.startsWith(ALL)
                  || name.equals(ALL + room)
                  || named.contains(name.substring(ALL.length()));
            });
    return classes().that().resideInAPackage(ALL + room).should().onlyDependOnClassesThat(allowed);
  }
}
