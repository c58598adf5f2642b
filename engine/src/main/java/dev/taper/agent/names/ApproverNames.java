package dev.taper.agent.names;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.crypto.PublicKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Knows the persons whose approvals count: their keys, and the groups that they are in. So "two of
 * the group" means two persons, however many keys each has, and a lost key kills no grant.
 * Implementations must be safe to use from several threads, and must not block.
 */
public interface ApproverNames {
  /** Nobody. */
  ApproverNames NONE = builder().build();

  /** The person whose key it is; null if nobody's. A key is one person's at most. */
  @Nullable String person(PublicKey key);

  /** The groups that a person is in. */
  Set<String> groups(String person);

  /** The persons in a group; empty for a group that is not known. */
  Set<String> members(String group);

  /** Starts a fixed list of names. */
  static Builder builder() {
    return new Builder();
  }

  /** Collects persons and groups. Not thread-safe. */
  final class Builder {
    private final Map<PublicKey, String> persons = new HashMap<>();
    private final Map<String, SortedSet<String>> groups = new HashMap<>();

    private Builder() {}

    /**
     * Adds a person, or more keys of one.
     *
     * @param name such as {@code user:boss@acme.com}, as {@link Canonical#name} takes it
     * @param keys at least one
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} without a key, or if a key is
     *     another person's; {@link ErrorCode#INVALID_REQUEST} for the name
     */
    public Builder person(String name, PublicKey... keys) {
      String checked = Canonical.name(name, "the person");
      if (keys.length == 0) {
        throw refuse(checked + " has no key to approve with");
      }
      for (PublicKey key : keys) {
        String other = persons.putIfAbsent(key, checked);
        if (other != null && !other.equals(checked)) {
          throw refuse("one key is of two persons: " + other + " and " + checked);
        }
      }
      return this;
    }

    /**
     * Adds a group, or more members of one.
     *
     * @param name such as {@code finance}
     * @param members persons that were added before
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for somebody who was not; {@link
     *     ErrorCode#INVALID_REQUEST} for the name
     */
    public Builder group(String name, Collection<String> members) {
      String checked = Canonical.name(name, "the group");
      for (String member : members) {
        if (!persons.containsValue(member)) {
          throw refuse("the group " + checked + " has a member whom nobody knows: " + member);
        }
      }
      groups.computeIfAbsent(checked, group -> new TreeSet<>()).addAll(members);
      return this;
    }

    /** Adds a group, or more members of one, as {@link #group(String, Collection)}. */
    public Builder group(String name, String... members) {
      return group(name, List.of(members));
    }

    /** Builds the list. */
    public ApproverNames build() {
      return new Fixed(persons, groups);
    }

    private static TaperException refuse(String what) {
      return new TaperException(ErrorCode.INVALID_ARGUMENT, what);
    }

    private static final class Fixed implements ApproverNames {
      private final Map<PublicKey, String> persons;
      private final Map<String, Set<String>> members = new HashMap<>();
      private final Map<String, Set<String>> groups = new HashMap<>();

      Fixed(Map<PublicKey, String> persons, Map<String, SortedSet<String>> byGroup) {
        this.persons = Map.copyOf(persons);
        byGroup.forEach(
            (group, names) -> {
              members.put(group, Collections.unmodifiableSet(new TreeSet<>(names)));
              names.forEach(
                  name -> groups.computeIfAbsent(name, person -> new TreeSet<>()).add(group));
            });
        groups.replaceAll((person, names) -> Collections.unmodifiableSet(names));
      }

      @Override
      public @Nullable String person(PublicKey key) {
        return persons.get(key);
      }

      @Override
      public Set<String> groups(String person) {
        return groups.getOrDefault(person, Set.of());
      }

      @Override
      public Set<String> members(String group) {
        return members.getOrDefault(group, Set.of());
      }
    }
  }
}
