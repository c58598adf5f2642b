package dev.taper.operations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import dev.taper.testing.HouseContract;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Holds the directions between the rooms of operations; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  private static final String ROOT = "dev.taper.operations";

  @Override
  protected Class<?> anchor() {
    return Place.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.ofEntries(
        Map.entry(ROOT, Set.of()),
        Map.entry(ROOT + ".asking", Set.of(ROOT)),
        Map.entry(
            ROOT + ".config",
            Set.of(
                ROOT,
                ROOT + ".doctor",
                ROOT + ".findings",
                ROOT + ".key",
                ROOT + ".revoking",
                ROOT + ".trail")),
        Map.entry(ROOT + ".doctor", Set.of(ROOT, ROOT + ".revoking")),
        Map.entry(ROOT + ".findings", Set.of(ROOT)),
        Map.entry(ROOT + ".keeper", Set.of(ROOT)),
        Map.entry(ROOT + ".key", Set.of(ROOT)),
        Map.entry(ROOT + ".login", Set.of(ROOT, ROOT + ".config")),
        Map.entry(ROOT + ".trail", Set.of(ROOT, ROOT + ".key")),
        Map.entry(ROOT + ".registry", Set.of(ROOT)),
        Map.entry(ROOT + ".review", Set.of(ROOT, ROOT + ".trail")),
        Map.entry(
            ROOT + ".revoking",
            Set.of(ROOT, ROOT + ".key", ROOT + ".trail", ROOT + ".registry", ROOT + ".review")),
        Map.entry(ROOT + ".rotation", Set.of(ROOT, ROOT + ".trail", ROOT + ".registry")));
  }

  /** Front ends print and parse; the policies' jar is no part of this one. */
  @Test
  void operations_areNoFrontEnd() throws URISyntaxException {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "dev.taper.cli..", "dev.taper.policies..")
        .check(classes());
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes());
  }
}
