package dev.taper.examples.langchain4j;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the rules of the house; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return Clerk.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of("dev.taper.examples.langchain4j", Set.of());
  }
}
