package dev.taper.operations.config;

import dev.taper.agent.grant.Activation;
import dev.taper.agent.names.NamesFile;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.Block;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Descriptors;
import dev.taper.operations.doctor.Probes;
import dev.taper.operations.findings.AbuseRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at everything that a configuration names. It changes nothing. */
record ConfigProbes(Settings settings, Workplace workplace, ConfigFiles files) {
  private static final String ONLY_SERVICES =
      "only services can use it, with taper-valkey beside them";

  /**
   * Looks at everything.
   *
   * @param heap what the process needs that is to serve, without this service
   */
  void look(Checkup checkup, HeapNeed heap) {
    heap.add(settings, files);
    checkup.look("heap", report -> heap(report, heap));
    checkup.look("descriptors", Probes.descriptors(Descriptors.now()));
    NamesFile names = names(checkup);
    checkup.look("root keys", Probes.rootKeys(files::rootKeys, names, workplace.clock().instant()));
    String catalog = settings.catalog();
    if (catalog != null) {
      checkup.look(
          "catalog",
          Probes.catalog(() -> files.catalog(catalog, files.text(catalog)), settings.audience()));
    }
    if (settings.findings() != null) {
      checkup.look("findings", this::findings);
    }
    if (!settings.policies().isEmpty()) {
      checkup.look("policies", report -> policies(report, names));
    }
    revocations(checkup);
    audit(checkup);
    if (settings.registry() != null) {
      look(checkup, "registry", "registry", settings.registry(), true);
    }
    kept(checkup);
  }

  private static void heap(Checkup.Report report, HeapNeed heap) {
    String refusal = heap.refusal();
    String warning = heap.warning();
    if (refusal != null) {
      report.wrong(HeapNeed.CODE, refusal);
    } else if (warning != null) {
      report.doubtful(HeapNeed.CODE, warning);
    } else {
      report.right(heap.right());
    }
  }

  private @Nullable NamesFile names(Checkup checkup) {
    Settings.Names names = settings.names();
    NamesFile[] read = new NamesFile[1];
    if (names != null) {
      checkup.look(
          "names",
          report -> {
            NamesFile file = files.names(names, files.text(names.file()));
            read[0] = file;
            if (!file.approvers().isEmpty() && !names.unsignedApprovers()) {
              var unused = file.approverNames(); // throws if nobody looks at the signature
            }
            Probes.names(() -> file).look(report);
          });
    }
    return read[0];
  }

  private void findings(Checkup.Report report) {
    AbuseRules rules = files.abuseRules();
    if (rules == null) {
      report.doubtful("no_rules", "there is no library with rules about abuse: nothing is noticed");
    } else {
      int number = rules.names().size();
      report.right(number + (number == 1 ? " rule about abuse" : " rules about abuse"));
    }
  }

  private void policies(Checkup.Report report, @Nullable NamesFile names) {
    var parts = files.policies();
    var unused = PolicySet.of(parts);
    if (names != null) {
      parts.forEach(part -> approvals(part, names, report));
    }
    boolean allows =
        parts.stream()
            .flatMap(part -> part.code().policies().stream())
            .anyMatch(policy -> policy.kind() == Policy.Kind.ALLOW);
    if (allows) {
      report.right(parts.size() + (parts.size() == 1 ? " policy reads" : " policies read"));
    } else {
      report.wrong("never_allows", "none of the policies allows anything: add default behind them");
    }
  }

  /** Approvals for which there are too few people. */
  private static void approvals(PolicySet.Part part, NamesFile names, Checkup.Report report) {
    Block block = part.code().block();
    List<Query> queries = new ArrayList<>();
    block.checks().forEach(check -> queries.addAll(check.queries()));
    part.code().policies().forEach(policy -> queries.addAll(policy.queries()));
    Set<String> found = new LinkedHashSet<>();
    for (Query query : queries) {
      for (Activation activation : Activation.approvalsIn(query, block.facts())) {
        String why = names.neverMet(activation);
        if (why != null) {
          found.add(why);
        }
      }
    }
    found.forEach(
        why ->
            report.doubtful(
                "approval_never_met", "an approval that " + part.name() + " asks for: " + why));
  }

  private void revocations(Checkup checkup) {
    Settings.Lists lists = settings.revocations();
    if (lists == null) {
      return;
    }
    checkup.look(
        "revocations",
        report -> {
          if (lists.place() instanceof Place.Shared shared && !Stores.opens(shared)) {
            report.doubtful("not_looked_at", ONLY_SERVICES);
          } else {
            Probes.revocations(lists.place(), files.issuers(lists), workplace).look(report);
          }
        });
    if (lists.memory() != null) {
      look(
          checkup, "revocation memory", "revocations.memory", new Place.File(lists.memory()), true);
    }
  }

  private void audit(Checkup checkup) {
    Settings.Audit audit = settings.audit();
    if (audit == null) {
      return;
    }
    checkup.look(
        "audit key",
        report -> {
          var key = files.auditKey(audit);
          try {
            var half = key.publicKey();
            Probes.privateKey(() -> half, null).look(report);
          } finally {
            key.destroy();
          }
        });
    if (audit.log() instanceof Place.File file) {
      checkup.look(
          "audit log",
          report -> {
            files.requireOwn("audit.log", audit.log());
            Probes.auditLog(files.path(file.name())).look(report);
          });
    } else {
      look(checkup, "audit log", "audit.log", audit.log(), true);
    }
  }

  private void kept(Checkup checkup) {
    place(checkup, "replay memory", "replay-memory", settings.replayMemory());
    String alone = NotShared.words(settings);
    if (alone != null) {
      checkup.look("memories", report -> report.doubtful(NotShared.CODE, alone));
    }
    if (settings.proofsAlone() != null) {
      checkup.look(
          "proofs alone",
          report ->
              report.doubtful(
                  "proofs_alone",
                  "while the replay memory does not answer, each process may take each proof once;"
                      + " records of such calls say alone"));
    }
    if (settings.approvalUses() != null) {
      place(checkup, "approval uses", "approval-uses", settings.approvalUses());
    }
    if (settings.asks() != null) {
      place(checkup, "asks", "asks", settings.asks());
    }
    settings
        .budgets()
        .forEach((store, kept) -> place(checkup, "budgets " + store, "budgets." + store, kept));
    settings.leases().keySet().forEach(store -> leases(checkup, store));
  }

  private void leases(Checkup checkup, String store) {
    checkup.look(
        "leases " + store,
        report -> {
          report.doubtful(
              "leases_lost", "what is left of a lease at a crash, or at its end, counts as spent");
          if (isJoined(store)) {
            report.doubtful(
                "leases_save_nothing",
                "every call asks that store for its proof anyway, and without leases for its budget"
                    + " in the same step; they help where proofs go on alone");
          }
        });
  }

  /** True if a call's proof and its budget are taken in one step. */
  private boolean isJoined(String store) {
    Place place = Objects.requireNonNull(settings.budgets().get(store)).place();
    Settings.Kept uses = settings.approvalUses();
    return (place instanceof Place.Shared || place instanceof Place.Sql)
        && place.equals(settings.replayMemory().place())
        && (uses == null || place.equals(uses.place()))
        && settings.budgets().size() == 1;
  }

  private void place(Checkup checkup, String subject, String setting, Settings.Kept kept) {
    if (kept.place() != null) {
      look(checkup, subject, setting, kept.place(), false);
    }
  }

  private void look(Checkup checkup, String subject, String setting, Place place, boolean isFile) {
    checkup.look(
        subject,
        report -> {
          files.requireOwn(setting, place);
          if (place instanceof Place.Sql sql) {
            Probes.database(sql, workplace).look(report);
          } else if (place instanceof Place.Shared shared) {
            sharedStore(shared, report);
          } else {
            var path = files.path(((Place.File) place).name());
            (isFile ? Probes.file(path) : Probes.folder(path)).look(report);
          }
        });
  }

  private void sharedStore(Place.Shared place, Checkup.Report report) {
    if (!Stores.opens(place)) {
      report.doubtful("not_looked_at", ONLY_SERVICES);
      return;
    }
    try (Stores stores = new Stores(workplace, settings.limits().bounds())) {
      String problem = stores.shared(place).problem();
      if (problem == null) {
        report.right("it answers, and can be used");
      } else {
        report.wrong("database_unavailable", problem);
      }
    }
  }
}
