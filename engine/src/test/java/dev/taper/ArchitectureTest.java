package dev.taper;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.taper.testing.HouseContract;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Holds the directions between the packages; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  private static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          Map.entry("dev.taper", Set.of()),
          Map.entry("dev.taper.crypto", Set.of("dev.taper")),
          Map.entry(
              "dev.taper.datalog",
              Set.of("dev.taper", "dev.taper.crypto", "dev.taper.datalog.regex")),
          Map.entry(
              "dev.taper.datalog.parser",
              Set.of("dev.taper", "dev.taper.crypto", "dev.taper.datalog")),
          Map.entry("dev.taper.datalog.regex", Set.of("dev.taper")),
          Map.entry(
              "dev.taper.datalog.engine",
              Set.of(
                  "dev.taper", "dev.taper.crypto", "dev.taper.datalog", "dev.taper.datalog.regex")),
          Map.entry("dev.taper.wire", Set.of("dev.taper", "dev.taper.crypto", "dev.taper.datalog")),
          Map.entry(
              "dev.taper.token",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.datalog",
                  "dev.taper.datalog.engine",
                  "dev.taper.wire")),
          Map.entry(
              "dev.taper.authorizer",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.datalog",
                  "dev.taper.datalog.engine",
                  "dev.taper.wire",
                  "dev.taper.token")),
          Map.entry(
              "dev.taper.revocation",
              Set.of("dev.taper", "dev.taper.crypto", "dev.taper.agent.call")),
          Map.entry("dev.taper.trust", Set.of("dev.taper", "dev.taper.crypto")),
          Map.entry("dev.taper.agent.memory", Set.of("dev.taper", "dev.taper.crypto")),
          Map.entry(
              "dev.taper.agent.call",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.datalog",
                  "dev.taper.datalog.regex",
                  "dev.taper.token",
                  "dev.taper.agent.memory")),
          Map.entry(
              "dev.taper.agent.catalog",
              Set.of("dev.taper", "dev.taper.crypto", "dev.taper.agent.call")),
          Map.entry(
              "dev.taper.agent.grant",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.datalog",
                  "dev.taper.datalog.regex",
                  "dev.taper.agent.call")),
          Map.entry(
              "dev.taper.agent.approval",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.datalog",
                  "dev.taper.token",
                  "dev.taper.wire",
                  "dev.taper.agent.call",
                  "dev.taper.agent.memory",
                  "dev.taper.agent.grant")),
          Map.entry(
              "dev.taper.agent.names",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.agent.call",
                  "dev.taper.agent.grant")),
          Map.entry(
              "dev.taper.agent.delegation",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.datalog",
                  "dev.taper.wire",
                  "dev.taper.token",
                  "dev.taper.agent.call",
                  "dev.taper.agent.memory",
                  "dev.taper.agent.grant",
                  "dev.taper.agent.approval",
                  "dev.taper.agent.names",
                  "dev.taper.revocation")),
          Map.entry(
              "dev.taper.agent.decision",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.datalog",
                  "dev.taper.datalog.engine",
                  "dev.taper.datalog.regex",
                  "dev.taper.wire",
                  "dev.taper.token",
                  "dev.taper.authorizer",
                  "dev.taper.agent.call",
                  "dev.taper.agent.catalog",
                  "dev.taper.agent.memory",
                  "dev.taper.agent.grant",
                  "dev.taper.agent.approval",
                  "dev.taper.agent.names",
                  "dev.taper.agent.delegation",
                  "dev.taper.revocation")),
          Map.entry(
              "dev.taper.agent.client",
              Set.of(
                  "dev.taper",
                  "dev.taper.crypto",
                  "dev.taper.token",
                  "dev.taper.agent.call",
                  "dev.taper.agent.delegation",
                  "dev.taper.agent.decision")),
          Map.entry(
              "dev.taper.audit",
              Set.of(
                  "dev.taper",
                  "dev.taper.token",
                  "dev.taper.crypto",
                  "dev.taper.agent.delegation",
                  "dev.taper.agent.decision",
                  "dev.taper.agent.grant",
                  "dev.taper.agent.call",
                  "dev.taper.revocation")));

  /** Evaluation must be predictable: what is forbidden here allocates, compiles or looks up. */
  @Test
  void evaluation_staysPlain() throws URISyntaxException {
    noClasses()
        .that()
        .resideInAPackage("dev.taper.datalog.engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.stream..", "java.util.regex..", "java.lang.reflect..")
        .check(classes());
  }

  @Override
  protected Class<?> anchor() {
    return TaperException.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return ROOMS;
  }
}
