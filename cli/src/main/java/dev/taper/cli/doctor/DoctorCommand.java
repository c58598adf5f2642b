package dev.taper.cli.doctor;

import dev.taper.JsonFields;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Observations;
import dev.taper.cli.policy.GivenPolicies;
import dev.taper.cli.policy.LibraryConfig;
import dev.taper.cli.policy.ServeHeap;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.parser.ParseException;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Probes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code taper doctor}. */
public final class DoctorCommand extends JsonCommand {
  private final Value<@Nullable String> config =
      option("--config", "FILE", "A service's configuration: all that it names is looked at.")
          .text();

  private final Value<@Nullable String> admin =
      option("--admin", "URL", "A running service's pages of health: what it says of itself.")
          .text();

  private final Value<@Nullable String> tokenFile =
      option("--token", "FILE", "A delegation token. Default: the variable TAPER_TOKEN, if set.")
          .text();

  private final Value<@Nullable String> service =
      option("--audience", "SERVICE", "The service's own name, such as svc:jira.").text();

  private final Value<List<String>> policyFiles =
      option("--policy", "FILE|NAME", "Policies of the service; several add up in order.").texts();

  private final Value<@Nullable String> auditLog =
      option("--audit", "LOG", "The audit log: a file, or a database: " + Place.DATABASE + ".")
          .text();

  private final Value<@Nullable String> replayMemory =
      option("--replay-memory", "FOLDER", "Where used proofs and approvals are remembered.").text();

  private final Value<@Nullable String> approvalUses =
      option("--approval-uses", "DB", "Where single-use approvals are remembered.").text();

  private final Value<List<String>> budgets =
      option("--budgets", "STORE=PLACE", "Where budgets are counted: a folder, or a database.")
          .texts();

  private final PublicKeyInput rootKey = part(new PublicKeyInput());
  private final PrivateKeyInput privateKey = part(new PrivateKeyInput());
  private final RevocationListOptions list = part(new RevocationListOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final CatalogOption toolCatalog = part(new CatalogOption());
  private final NamesOption namesFile = part(new NamesOption());

  private final Checkup checkup = new Checkup();
  private final Instant now;

  /** Runs in the given console. */
  public DoctorCommand(Console console) {
    super(
        console,
        "doctor",
        "Look at keys, clock, revocation list, stores, names and catalog, and say what is wrong.",
        "Give it the options that your service or your holder has. It changes nothing, shows no"
            + " secret, and goes on when something is wrong. Exit 0 if nothing is wrong, else 1.");
    this.now = console.clock().instant();
  }

  @Override
  protected boolean tellsOfMissingFiles() {
    return true;
  }

  @Override
  protected ExitCode run() {
    checkup.look("clock", Probes.clock(now));
    configuration(config.get());
    running(admin.get());
    NamesFile names = names();
    keys(names);
    service();
    if (list.isGiven()) {
      look(
          "revocations",
          report ->
              Probes.revocations(list.place(), list.issuers(console), console.workplace())
                  .look(report));
    }
    stores();
    return answer(
        checkup.healthy(),
        () -> new JsonFields().put("version", 1).putAll(Observations.fields(checkup, now)),
        () -> Observations.print(console, checkup));
  }

  /** Looks at everything that a configuration names, if it can be read. */
  private void configuration(@Nullable String file) {
    if (file == null) {
      return;
    }
    TaperConfig[] read = new TaperConfig[1];
    look(
        "configuration",
        report -> {
          read[0] = LibraryConfig.load(console, file);
          report.right("reads, of " + read[0].audience());
        });
    if (read[0] != null) {
      read[0].check(checkup, ServeHeap.bytes(console));
    }
  }

  /** Asks a running service, which says itself why it refuses calls and what will not last. */
  private void running(@Nullable String url) {
    if (url != null) {
      look("service", report -> Probes.service(url).look(report));
    }
  }

  /** Looks at something; what the command line refuses is a observation as any other. */
  private void look(String subject, Checkup.Probe probe) {
    checkup.look(
        subject,
        report -> {
          try {
            probe.look(report);
          } catch (CliException e) {
            report.wrong(e.code(), String.valueOf(e.getMessage()));
          }
        });
  }

  private @Nullable NamesFile names() {
    NamesFile[] read = new NamesFile[1];
    if (namesFile.isGiven()) {
      look(
          "names",
          report -> {
            NamesFile names = Objects.requireNonNull(namesFile.read(console));
            read[0] = names;
            Probes.names(() -> names).look(report);
          });
    }
    return read[0];
  }

  private void keys(@Nullable NamesFile names) {
    if (rootKey.isGiven()) {
      look(
          "root keys",
          report ->
              Probes.rootKeys(() -> rootKey.read(new Inputs(console), console.clock()), names, now)
                  .look(report));
    }
    PublicKey[] own = new PublicKey[1];
    look(
        "private key",
        report -> {
          KeyInput input = privateKey.optional(console);
          if (input == null) {
            report.right("none is given");
            return;
          }
          own[0] = keys.signing(input, Signer::publicKey);
          Probes.privateKey(() -> own[0], names).look(report);
        });
    String file = tokenFile.get();
    if (file != null || console.variable("TAPER_TOKEN") != null) {
      look(
          "token",
          report ->
              Probes.token(() -> token(file), own[0] == null ? null : () -> own[0], now)
                  .look(report));
    }
  }

  private AgentToken token(@Nullable String file) {
    Source source = TokenInput.source(console, file);
    return tokens.read(new EncodedInput(source, false), AgentToken::decode, AgentToken::decode);
  }

  private void service() {
    String audience = service.get();
    if (audience != null) {
      look("audience", report -> report.right(Canonical.audience(audience)));
    }
    if (toolCatalog.isGiven()) {
      look(
          "catalog",
          report ->
              Probes.catalog(() -> Objects.requireNonNull(toolCatalog.read(inputs)), audience)
                  .look(report));
    }
    if (!policyFiles.get().isEmpty()) {
      look("policies", report -> policies(policyFiles.get(), report));
    }
  }

  private void policies(List<String> written, Checkup.Report report) {
    List<Source> sources = written.stream().map(Source::ofFile).toList();
    GivenPolicies policies =
        new GivenPolicies(console, inputs, sources, null, new ParameterOptions());
    int count;
    try {
      count = policies.parts().size();
    } catch (ParseException e) {
      // Not its message, which shows the line: a file in another's place can hold a secret.
      report.wrong(
          e.code().text(), "line " + e.line() + ", column " + e.column() + " is no policy");
      return;
    }
    String never = policies.neverAllows();
    if (never != null) {
      report.wrong("never_allows", never);
    } else {
      report.right(Count.of(count, "policy reads", "policies read"));
    }
  }

  private void stores() {
    if (registry.isGiven()) {
      look("registry", report -> database(registry.required(), report));
    }
    String audit = auditLog.get();
    if (audit != null) {
      look(
          "audit log",
          report -> {
            Place place = Place.written(audit);
            if (place instanceof Place.Sql sql) {
              database(sql, report);
            } else {
              Probes.auditLog(console.resolve(audit)).look(report);
            }
          });
    }
    String uses = approvalUses.get();
    if (uses != null) {
      look("approval uses", report -> database(Place.database(uses), report));
    }
    String memory = replayMemory.get();
    if (memory != null) {
      look("replay memory", report -> Probes.folder(console.resolve(memory)).look(report));
    }
    for (String written : budgets.get()) {
      look(
          "budgets",
          report -> Stores.budgetPlaces(List.of(written)).values().forEach(p -> kept(p, report)));
    }
    String listMemory = list.memory();
    if (listMemory != null) {
      look("revocation memory", report -> Probes.file(console.resolve(listMemory)).look(report));
    }
  }

  private void kept(Place place, Checkup.Report report) {
    if (place instanceof Place.Sql sql) {
      database(sql, report);
    } else if (place instanceof Place.File file) {
      Probes.folder(console.resolve(file.name())).look(report);
    } else {
      report.wrong(
          "usage", "only services use " + place.shown() + ": taper config check looks at it");
    }
  }

  private void database(Place.Sql place, Checkup.Report report) {
    Probes.database(place, console.workplace()).look(report);
  }
}
