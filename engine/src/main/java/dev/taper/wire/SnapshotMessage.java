package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of an authorizer as it is stored and sent: its limits, its code, the blocks of its
 * token, and the facts known so far.
 *
 * @param limits how far it may run
 * @param executionTimeNanos how long it has run, in nanoseconds
 * @param blocks the token's blocks; empty if there is no token
 * @param authorizer the authorizer's facts, rules, checks and scopes
 * @param policies the authorizer's policies, in order
 * @param facts all facts known, those of the blocks included, grouped by origin
 * @param iterations how many iterations it has run
 */
public record SnapshotMessage(
    Limits limits,
    long executionTimeNanos,
    List<StoredBlock> blocks,
    StoredBlock authorizer,
    List<Policy> policies,
    List<StoredFacts> facts,
    long iterations) {
  /** Copies the lists. */
  public SnapshotMessage {
    blocks = List.copyOf(blocks);
    policies = List.copyOf(policies);
    facts = List.copyOf(facts);
  }

  /**
   * How far an authorizer may run. On the wire the numbers are unsigned; a number above {@link
   * Long#MAX_VALUE}, which can never be reached, is read as that value.
   *
   * @param maxFacts the number of facts
   * @param maxIterations the number of iterations
   * @param maxTimeNanos the time, in nanoseconds
   */
  public record Limits(long maxFacts, long maxIterations, long maxTimeNanos) {}

  /**
   * A block; all blocks of a snapshot share their symbols and keys.
   *
   * @param block what it says
   * @param version the Datalog version that it declares
   * @param externalKey the key of the third party that signed it, or null
   */
  public record StoredBlock(Block block, int version, @Nullable PublicKey externalKey) {
    /** Makes a first-party block with the lowest version that has all that it uses. */
    public static StoredBlock of(Block block) {
      return new StoredBlock(block, BlockVersions.lowest(block), null);
    }
  }

  /**
   * Facts of one origin.
   *
   * @param byAuthorizer true if the authorizer had a part in them
   * @param byBlocks the indexes of the blocks that had a part in them
   * @param facts the facts
   */
  public record StoredFacts(boolean byAuthorizer, SortedSet<Integer> byBlocks, List<Fact> facts) {
    /**
     * Copies the collections.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the origin is empty: everyone
     *     would trust such facts
     */
    public StoredFacts {
      byBlocks = Collections.unmodifiableSortedSet(new TreeSet<>(byBlocks));
      facts = List.copyOf(facts);
      if (!byAuthorizer && byBlocks.isEmpty()) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "facts have an origin");
      }
    }
  }

  /**
   * Reads a snapshot, as strictly as a token. A snapshot is not signed: it must come from a place
   * that is trusted as much as the verifier itself.
   *
   * @param bytes the snapshot
   * @param limits what is taken at most, such as {@link DecodeLimits#SNAPSHOT}
   * @throws TaperException {@link ErrorCode#MALFORMED_SNAPSHOT} or any code of {@link
   *     BlockDecoder#decode}
   */
  public static SnapshotMessage decode(byte[] bytes, DecodeLimits limits) {
    return new SnapshotReader(bytes, limits).read();
  }

  /**
   * Writes the snapshot.
   *
   * @throws TaperException as {@link BlockEncoder#encode}
   */
  public byte[] encode() {
    return SnapshotWriter.write(this);
  }
}
