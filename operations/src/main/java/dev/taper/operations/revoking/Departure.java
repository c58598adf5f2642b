package dev.taper.operations.revoking;

import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.trail.AuditReader;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.RevocationImpact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that rests on a person who leaves, and what to revoke so that nothing does. A person is one
 * or several names. Their keys are those that the file of names has for these; what the registry
 * says of names is a claim, so what is held under one ends block by block. Immutable and
 * thread-safe.
 *
 * @param names the person's names
 * @param delegated the living delegations in one of the names
 * @param granted those in others' names that the person handed on
 * @param held those in others' names that the person holds
 * @param keys the keys of approvers and agents under the names
 * @param rootKeys the root keys of issuers under the names
 * @param approvals the approvals by these keys that have not ended
 * @param impact what agents lose by it, and what they still hold
 * @param left what the file of names must lose, in words
 * @param unknown those of the names of which nothing is known: neither the file of names nor the
 *     registry has or had them
 */
public record Departure(
    List<String> names,
    List<Delegated> delegated,
    List<Delegated> granted,
    List<Delegated> held,
    Set<PublicKey> keys,
    Set<PublicKey> rootKeys,
    List<LivingApproval> approvals,
    RevocationImpact impact,
    List<String> left,
    List<String> unknown) {
  /**
   * An approval that counts for nothing when its approver's key is revoked.
   *
   * @param approver the key
   * @param id its id
   * @param until when it ends by itself
   * @param task for which task, or null
   * @param tool which tool, or null
   */
  public record LivingApproval(
      String approver, String id, Instant until, @Nullable String task, @Nullable String tool) {}

  /** Copies the collections. */
  public Departure {
    names = List.copyOf(names);
    delegated = List.copyOf(delegated);
    granted = List.copyOf(granted);
    held = List.copyOf(held);
    keys = Set.copyOf(keys);
    rootKeys = Set.copyOf(rootKeys);
    approvals = List.copyOf(approvals);
    left = List.copyOf(left);
    unknown = List.copyOf(unknown);
  }

  /**
   * Looks at everything.
   *
   * @param names the person's names
   * @param file the file of names, or null
   * @param registry the registry
   * @param log the audit log, which knows approvals; or null
   * @param now what time it is
   * @throws dev.taper.TaperException if the registry cannot be asked
   * @throws dev.taper.operations.OperationException if the log is not to be relied on
   */
  public static Departure of(
      List<String> names,
      @Nullable NamesFile file,
      RegistryAccess registry,
      @Nullable AuditReader log,
      Instant now) {
    Set<PublicKey> keys = new LinkedHashSet<>();
    Set<PublicKey> rootKeys = new LinkedHashSet<>();
    if (file != null) {
      for (String name : names) {
        keys.addAll(file.agents().getOrDefault(name, Set.of()));
        keys.addAll(file.approvers().getOrDefault(name, Set.of()));
        rootKeys.addAll(file.issuers().getOrDefault(name, Set.of()));
      }
    }
    List<LivingApproval> approvals = log == null ? List.of() : approvals(log, keys, now);
    List<String> left = file == null ? List.of() : left(file, names);
    return registry.ask(
        known -> {
          List<Delegated> delegated = new ArrayList<>();
          List<Delegated> granted = new ArrayList<>();
          List<Delegated> held = new ArrayList<>();
          for (Delegated each : known.find(RegistryQuery.living().grantedBy(names))) {
            (names.contains(each.delegator()) ? delegated : granted).add(each);
          }
          for (String name : names) {
            for (Delegated each : known.find(RegistryQuery.living().holder(name))) {
              if (!names.contains(each.delegator())) {
                held.add(each);
              }
            }
          }
          List<Revocable> revoked = revocables(names, keys, rootKeys, held, granted);
          return new Departure(
              names,
              delegated,
              granted,
              held,
              keys,
              rootKeys,
              approvals,
              known.impact(revoked.stream().map(each -> each.entry().fingerprint()).toList()),
              left,
              names.stream().filter(name -> !isKnown(name, file, known)).toList());
        });
  }

  /** What has ended counts too: who was offboarded before is no misspelt name. */
  private static boolean isKnown(String name, @Nullable NamesFile file, Registry known) {
    boolean isNamed =
        file != null
            && (file.agents().containsKey(name)
                || file.approvers().containsKey(name)
                || file.issuers().containsKey(name)
                || file.groups().values().stream().anyMatch(members -> members.contains(name)));
    RegistryQuery ever = RegistryQuery.living().withDead();
    return isNamed || has(known, ever.grantedBy(List.of(name))) || has(known, ever.holder(name));
  }

  private static boolean has(Registry known, RegistryQuery query) {
    return known.page(query, Registry.Order.TASK, null, 1).total() > 0;
  }

  /**
   * Refuses names of which nothing is known: a misspelt name ends nothing, and must not look as if
   * it did.
   *
   * @throws OperationException {@code unknown_person}
   */
  public void requireKnown() {
    if (!unknown.isEmpty()) {
      throw new OperationException(
          OperationException.Kind.NOTHING,
          "unknown_person",
          "nothing is known of "
              + String.join(", ", unknown)
              + ", and nothing was ended; is it the right name? revoke delegator NAME revokes one"
              + " without asking",
          null);
    }
  }

  /** What to revoke: names and keys for good, and what is held under a name by other keys. */
  public List<Revocable> revocables() {
    return revocables(names, keys, rootKeys, held, granted);
  }

  private static List<Revocable> revocables(
      List<String> names,
      Set<PublicKey> keys,
      Set<PublicKey> rootKeys,
      List<Delegated> held,
      List<Delegated> granted) {
    List<Revocable> all = new ArrayList<>();
    names.forEach(name -> all.add(Revocable.delegator(name)));
    keys.forEach(key -> all.add(Revocable.holder(key)));
    rootKeys.forEach(key -> all.add(Revocable.root(key)));
    Map<String, Delegated> blocks = new LinkedHashMap<>();
    Set<String> covered = new TreeSet<>();
    for (Delegated each : held) {
      covered.add(each.id());
      if (!keys.contains(PublicKey.parse(each.holderKey()))) {
        blocks.put(each.id(), each);
      }
    }
    for (Delegated each : granted) {
      if (each.parent() == null || !covered.contains(each.parent())) {
        blocks.put(each.id(), each);
      }
    }
    blocks.values().forEach(each -> all.add(Revocable.delegation(each)));
    return all;
  }

  private static List<LivingApproval> approvals(AuditReader log, Set<PublicKey> keys, Instant now) {
    Set<String> texts = keys.stream().map(PublicKey::toString).collect(Collectors.toSet());
    Map<String, LivingApproval> living = new LinkedHashMap<>();
    log.read(
        record -> {
          if (record.content() instanceof AuditEvent event && event.subject() != null) {
            AuditEvent.Subject about = event.subject();
            boolean isApproval = about.type().equals("approval");
            String by = event.by();
            if (isApproval && event.kind() == AuditKind.APPROVE && by != null) {
              Instant until = about.until();
              if (texts.contains(by) && until != null && until.isAfter(now)) {
                AuditEvent.Call call = event.call();
                living.put(
                    by + " " + about.id(),
                    new LivingApproval(
                        by, about.id(), until, event.task(), call == null ? null : call.tool()));
              }
            } else if (isApproval && event.kind() == AuditKind.REVOKE) {
              living.remove(about.id());
            }
          }
        });
    return List.copyOf(living.values());
  }

  private static List<String> left(NamesFile file, List<String> names) {
    List<String> left = new ArrayList<>();
    for (String name : names) {
      keys(left, "approver ", name, file.approvers().get(name));
      keys(left, "agent ", name, file.agents().get(name));
      keys(left, "issuer ", name, file.issuers().get(name));
      file.groups()
          .forEach(
              (group, members) -> {
                if (members.contains(name)) {
                  long others = members.stream().filter(each -> !names.contains(each)).count();
                  String rest = others + (others == 1 ? " other" : " others");
                  left.add(name + " in the group " + group + ", which has " + rest);
                }
              });
    }
    return left;
  }

  private static void keys(
      List<String> left, String section, String name, @Nullable Set<PublicKey> keys) {
    if (keys != null) {
      left.add(section + name + " with " + keys.size() + (keys.size() == 1 ? " key" : " keys"));
    }
  }
}
