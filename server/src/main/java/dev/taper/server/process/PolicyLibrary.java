package dev.taper.server.process;

import dev.taper.authorizer.PolicySet;
import dev.taper.operations.config.TaperConfig;
import dev.taper.policies.Policies;
import java.util.Collection;

/** The policies that a configuration can name without a file. Immutable and thread-safe. */
public final class PolicyLibrary implements TaperConfig.Library {
  @Override
  public Collection<String> names() {
    return Policies.names();
  }

  @Override
  public PolicySet.Part part(String name) {
    return Policies.part(name);
  }
}
