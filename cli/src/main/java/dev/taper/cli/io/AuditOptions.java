package dev.taper.cli.io;

import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.operations.trail.AuditStatement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The audit log that a command leaves a record in. */
public final class AuditOptions extends Arguments {
  private static final String AUDIENCE = "svc:audit";
  private static final String TOGETHER = "--audit LOG and --audit-key FILE go together";

  private static final String[] DESCRIPTION = {
    "Leave a record in this audit log; if that fails, nothing is done. But revoke of one thing, task"
        + " end, review and registry publish act first: what they did is in force even if no record"
        + " can be left (exit 5).",
    "A file, or a database that others share: " + Place.DATABASE + "."
  };

  private static final String[] OF_HOLDER = {
    DESCRIPTION[0],
    DESCRIPTION[1],
    "Or the URL of who keeps the log: then the key of the token signs what is stated, and"
        + " --audit-key is not needed."
  };

  private final Value<@Nullable String> log;
  private final @Nullable Value<String> audience;
  private final AuditKeyOptions key = part(new AuditKeyOptions());

  private AuditOptions(boolean holder) {
    log = option("--audit", "LOG", holder ? OF_HOLDER : DESCRIPTION).text();
    audience =
        holder
            ? option(
                    "--audit-audience",
                    "NAME",
                    "What the keeper of a log at a URL is called in proofs. Default: "
                        + AUDIENCE
                        + ".")
                .text(AUDIENCE)
            : null;
  }

  /** A log whose key the command has. */
  public AuditOptions() {
    this(false);
  }

  /**
   * A log for a command by which a holder adds a block to its token: also one at a URL, whose key
   * the holder need not have.
   */
  public static AuditOptions ofHolder() {
    return new AuditOptions(true);
  }

  /**
   * True if a log is given.
   *
   * @throws CliException if only one of the two options was given
   */
  @Override
  public boolean isGiven() {
    String named = log.get();
    if (named != null && !key.isGiven() && Place.of(named) instanceof Place.Web) {
      throw CliException.usage(
          "an audit log at a URL takes what holders do with their tokens, nothing else: use a file"
              + " or a database, with --audit-key FILE");
    }
    if ((named != null) != key.isGiven()) {
      throw CliException.usage(TOGETHER);
    }
    return named != null;
  }

  /**
   * Reads the log as it is so far, whoever signed it; null if none is given, or it has no record
   * yet.
   *
   * @throws CliException if only one of the two options was given
   */
  public @Nullable AuditReader reader(Console console) {
    if (!isGiven()) {
      return null;
    }
    Place place = Place.written(Objects.requireNonNull(log.get()));
    AuditReader reader = new AuditReader(console.workplace(), place, List.of(), null);
    return reader.isUnbegun() ? null : reader;
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

  /**
   * Keeps what a holder does with its token in the log, or states it at a URL, or keeps nothing.
   *
   * @throws CliException if only one of the options for a log of one's own was given, or the key of
   *     the log for one at a URL
   */
  public HolderRecords holderRecords(Console console) {
    String named = log.get();
    if (audience == null || named == null || !(Place.of(named) instanceof Place.Web)) {
      return isGiven() ? HolderRecords.in(recorder(console)) : HolderRecords.none();
    }
    if (key.isGiven()) {
      throw CliException.usage(
          "who keeps the log at a URL has its key: leave --audit-key out, which no agent should"
              + " have");
    }
    return HolderRecords.at(AuditStatement.Server.at(named, audience.get(), console.clock()));
  }
}
