package dev.taper.cli.policy;

import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.Console;
import dev.taper.operations.config.TaperConfig;
import dev.taper.policies.Policies;
import java.util.Collection;

/** Reads configurations, whose policies can be those of the library. */
public final class LibraryConfig {
  private LibraryConfig() {}

  /**
   * Reads a configuration.
   *
   * @param file its name
   * @throws dev.taper.operations.OperationException what is wrong with it, and where
   */
  public static TaperConfig load(Console console, String file) {
    return TaperConfig.load(console.resolve(file), console.clock())
        .with(
            new TaperConfig.Library() {
              @Override
              public Collection<String> names() {
                return Policies.names();
              }

              @Override
              public PolicySet.Part part(String name) {
                return Policies.part(name);
              }
            });
  }
}
