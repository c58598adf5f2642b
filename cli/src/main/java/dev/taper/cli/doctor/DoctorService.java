package dev.taper.cli.doctor;

import dev.taper.agent.AgentToken;
import dev.taper.agent.NamesFile;
import dev.taper.agent.call.Canonical;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.output.Json;
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
import dev.taper.operations.key.KeyFile;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks at everything that is given, and prints what it finds. It never prints a secret. */
final class DoctorService extends ConsoleService {
  private final Checkup checkup = new Checkup();
  private final Instant now;

  DoctorService(Console console) {
    super(console);
    this.now = console.clock().instant();
  }

  ExitCode run(DoctorOptions options, boolean json) {
    checkup.look("clock", Probes.clock(now));
    configuration(options.config.get());
    running(options.admin.get());
    NamesFile names = names(options);
    keys(options, names);
    service(options);
    if (options.revocations.isGiven()) {
      look(
          "revocations",
          report ->
              Probes.revocations(
                      options.revocations.place(),
                      options.revocations.issuers(console),
                      console.workplace())
                  .look(report));
    }
    stores(options);
    if (json) {
      Json.object(
          console.out(),
          out -> {
            out.writeNumberField("version", 1);
            Observations.write(out, checkup, now);
          });
    } else {
      Observations.print(console, checkup);
    }
    return checkup.healthy() ? ExitCode.OK : ExitCode.DENIED;
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

  private @Nullable NamesFile names(DoctorOptions options) {
    NamesFile[] read = new NamesFile[1];
    if (!options.names.given().isEmpty()) {
      look(
          "names",
          report -> {
            NamesFile names = Objects.requireNonNull(options.names.read(console));
            read[0] = names;
            Probes.names(() -> names).look(report);
          });
    }
    return read[0];
  }

  private void keys(DoctorOptions options, @Nullable NamesFile names) {
    if (options.root.isGiven()) {
      look(
          "root keys",
          report ->
              Probes.rootKeys(
                      () -> options.root.read(new Inputs(console), console.clock()), names, now)
                  .look(report));
    }
    PublicKey[] own = new PublicKey[1];
    look(
        "private key",
        report -> {
          KeyInput input = options.key.optional(console);
          if (input == null) {
            report.right("none is given");
            return;
          }
          own[0] = publicHalf(input);
          Probes.privateKey(() -> own[0], names).look(report);
        });
    String file = options.token.get();
    if (file != null || console.variable("TAPER_TOKEN") != null) {
      look(
          "token",
          report ->
              Probes.token(() -> token(file), own[0] == null ? null : () -> own[0], now)
                  .look(report));
    }
  }

  private PublicKey publicHalf(KeyInput input) {
    Signer key = keys.signer(input);
    try {
      return key.publicKey();
    } finally {
      KeyFile.wipe(key);
    }
  }

  private AgentToken token(@Nullable String file) {
    Source source = TokenInput.source(console, file);
    return tokens.read(new EncodedInput(source, false), AgentToken::decode, AgentToken::decode);
  }

  private void service(DoctorOptions options) {
    String audience = options.audience.get();
    if (audience != null) {
      look("audience", report -> report.right(Canonical.audience(audience)));
    }
    if (options.catalog.isGiven()) {
      look(
          "catalog",
          report ->
              Probes.catalog(() -> Objects.requireNonNull(options.catalog.read(inputs)), audience)
                  .look(report));
    }
    if (!options.policies.get().isEmpty()) {
      look("policies", report -> policies(options.policies.get(), report));
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
      report.right(count + (count == 1 ? " policy reads" : " policies read"));
    }
  }

  private void stores(DoctorOptions options) {
    if (options.registry.isGiven()) {
      look("registry", report -> database(options.registry.required(), report));
    }
    String audit = options.audit.get();
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
    String uses = options.approvalUses.get();
    if (uses != null) {
      look("approval uses", report -> database(Place.database(uses), report));
    }
    String memory = options.replayMemory.get();
    if (memory != null) {
      look("replay memory", report -> Probes.folder(console.resolve(memory)).look(report));
    }
    for (String written : options.budgets.get()) {
      look(
          "budgets",
          report -> Stores.budgetPlaces(List.of(written)).values().forEach(p -> kept(p, report)));
    }
    String list = options.revocations.memory();
    if (list != null) {
      look("revocation memory", report -> Probes.file(console.resolve(list)).look(report));
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
