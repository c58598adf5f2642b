package dev.taper.authorizer;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.engine.AuthorizerProgram;
import dev.taper.datalog.engine.BlockProgram;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.datalog.engine.World;
import dev.taper.wire.SnapshotMessage;
import dev.taper.wire.SnapshotMessage.StoredBlock;
import dev.taper.wire.SnapshotMessage.StoredFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of an authorizer, to be stored: its code, the blocks of its token, the known facts and
 * the limits. It carries neither signatures nor secrets, so <em>it proves nothing</em>: read
 * snapshots only from a place that is trusted as much as the verifier itself. Immutable and
 * thread-safe.
 */
public final class Snapshot {
  private final SnapshotMessage message;

  private Snapshot(SnapshotMessage message) {
    this.message = message;
  }

  static Snapshot of(AuthorizerCode code, RunLimits limits) {
    return new Snapshot(
        new SnapshotMessage(
            stored(limits),
            0,
            List.of(),
            StoredBlock.of(code.block()),
            code.policies(),
            List.of(),
            0));
  }

  static Snapshot of(Authorization authorization, World world) {
    AuthorizerCode code = authorization.code();
    List<StoredBlock> blocks = new ArrayList<>();
    for (Block.Decoded block : authorization.blocks()) {
      blocks.add(new StoredBlock(block.block(), block.version(), block.externalKey()));
    }
    return new Snapshot(
        new SnapshotMessage(
            stored(world.limits()),
            // Zero would mean that nothing was run yet.
            Math.max(1, world.elapsed().toNanos()),
            blocks,
            StoredBlock.of(code.block()),
            code.policies(),
            grouped(world.facts()),
            world.iterations()));
  }

  private static SnapshotMessage.Limits stored(RunLimits limits) {
    return new SnapshotMessage.Limits(
        limits.maxFacts(), limits.maxIterations(), limits.maxTime().toNanos());
  }

  private static List<StoredFacts> grouped(List<OriginFact> facts) {
    Map<Origin, List<Fact>> byOrigin = new LinkedHashMap<>();
    for (OriginFact fact : facts) {
      byOrigin.computeIfAbsent(fact.origin(), o -> new ArrayList<>()).add(fact.fact());
    }
    List<StoredFacts> groups = new ArrayList<>();
    byOrigin.forEach(
        (origin, group) ->
            groups.add(
                new StoredFacts(origin.authorizer() || origin.service(), origin.blocks(), group)));
    return groups;
  }

  /**
   * Reads a snapshot.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_SNAPSHOT}, or another code of the category
   *     {@link ErrorCode.Category#FORMAT}
   */
  public static Snapshot decode(byte[] bytes) {
    return new Snapshot(SnapshotMessage.decode(bytes, DecodeLimits.SNAPSHOT));
  }

  /**
   * Reads a snapshot in base64url, with or without padding.
   *
   * @throws TaperException {@link ErrorCode#INVALID_BASE64}, or as {@link #decode(byte[])}
   */
  public static Snapshot decode(String base64) {
    try {
      return decode(Base64.getUrlDecoder().decode(base64.strip()));
    } catch (IllegalArgumentException e) {
      throw new TaperException(ErrorCode.INVALID_BASE64, "the snapshot is not base64url", e);
    }
  }

  /** The snapshot's bytes. */
  public byte[] encode() {
    return message.encode();
  }

  /** The snapshot in base64url with padding. */
  public String encodeBase64() {
    return Base64.getUrlEncoder().encodeToString(encode());
  }

  /** The authorizer's code, the facts of its request included. */
  public AuthorizerCode code() {
    return new AuthorizerCode(message.authorizer().block(), message.policies());
  }

  /** The policy set, without the token and without results. */
  public PolicySet policySet() {
    return PolicySet.of(code());
  }

  /** The limits, with the default number of steps, which the format does not carry. */
  public RunLimits limits() {
    SnapshotMessage.Limits stored = message.limits();
    return RunLimits.defaults()
        .withMaxFacts(positive(stored.maxFacts()))
        .withMaxIterations(positive(stored.maxIterations()))
        .withMaxTime(Duration.ofNanos(Math.max(1, stored.maxTimeNanos())));
  }

  private static int positive(long value) {
    return (int) Math.max(1, Math.min(value, Integer.MAX_VALUE));
  }

  /** True if it holds the result of an evaluation; false if nothing was run yet. */
  public boolean evaluated() {
    return message.executionTimeNanos() > 0;
  }

  /** The number of the token's blocks; 0 without a token. */
  public int blockCount() {
    return message.blocks().size();
  }

  /**
   * Restores the evaluation, to be decided and queried again; runs it now if it was not run yet.
   *
   * @param externs the functions that expressions may call
   * @throws TaperException {@link ErrorCode#MALFORMED_SNAPSHOT} if a fact comes from a block that
   *     does not exist, {@link ErrorCode#INVALID_BLOCK_RULE}, or as {@link Authorizer#run}
   */
  public Authorization authorization(ExternFunctions externs) {
    return authorization(externs, limits());
  }

  /**
   * Restores the evaluation as {@link #authorization(ExternFunctions)} does, with other limits.
   *
   * @param externs the functions that expressions may call
   * @param limits the limits to apply
   * @throws TaperException as {@link #authorization(ExternFunctions)}
   */
  public Authorization authorization(ExternFunctions externs, RunLimits limits) {
    AuthorizerProgram program = AuthorizerProgram.compile(code());
    TokenProgram token = tokenProgram();
    World world =
        evaluated()
            ? World.restore(
                token,
                program,
                List.of(),
                originFacts(),
                positive(message.iterations() + 1) - 1,
                // The time spent belongs to the evaluation that is over.
                Duration.ZERO,
                externs,
                limits)
            : World.run(token, program, List.of(), externs, limits);
    return new Authorization(world, program, Provenance.NONE, List.of(), decodedBlocks());
  }

  private @Nullable TokenProgram tokenProgram() {
    if (message.blocks().isEmpty()) {
      return null;
    }
    List<BlockProgram> blocks = new ArrayList<>();
    List<@Nullable PublicKey> keys = new ArrayList<>();
    BlockProgram previous = null;
    for (StoredBlock block : message.blocks()) {
      blocks.add(BlockProgram.compile(block.block(), previous));
      previous = blocks.get(blocks.size() - 1);
      keys.add(block.externalKey());
    }
    return TokenProgram.link(blocks, keys);
  }

  private List<Block.Decoded> decodedBlocks() {
    List<Block.Decoded> blocks = new ArrayList<>();
    for (StoredBlock block : message.blocks()) {
      blocks.add(
          new Block.Decoded(
              block.block(), block.version(), List.of(), List.of(), block.externalKey()));
    }
    return blocks;
  }

  private List<OriginFact> originFacts() {
    List<OriginFact> facts = new ArrayList<>();
    for (StoredFacts group : message.facts()) {
      List<Integer> origin = new ArrayList<>(group.byBlocks());
      if (group.byAuthorizer()) {
        origin.add(Origin.AUTHORIZER);
      }
      for (int block : group.byBlocks()) {
        if (block >= message.blocks().size()) {
          throw new TaperException(
              ErrorCode.MALFORMED_SNAPSHOT,
              "a fact comes from block " + block + ", which is missing");
        }
      }
      for (Fact fact : group.facts()) {
        facts.add(new OriginFact(Origin.of(origin), fact));
      }
    }
    return facts;
  }

  /** The policies in this snapshot. */
  public List<Policy> policies() {
    return message.policies();
  }
}
