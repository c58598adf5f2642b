package dev.taper.authorizer;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows which part of a policy set its checks and policies come from. Immutable. */
final class Provenance {
  /** The provenance of code that has no parts. */
  static final Provenance NONE = new Provenance(new String[0], new int[0], new int[0]);

  private final String[] names;

  /** The index of each part's first check, and of its first policy, in the whole. */
  private final int[] checks;

  private final int[] policies;

  private Provenance(String[] names, int[] checks, int[] policies) {
    this.names = names;
    this.checks = checks;
    this.policies = policies;
  }

  static Provenance of(List<PolicySet.Part> parts) {
    String[] names = new String[parts.size()];
    int[] checks = new int[names.length];
    int[] policies = new int[names.length];
    int check = 0;
    int policy = 0;
    for (int i = 0; i < names.length; i++) {
      PolicySet.Part part = parts.get(i);
      names[i] = part.name();
      checks[i] = check;
      policies[i] = policy;
      check += part.code().block().checks().size();
      policy += part.code().policies().size();
    }
    return new Provenance(names, checks, policies);
  }

  /** Returns where the check of an index stands. */
  Place check(int index) {
    return place(checks, index);
  }

  /** Returns where the policy of an index stands. */
  Place policy(int index) {
    return place(policies, index);
  }

  private Place place(int[] starts, int index) {
    int part = names.length - 1;
    while (part > 0 && starts[part] > index) {
      part--;
    }
    return part < 0 ? new Place(null, index) : new Place(names[part], index - starts[part]);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Provenance other
        && Arrays.equals(names, other.names)
        && Arrays.equals(checks, other.checks)
        && Arrays.equals(policies, other.policies);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(names);
  }

  /**
   * The place of a check or policy.
   *
   * @param part the part's name, or null if the code has no parts
   * @param index its index in the part
   */
  record Place(@Nullable String part, int index) {}
}
