package dev.taper.cli.registry;

import dev.taper.cli.io.Registries;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.io.AuditTarget;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.RevocationListInput;
import dev.taper.cli.output.RevocationWarnings;
import dev.taper.cli.revocation.RevocationsService;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Horizon;
import dev.taper.revocation.IssuedList;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationSource.Content;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about what was granted, and passes on what is revoked. */
public final class RegistryService {
  /** What a list is grouped by. */
  public enum Grouping {
    /** Whose authority it is. */
    DELEGATOR,
    /** Who holds it. */
    AGENT,
    /** What it is for. */
    TASK
  }

  private final Console console;
  private final Inputs inputs;

  /** Works in the given console. */
  public RegistryService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
  }

  /**
   * Lists living delegations.
   *
   * @param address the registry
   * @param filter which
   * @param revocations a published list that ends some of them too, or null
   * @param grouping what people want them grouped by
   * @param asJson whether to print JSON
   */
  public ExitCode list(
      String address,
      FilterInput filter,
      @Nullable RevocationListInput revocations,
      Grouping grouping,
      boolean asJson) {
    Instant now = console.clock().instant();
    try (Database database = Registries.open(console, address)) {
      Registry registry = new Registry(database, console.clock());
      RegistryQuery query = Registries.query(inputs, filter);
      List<Delegated> found =
          revocations == null
              ? registry.find(query)
              : registry.find(query, new RevocationsService(console).lookUp(revocations));
      if (asJson) {
        Json.object(
            console.out(),
            json -> {
              json.writeStringField("time", now.toString());
              json.writeArrayFieldStart("delegations");
              for (Delegated delegation : found) {
                json.writeStartObject();
                RegistryJson.write(json, delegation);
                json.writeEndObject();
              }
              json.writeEndArray();
            });
      } else {
        new RegistryText(console, now).list(found, grouping);
      }
    }
    return ExitCode.OK;
  }

  /**
   * Forgets delegations that ended.
   *
   * @param address the registry
   * @param endedBefore how long ago, as a duration
   */
  public ExitCode forget(String address, String endedBefore) {
    Instant end = console.clock().instant().minus(HumanTime.parseDuration(endedBefore));
    try (Database database = Registries.open(console, address)) {
      int forgotten = new Registry(database, console.clock()).forget(end);
      console.out().println("Forgot " + RegistryText.count(forgotten, "delegation") + ".");
    }
    return ExitCode.OK;
  }

  /**
   * Signs what was entered as revoked, as the next list.
   *
   * @param address the registry
   * @param key the issuer's key
   * @param horizon how long the list is to be good
   * @param file where all of the list goes too, for verifiers that read files; null for nowhere
   * @param log the audit log that is told what lapsed, or null
   */
  public ExitCode publish(
      String address,
      KeyInput key,
      Horizon horizon,
      @Nullable String file,
      @Nullable AuditTarget log) {
    PrivateKey signer = new Keys(console, inputs).privateKey(key);
    try (Database database = Registries.open(console, address)) {
      new ReviewService(console).applyDates(database, log);
      SqlRevocations revocations = new SqlRevocations(database, console.clock());
      int entries = revocations.entries().size();
      IssuedList issued = revocations.sign(RevocationIssuer.of(signer), horizon);
      if (file != null) {
        new Outputs(console).file(file, whole(revocations), false, true);
      }
      console
          .out()
          .println(
              "Signed revocation list "
                  + issued.sequence()
                  + ": "
                  + RegistryText.count(entries, "entry", "entries")
                  + ", good until "
                  + issued.validity().staleAfter()
                  + ".");
      RevocationWarnings.shorter(console, issued);
    } finally {
      signer.destroy();
    }
    return ExitCode.OK;
  }

  private static byte[] whole(SqlRevocations revocations) {
    try {
      Content content = revocations.fetch(null, 0);
      if (content == null) {
        throw new IllegalStateException("a list was signed just now");
      }
      try (InputStream lists = content.lists()) {
        return lists.readAllBytes();
      }
    } catch (IOException e) {
      throw CliException.io("cannot read the revocation list back: " + e.getMessage(), e);
    }
  }
}
