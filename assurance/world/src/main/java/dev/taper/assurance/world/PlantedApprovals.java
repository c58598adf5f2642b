package dev.taper.assurance.world;

import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.names.ApproverNames;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Verifiers that let the wrong people and keys count. */
final class PlantedApprovals {
  private PlantedApprovals() {}

  /** The group stays as it was found first. */
  static ApproverNames readOnce(ApproverNames newest) {
    Map<String, Set<String>> first = new HashMap<>();
    return new ApproverNames() {
      @Override
      public @Nullable String person(PublicKey key) {
        return newest.person(key);
      }

      @Override
      public Set<String> groups(String person) {
        return members(Approvers.GROUP).contains(person) ? Set.of(Approvers.GROUP) : Set.of();
      }

      @Override
      public Set<String> members(String group) {
        Set<String> now = newest.members(group);
        return now.isEmpty()
            ? now // nothing was read yet
            : first.computeIfAbsent(group, name -> Set.copyOf(now));
      }
    };
  }

  /** Each key counts for itself, as if it were a person's only one. */
  static ApproverNames byKeys(ApproverNames names) {
    Map<String, String> owners = new HashMap<>();
    return new ApproverNames() {
      @Override
      public @Nullable String person(PublicKey key) {
        String owner = names.person(key);
        if (owner == null) {
          return null;
        }
        String own = owner + "#" + key;
        owners.put(own, owner);
        return own;
      }

      @Override
      public Set<String> groups(String person) {
        return names.groups(owners.getOrDefault(person, person));
      }

      @Override
      public Set<String> members(String group) {
        Set<String> members = new TreeSet<>(owners.keySet());
        members.removeIf(own -> !groups(own).contains(group));
        return members;
      }
    };
  }

  /** All approvals without a number of calls that fit are recorded, needed or not. */
  static final class AllThatFitRecorded extends Parts {
    private static final Duration AHEAD = AcceptedProofs.Window.DEFAULT.ahead();

    @Override
    List<String> restsOn(DecisionEvent event, Holders.Sent sent) {
      if (!event.decision().allowed()) {
        return super.restsOn(event, sent);
      }
      Set<String> all = new LinkedHashSet<>(super.restsOn(event, sent));
      for (Approvers.Given one : sent.given()) {
        if (fits(one.approval().statement(), event.time())
            && one.ask().equals(sent.ask())
            && Holders.asHandedOn(one.ask().token().name())
                .equals(Holders.asHandedOn(sent.token().name()))) {
          all.add(one.approval().name());
        }
      }
      return List.copyOf(all);
    }

    private static boolean fits(ApprovalStatement said, Instant now) {
      return said.uses().isEmpty()
          && now.isBefore(said.until())
          && !now.isBefore(said.from().minus(AHEAD));
    }
  }

  /** A root key that was trusted once is trusted for as long as the process lives. */
  static RootKeys readOnce(RootKeys newest) {
    Map<OptionalInt, List<PublicKey>> first = new HashMap<>();
    return hint -> {
      List<PublicKey> now = newest.candidates(hint);
      return now.isEmpty()
          ? first.getOrDefault(hint, now)
          : first.computeIfAbsent(hint, id -> List.copyOf(now));
    };
  }
}
