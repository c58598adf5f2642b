package dev.taper.agent.decision;

import dev.taper.DecodeLimits;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.UnverifiedToken;
import dev.taper.wire.BlockDecoder;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import dev.taper.wire.TokenTables;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A chain put together block by block without any rule but the wire format's: what an attacker with
 * an editor and some keys can make. Immutable.
 */
public final class ForgedChain {
  private final List<SignedBlock> blocks;
  private final OptionalInt keyId;

  public ForgedChain(List<SignedBlock> blocks, OptionalInt keyId) {
    this.blocks = List.copyOf(blocks);
    this.keyId = keyId;
  }

  /** The blocks of a token, to be tampered with. */
  public static ForgedChain of(AgentToken token) {
    RawToken raw = RawToken.decode(token.encode(), DecodeLimits.DEFAULT);
    return new ForgedChain(raw.blocks(), raw.rootKeyId());
  }

  /** No blocks yet. */
  public static ForgedChain empty() {
    return new ForgedChain(List.of(), OptionalInt.empty());
  }

  /** One block more, as Datalog, signed with version 1 by whoever pleases. */
  public ForgedChain then(String datalog, Signer signer, PublicKey next) {
    return then(Datalog.block(datalog), signer, next, 1);
  }

  /** One block more, signed by whoever pleases. */
  public ForgedChain then(Block block, Signer signer, PublicKey next, int version) {
    TokenTables tables = TokenTables.after(decoded());
    byte[] payload = BlockEncoder.encode(block, tables);
    byte[] previous = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1).signature();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    if (version == 0) {
      message.writeBytes(payload);
      number(message, next.algorithm().wireId());
      message.writeBytes(next.bytes());
    } else {
      tag(message, "BLOCK");
      tag(message, "VERSION");
      number(message, version);
      tag(message, "PAYLOAD");
      message.writeBytes(payload);
      tag(message, "ALGORITHM");
      number(message, next.algorithm().wireId());
      tag(message, "NEXTKEY");
      message.writeBytes(next.bytes());
      if (previous != null) {
        tag(message, "PREVSIG");
        message.writeBytes(previous);
      }
    }
    byte[] signature = signer.sign(message.toByteArray());
    return then(SignedBlock.of(payload, next, signature, null, version));
  }

  /** One block more, as it is. */
  public ForgedChain then(SignedBlock block) {
    List<SignedBlock> more = new ArrayList<>(blocks);
    more.add(block);
    return new ForgedChain(more, keyId);
  }

  /** Some of the blocks, in this order. */
  public ForgedChain pick(int... indices) {
    List<SignedBlock> picked = new ArrayList<>();
    for (int index : indices) {
      picked.add(blocks.get(index));
    }
    return new ForgedChain(picked, keyId);
  }

  /** The same with another hint at the root key. */
  public ForgedChain keyId(OptionalInt newKeyId) {
    return new ForgedChain(blocks, newKeyId);
  }

  public SignedBlock block(int index) {
    return blocks.get(index);
  }

  public UnverifiedToken held() {
    return end(new TokenEnd.Held());
  }

  public UnverifiedToken bearer(PrivateKey key) {
    return end(new TokenEnd.NextSecret(key.secret()));
  }

  public UnverifiedToken end(TokenEnd proof) {
    byte[] bytes = bytes(proof);
    // Only within a verifier's own limits does its cache look at a token.
    boolean usual = blocks.size() <= 32 && bytes.length <= DecodeLimits.DEFAULT.maxBytes();
    return UnverifiedToken.decode(
        bytes, usual ? DecodeLimits.DEFAULT : new DecodeLimits(1 << 20, 62, 4096, 256, 4096));
  }

  public byte[] bytes(TokenEnd proof) {
    return RawToken.of(keyId, blocks, proof).encode();
  }

  private List<Block.Decoded> decoded() {
    TokenTables tables = new TokenTables();
    List<Block.Decoded> decoded = new ArrayList<>();
    for (SignedBlock block : blocks) {
      decoded.add(
          BlockDecoder.decode(
              block.payload(), decoded.size(), block.externalKey(), tables, DecodeLimits.DEFAULT));
    }
    return decoded;
  }

  private static void tag(ByteArrayOutputStream out, String name) {
    out.writeBytes(("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  private static void number(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }
}
