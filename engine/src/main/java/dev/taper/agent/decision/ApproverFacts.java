package dev.taper.agent.decision;

import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.names.ApproverNames;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * States who approved a call: keys, each person's first one only, and persons by group. So nobody
 * counts twice by having two keys. For one thread.
 */
final class ApproverFacts {
  private final ApproverNames names;
  private final SortedMap<String, @Nullable PublicKey> keys = new TreeMap<>();
  private final Set<String> groups = new HashSet<>();

  ApproverFacts(ApproverNames names) {
    this.names = names;
  }

  /** True if one of some activations names a key, or a group that the person with the key is in. */
  static boolean isApprover(
      PublicKey key, Collection<Activation> activations, ApproverNames names) {
    String person = names.person(key);
    Set<String> groups = person == null ? Set.of() : names.groups(person);
    for (Activation activation : activations) {
      if (activation.approvers().contains(key.toString())
          || (activation.group() != null && groups.contains(activation.group()))) {
        return true;
      }
    }
    return false;
  }

  /** Adds a key that approved. */
  ApproverFacts approved(PublicKey key) {
    keys.put(key.toString(), key);
    return this;
  }

  /**
   * Adds what would be if these had approved as well: some keys, and all persons of some groups.
   */
  ApproverFacts assumed(Collection<String> moreKeys, Collection<String> wholeGroups) {
    moreKeys.forEach(key -> keys.putIfAbsent(key, parsed(key)));
    groups.addAll(wholeGroups);
    return this;
  }

  /** A key that a policy names; null if its text is that of no key, which nobody has. */
  private static @Nullable PublicKey parsed(String text) {
    try {
      return PublicKey.parse(text);
    } catch (TaperException e) {
      return null;
    }
  }

  /** Adds the facts; none if nobody approved. */
  CallFacts addTo(CallFacts facts) {
    SortedMap<String, SortedSet<String>> byGroup = new TreeMap<>();
    groups.forEach(group -> byGroup.put(group, new TreeSet<>(names.members(group))));
    List<String> stated = new ArrayList<>();
    Set<String> persons = new HashSet<>();
    keys.forEach(
        (text, key) -> {
          String person = key == null ? null : names.person(key);
          if (person == null || persons.add(person)) {
            stated.add(text);
          }
        });
    for (String person : persons) {
      for (String group : names.groups(person)) {
        byGroup.computeIfAbsent(group, any -> new TreeSet<>()).add(person);
      }
    }
    CallFacts all = stated.isEmpty() ? facts : facts.approversNamed(stated);
    for (var group : byGroup.entrySet()) {
      all = group.getValue().isEmpty() ? all : all.approvedBy(group.getKey(), group.getValue());
    }
    return all;
  }
}
