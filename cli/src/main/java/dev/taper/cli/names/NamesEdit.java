package dev.taper.cli.names;

import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A file of names while it is changed. Not thread-safe. */
final class NamesEdit {
  final SortedMap<String, Set<PublicKey>> agents;
  final SortedMap<String, Set<PublicKey>> approvers;
  final SortedMap<String, Set<PublicKey>> issuers;
  final SortedMap<String, Set<String>> groups;

  NamesEdit(NamesFile file) {
    this.agents = copy(file.agents());
    this.approvers = copy(file.approvers());
    this.issuers = copy(file.issuers());
    this.groups = copy(file.groups());
  }

  private static <E> SortedMap<String, Set<E>> copy(Map<String, Set<E>> from) {
    SortedMap<String, Set<E>> copy = new TreeMap<>();
    from.forEach((name, values) -> copy.put(name, new LinkedHashSet<>(values)));
    return copy;
  }

  /** Takes a name out of every section; true if it was in one. */
  boolean removeName(String name) {
    boolean found = agents.remove(name) != null;
    found |= approvers.remove(name) != null;
    found |= issuers.remove(name) != null;
    for (Set<String> members : groups.values()) {
      found |= members.remove(name);
    }
    return found;
  }

  /** Takes a key out of every section, and names without a key; true if it was in one. */
  boolean removeKey(PublicKey key) {
    boolean found = removeKey(agents, key);
    found |= removeKey(issuers, key);
    found |= removeKey(approvers, key);
    groups.values().forEach(members -> members.retainAll(approvers.keySet()));
    return found;
  }

  private static boolean removeKey(SortedMap<String, Set<PublicKey>> section, PublicKey key) {
    boolean found = false;
    for (Set<PublicKey> keys : section.values()) {
      found |= keys.remove(key);
    }
    section.values().removeIf(Set::isEmpty);
    return found;
  }

  /** Takes groups out that nobody is in any more; their names. */
  Set<String> removeEmptyGroups() {
    Set<String> empty = new TreeSet<>();
    groups.forEach(
        (group, members) -> {
          if (members.isEmpty()) {
            empty.add(group);
          }
        });
    groups.keySet().removeAll(empty);
    return empty;
  }

  /**
   * The file as it is now, without a signature.
   *
   * @param before the file that was changed; the number grows by one if it has any
   * @throws dev.taper.TaperException if it makes no sense as a whole
   */
  NamesFile build(NamesFile before) {
    NamesFile.Builder builder = NamesFile.builder();
    agents.forEach((name, keys) -> builder.agent(name, keys.toArray(new PublicKey[0])));
    approvers.forEach((name, keys) -> builder.approver(name, keys.toArray(new PublicKey[0])));
    issuers.forEach((name, keys) -> builder.issuer(name, keys.toArray(new PublicKey[0])));
    groups.forEach((name, members) -> builder.group(name, members.toArray(new String[0])));
    if (before.number().isPresent()) {
      builder.number(before.number().getAsLong() + 1);
    }
    return builder.build();
  }
}
