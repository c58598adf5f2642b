package dev.taper.cli.io;

import dev.taper.agent.AgentToken;
import dev.taper.crypto.Signer;
import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.operations.trail.AuditStatement;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The audit log that a command leaves a record in. */
public final class AuditOptions extends Arguments {
  private static final String AUDIENCE = "svc:audit";

  private final Value<@Nullable String> log =
      option(
              "--audit",
              "LOG",
              "Leave a record in this audit log; if that fails, nothing is done. But revoke, task"
                  + " end,",
              "review and registry publish act first: what they did is in force even if no record"
                  + " can",
              "be left (exit 5).",
              "A file, or a database that others share: " + Place.DATABASE + ".",
              "For delegate and justify also the URL of who keeps the log: then the key of the"
                  + " token signs what is stated, and --audit-key is not needed.")
          .text();

  private final Value<String> audience =
      option(
              "--audit-audience",
              "NAME",
              "What the keeper of a log at a URL is called in proofs. Default: " + AUDIENCE + ".")
          .text(AUDIENCE);

  private final AuditKeyOptions key = part(new AuditKeyOptions());

  /**
   * True if a log is given.
   *
   * @throws CliException if only one of the two options was given
   */
  public boolean isGiven() {
    if ((log.get() == null) != !key.isGiven()) {
      throw CliException.usage("--audit LOG and --audit-key FILE go together");
    }
    return log.get() != null;
  }

  /**
   * Reads the log as it is so far, whoever signed it; null if none is given, or it is not there
   * yet.
   *
   * @throws CliException if only one of the two options was given
   */
  public @Nullable AuditReader reader(Console console) {
    if (!isGiven()) {
      return null;
    }
    Place place = Place.written(Objects.requireNonNull(log.get()));
    if (place instanceof Place.File file && !Files.exists(console.resolve(file.name()))) {
      return null;
    }
    return new AuditReader(console.workplace(), place, List.of(), null);
  }

  /**
   * Keeps records in the log, or keeps none.
   *
   * @throws CliException if only one of the two options was given
   */
  public AuditRecorder recorder(Console console) {
    if (!isGiven()) {
      return AuditRecorder.none();
    }
    return AuditRecorder.in(
        console.workplace(), Place.written(Objects.requireNonNull(log.get())), key.reader(console));
  }

  /** How a holder has recorded what it did with its token. */
  @FunctionalInterface
  public interface Statements {
    /**
     * Has it recorded.
     *
     * @param before the token that the holder had
     * @param holder the holder's key; null if nobody holds the token
     * @param after the token with one more block
     */
    void record(AgentToken before, @Nullable Signer holder, AgentToken after);
  }

  /**
   * Keeps statements of holders in the log, or at a URL, or keeps none.
   *
   * @throws CliException if only one of the options for a log of one's own was given, or the key of
   *     the log for one at a URL
   */
  public Statements statements(Console console) {
    String named = log.get();
    if (named == null || !(Place.of(named) instanceof Place.Web)) {
      AuditRecorder recorder = recorder(console);
      return (before, holder, after) ->
          recorder.record(now -> AuditStatement.of(after).event(before, now));
    }
    if (key.isGiven()) {
      throw CliException.usage(
          "who keeps the log at a URL has its key: leave --audit-key out, which no agent should"
              + " have");
    }
    AuditStatement.Server to = AuditStatement.Server.at(named, audience.get(), console.clock());
    return (before, holder, after) -> {
      if (holder == null) {
        throw CliException.usage(
            "nobody holds a bearer token, so nobody can state what was done with it");
      }
      to.submit(before, holder, after);
    };
  }
}
