package dev.taper.cli.revocation;

import dev.taper.cli.io.Names;
import dev.taper.revocation.RevocationEntry.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What commands about revocation call the things that can be revoked. */
enum RevokedThing {
  /** One block, of a token. */
  BLOCK(Kind.BLOCK),
  /** A task. */
  TASK(Kind.TASK),
  /** A holder's key. */
  HOLDER(Kind.HOLDER),
  /** A delegator. */
  DELEGATOR(Kind.DELEGATOR),
  /** A root key. */
  ROOT(Kind.ROOT),
  /** An approval. */
  APPROVAL(Kind.APPROVAL),
  /** All keys of an agent, and what it holds. */
  AGENT(null),
  /** All that a token stands on; it is only looked up. */
  TOKEN(null);

  /** What can be revoked. */
  static final Names<RevokedThing> REVOCABLE = names(TOKEN);

  /** What can be lifted: an agent's things are lifted one by one. */
  static final Names<RevokedThing> LIFTABLE = names(TOKEN, AGENT);

  /** What can be looked up. */
  static final Names<RevokedThing> KNOWN = names();

  private final @Nullable Kind kind;

  RevokedThing(@Nullable Kind kind) {
    this.kind = kind;
  }

  /** The kind of its entry; null if it has none of its own. */
  @Nullable Kind kind() {
    return kind;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Names<RevokedThing> names(RevokedThing... without) {
    List<RevokedThing> left = new ArrayList<>(List.of(values()));
    left.removeAll(List.of(without));
    return new Names<>(left, RevokedThing::text);
  }
}
