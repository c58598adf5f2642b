package dev.taper.cli.token;

import dev.taper.JsonFields;
import dev.taper.agent.grant.Lifetime;
import dev.taper.cli.output.Room;
import dev.taper.cli.output.Statements;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see of a token.
 *
 * @param blocks its blocks in order
 * @param verifiedBy the root key that its signatures were verified with, or null if they were not
 * @param kind its kind: how it ends
 * @param rootKeyId the hint for choosing the root key
 * @param size its size in bytes
 * @param expiry the last second in which it can be used, as far as its checks say, or null
 * @param violation how it breaks the rules of the delegation profile that it claims, or null
 */
record TokenView(
    List<BlockView> blocks,
    @Nullable PublicKey verifiedBy,
    Token.Kind kind,
    OptionalLong rootKeyId,
    int size,
    @Nullable Instant expiry,
    @Nullable String violation) {
  TokenView {
    blocks = List.copyOf(blocks);
  }

  /** What there is to see of a token; of what it claims only if no key verified it. */
  static TokenView of(
      UnverifiedToken token, @Nullable PublicKey verifiedBy, @Nullable String violation) {
    List<Block.Decoded> decoded = token.blocks();
    List<Block> contents = new ArrayList<>();
    List<BlockView> views = new ArrayList<>();
    PublicKey signer = verifiedBy;
    Room room = new Room();
    for (int i = 0; i < decoded.size(); i++) {
      contents.add(decoded.get(i).block());
      views.add(BlockView.of(token, i, signer, room));
      signer = token.nextKeys().get(i);
    }
    return new TokenView(
        views,
        verifiedBy,
        token.kind(),
        token.rootKeyId().isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Integer.toUnsignedLong(token.rootKeyId().getAsInt())),
        token.encode().length,
        lastSecond(Lifetime.end(contents)),
        violation);
  }

  private static @Nullable Instant lastSecond(@Nullable Instant end) {
    return end == null ? null : end.minusSeconds(1);
  }

  /** All of it for programs, with the chain if it has one. */
  JsonFields fields(@Nullable ChainView chain) {
    List<JsonFields> rows = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      rows.add(blocks.get(i).fields(i));
    }
    return new JsonFields()
        .put("verified", verifiedBy != null)
        .put("root_key", verifiedBy)
        .put("root_key_id", rootKeyId.isPresent() ? rootKeyId.getAsLong() : null)
        .put("kind", kind.text())
        .put("size", size)
        .put("last_valid", expiry)
        .putIfPresent("profile_violation", violation)
        .putIfPresent("delegation", chain == null ? null : ChainFields.of(chain))
        .put("blocks", rows);
  }

  /**
   * What there is to see of a block.
   *
   * @param decoded the block itself
   * @param statements its Datalog, an element each
   * @param signer the key that its signature belongs to, or null if it is not known
   * @param signatureVersion the version of the signed payload
   * @param revocationId its revocation id, in hexadecimal
   * @param size the size of its Datalog in bytes
   */
  record BlockView(
      Block.Decoded decoded,
      List<String> statements,
      @Nullable PublicKey signer,
      int signatureVersion,
      String revocationId,
      int size) {
    BlockView {
      statements = List.copyOf(statements);
    }

    private static BlockView of(
        UnverifiedToken token, int index, @Nullable PublicKey signer, Room room) {
      Block.Decoded decoded = token.blocks().get(index);
      return new BlockView(
          decoded,
          Statements.of(decoded.block(), room),
          signer,
          token.signatureVersions().get(index),
          HexFormat.of().formatHex(token.revocationIds().get(index)),
          token.payloadSizes().get(index));
    }

    private JsonFields fields(int index) {
      return new JsonFields()
          .put("index", index)
          .put("kind", kind(index))
          .put("external_key", decoded.externalKey())
          .put("signer", signer)
          .put("context", decoded.block().context())
          .put("version", decoded.version())
          .put("signature_version", signatureVersion)
          .put("code", Statements.join(statements))
          .put("symbols", decoded.symbols())
          .put("public_keys", decoded.publicKeys())
          .put("revocation_id", revocationId)
          .put("size", size);
    }

    /** What kind of block it is, at the given place. */
    String kind(int index) {
      return index == 0
          ? "authority"
          : decoded.externalKey() == null ? "attenuation" : "third-party";
    }

    /** Its Datalog version as the specification names it. */
    String versionText() {
      return "3." + (decoded.version() - 3);
    }
  }
}
