package dev.taper.cli.io;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Signer;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.operations.trail.AuditStatement;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it is recorded what a holder does with its tokens: in a log whose key is at hand, by a
 * statement to who keeps the log, or not at all. Immutable.
 */
public final class HolderRecords {
  private static final HolderRecords NONE = new HolderRecords(null);

  private final @Nullable Way way;

  private HolderRecords(@Nullable Way way) {
    this.way = way;
  }

  /**
   * What a holder did: one more block, or the seal.
   *
   * @param before the token that it had
   * @param after the token with the block, or sealed
   */
  public record Added(AgentToken before, AgentToken after) {}

  @FunctionalInterface
  private interface Way {
    void record(@Nullable Signer holder, List<Added> all);
  }

  static HolderRecords none() {
    return NONE;
  }

  /** In a log, all together. */
  static HolderRecords in(AuditRecorder recorder) {
    return new HolderRecords(
        (holder, all) ->
            recorder.recordAll(
                now ->
                    all.stream()
                        .map(each -> AuditStatement.of(each.after()).event(each.before(), now))
                        .toList()));
  }

  /** By statements, one behind the other. */
  static HolderRecords at(AuditStatement.Server server) {
    return new HolderRecords(
        (holder, all) -> {
          if (holder == null) {
            throw CliException.usage(
                "nobody holds a bearer token, so nobody can state what was done with it");
          }
          all.forEach(each -> server.submit(each.before(), holder, each.after()));
        });
  }

  /**
   * Has it recorded.
   *
   * @param before the token that the holder had
   * @param holder the holder's key; null if nobody holds the token
   * @param after the token with one more block, or sealed
   * @throws TaperException if that fails
   * @throws dev.taper.operations.OperationException if that fails
   */
  public void record(AgentToken before, @Nullable Signer holder, AgentToken after) {
    recordAll(holder, List.of(new Added(before, after)));
  }

  /**
   * Has it recorded what one holder did with several tokens.
   *
   * @param holder the holder's key; null if nobody holds them
   * @param all what it did
   * @throws TaperException if that fails; of statements, those before the one that failed are kept
   * @throws dev.taper.operations.OperationException in the same way
   */
  public void recordAll(@Nullable Signer holder, List<Added> all) {
    if (way != null && !all.isEmpty()) {
      way.record(holder, all);
    }
  }

  /**
   * Has it recorded, if the token is a delegation token.
   *
   * @param before the token as it was
   * @param holder the holder's key; null if nobody holds the token
   * @param after the token with one more block, or sealed
   * @throws CliException if a record is wanted of another token: it has no holders to tell of
   * @throws TaperException if that fails
   * @throws dev.taper.operations.OperationException if that fails
   */
  public void record(UnverifiedToken before, @Nullable Signer holder, UnverifiedToken after) {
    if (way == null) {
      return;
    }
    AgentToken had;
    try {
      had = Tokens.checked(() -> AgentToken.of(before));
    } catch (TaperException e) {
      if (e.code() == ErrorCode.NOT_A_DELEGATION) {
        throw CliException.usage("--audit records delegation tokens only, and this is another one");
      }
      throw e;
    }
    record(had, holder, Tokens.checked(() -> AgentToken.of(after)));
  }
}
