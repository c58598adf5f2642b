package dev.taper.store.registry;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.store.Database;
import java.nio.file.Path;

/** Tells a registry of calls until it is killed, and prints how many were written. */
final class RegistryWriterProcess {
  private RegistryWriterProcess() {}

  /** Takes a database's address, and a task. */
  public static void main(String[] args) {
    Story story = new Story();
    AgentToken token = story.atResearcher(story.atPlanner(Story.ALICE, args[1]));
    try (Database database = Database.open(args[0], Path.of("").toAbsolutePath())) {
      Registry registry = new Registry(database, story.clock);
      for (int written = 1; ; written++) {
        if (!story.call(registry, token, story.researcherKey, "jira.search").allowed()) {
          throw new IllegalStateException("not written");
        }
        System.out.println(written);
      }
    }
  }
}
