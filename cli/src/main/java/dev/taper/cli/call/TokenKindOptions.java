package dev.taper.cli.call;

import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Place;
import dev.taper.cli.io.Source;
import dev.taper.cli.call.CallRequest.Manner;
import dev.taper.cli.io.RevocationListInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a delegation token is presented, and what the service makes of it. */
public final class TokenKindOptions {
  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "File with the holder's proof, as prove writes it, or -.")
  private @Nullable String proof;

  @Option(names = "--accept-bearer", description = "Take bearer tokens, which need no proof.")
  private boolean acceptBearer;

  @Option(names = "--accept-sealed", description = "Take sealed tokens, which need no proof.")
  private boolean acceptSealed;

  @Option(
      names = "--directory",
      paramLabel = "FILE",
      description = "Names and their keys as JSON: {\"agent:planner\": \"ed25519/...\", ...}.")
  private @Nullable String directory;

  @Option(
      names = "--replay-cache",
      paramLabel = "FOLDER",
      description =
          "Remember used proofs and single-use approvals there from run to run. Without it, a"
              + " second use in another run is not seen.")
  private @Nullable String replayCache;

  @Option(
      names = "--approval-uses",
      paramLabel = "DB",
      description = {
        "Remember single-use approvals in a database, so that each is used once by all that",
        "share it: " + Place.DATABASE + "."
      })
  private @Nullable String approvalUses;

  @Option(
      names = "--shared-predicate",
      paramLabel = "NAME",
      description = {
        "Let tokens see the facts of this predicate that the policies state or derive;",
        "otherwise these are the service's own."
      })
  private final List<String> sharedPredicates = new ArrayList<>();

  @Option(
      names = "--without-revocation",
      description = "Look nothing up as revoked: what was granted stays good until it ends.")
  private boolean withoutRevocation;

  @Mixin private final RevocationListOptions revocations = new RevocationListOptions();

  /** How. */
  public Manner input() {
    return new Manner(
        proof == null ? null : Source.ofFile(proof),
        acceptBearer,
        acceptSealed,
        directory == null ? null : Source.ofFile(directory),
        replayCache,
        approvalUses == null ? null : Place.database(approvalUses),
        revocations(),
        sharedPredicates);
  }

  /** The list to look at; null only if doing without was spelled out. */
  private @Nullable RevocationListInput revocations() {
    RevocationListInput list = revocations.input();
    if (withoutRevocation && list != null) {
      throw CliException.usage("--revocations and --without-revocation exclude each other");
    }
    if (!withoutRevocation && list == null) {
      throw CliException.usage(
          "what is revoked? use --revocations LIST --revocation-key KEY, or --without-revocation");
    }
    return list;
  }

  /** True if any of these options is used. */
  public boolean isGiven() {
    return proof != null
        || acceptBearer
        || acceptSealed
        || directory != null
        || replayCache != null
        || approvalUses != null
        || !sharedPredicates.isEmpty()
        || withoutRevocation
        || revocations.isGiven();
  }
}
