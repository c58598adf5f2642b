package dev.taper.cli.registry;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.Json;
import dev.taper.cli.revocation.IssueText;
import dev.taper.operations.Place;
import dev.taper.operations.config.Times;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.Horizon;
import dev.taper.store.registry.Delegated;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about what was granted, and passes on what is revoked. */
final class RegistryService {
  private final Console console;
  private final Place.Sql place;
  private final RegistryAccess registry;

  /** What a list is grouped by. */
  enum Grouping {
    /** Whose authority it is. */
    DELEGATOR,
    /** Who holds it. */
    AGENT,
    /** What it is for. */
    TASK
  }

  RegistryService(Console console, Place.Sql place) {
    this.console = console;
    this.place = place;
    this.registry = new RegistryAccess(console.workplace(), place);
  }

  /**
   * Lists living delegations.
   *
   * @param filter which
   * @param revocations a published list that ends some of them too
   * @param grouping what people want them grouped by
   * @param asJson whether to print JSON
   */
  ExitCode list(
      FilterOptions filter, RevocationListOptions revocations, Grouping grouping, boolean asJson) {
    Instant now = console.clock().instant();
    List<Delegated> found = registry.find(filter.query(console), revocations.lookUp(console));
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
    return ExitCode.OK;
  }

  /**
   * Forgets delegations that ended.
   *
   * @param endedBefore how long ago, as a duration
   */
  ExitCode forget(String endedBefore) {
    Instant end = console.clock().instant().minus(Times.parseDuration(endedBefore));
    int forgotten = registry.forget(end);
    console.out().println("Forgot " + RegistryText.count(forgotten, "delegation") + ".");
    return ExitCode.OK;
  }

  /**
   * Signs what was entered as revoked, as the next list.
   *
   * @param key the issuer's key
   * @param horizon how long the list is to be good
   * @param file where all of the list goes too, for verifiers that read files; null for nowhere
   * @param audit the audit log that is told what lapsed
   */
  ExitCode publish(KeyInput key, Horizon horizon, @Nullable String file, AuditOptions audit) {
    Revoker.Issue issue =
        new Revoker.Issue(place, () -> new Keys(new Inputs(console)).privateKey(key), horizon);
    Revoker.Published published =
        new Revoker(console.workplace(), issue, audit.recorder(console), null).publish();
    IssueText text = new IssueText(console);
    text.lapsed(published.report().lapsed());
    if (file != null) {
      byte[] whole = new ListReader(console.workplace(), place, List.of(), null).bytes();
      new Outputs(console).file(file, whole, false, true);
    }
    console
        .out()
        .println(
            "Signed revocation list "
                + published.report().issued().sequence()
                + ": "
                + RegistryText.count(published.entries(), "entry", "entries")
                + ", good until "
                + published.report().issued().validity().staleAfter()
                + ".");
    text.shorter(published.report().issued());
    return ExitCode.OK;
  }
}
