package dev.taper.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;

/** Holds the directions between the packages; docs/architecture.md draws them. */
@AnalyzeClasses(packages = "dev.taper.store", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule STORE_DOES_NOT_KNOW_THE_REGISTRY =
      noClasses()
          .that()
          .resideInAPackage("dev.taper.store")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.taper.store.registry");

  /** Time comes from a clock that is passed in. */
  @ArchTest
  static final ArchRule NO_AMBIENT_TIME =
      noClasses()
          .should(
              ArchConditions.callMethod(java.time.Instant.class, "now").as("call Instant.now()"))
          .orShould(
              ArchConditions.callMethod(System.class, "currentTimeMillis")
                  .as("call System.currentTimeMillis()"));
}
