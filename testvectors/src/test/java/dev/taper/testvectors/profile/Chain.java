package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.DecodeLimits;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.BlockDecoder;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import dev.taper.wire.TokenTables;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A chain put together block by block, rightly or wrongly, by whoever has the keys. It is signed
 * over {@link Messages}, not by the engine's own code. Immutable.
 */
final class Chain {
  /**
   * A block and how it was made.
   *
   * @param signer who signed it
   * @param block the signed block
   * @param message what its signature covers
   * @param externalMessage what the third party's signature covers, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Step(
      PublicKey signer, SignedBlock block, byte[] message, byte @Nullable [] externalMessage) {}

  private final List<Step> steps;
  private final OptionalInt keyId;

  private Chain(List<Step> steps, OptionalInt keyId) {
    this.steps = List.copyOf(steps);
    this.keyId = keyId;
  }

  static Chain empty() {
    return new Chain(List.of(), OptionalInt.empty());
  }

  /** The same with a hint at the root key. */
  Chain keyId(int id) {
    return new Chain(steps, OptionalInt.of(id));
  }

  Chain then(String datalog, PrivateKey signer, PublicKey next) {
    return then(Datalog.block(datalog), signer, next, 1);
  }

  Chain then(Block block, PrivateKey signer, PublicKey next, int version) {
    return then(BlockEncoder.encode(block, TokenTables.after(decoded())), signer, next, version);
  }

  /** One block more of any bytes. */
  Chain then(byte[] payload, PrivateKey signer, PublicKey next, int version) {
    byte[] message = Messages.block(version, payload, next, state(), null);
    byte[] signature = signer.sign(message);
    SignedBlock block = SignedBlock.of(payload, next, signature, null, version);
    return then(new Step(signer.publicKey(), block, message, null));
  }

  /** A third party's block, appended by the holder. */
  Chain third(Block block, Signer external, PrivateKey holder) {
    return third(block, external, external.publicKey(), holder, holder.publicKey());
  }

  /** A third party's block, of which this and that may be a lie. */
  Chain third(Block block, Signer external, PublicKey named, PrivateKey holder, PublicKey next) {
    return third(BlockEncoder.encodeThirdParty(block), external, named, holder, next);
  }

  /** A third party's block of any bytes. */
  Chain third(byte[] payload, Signer external, PublicKey named, PrivateKey holder, PublicKey next) {
    byte[] previous = state();
    byte[] covered = Messages.external(payload, previous == null ? new byte[0] : previous);
    byte[] byThird = external.sign(covered);
    byte[] message = Messages.block(1, payload, next, previous, byThird);
    SignedBlock.External lie = SignedBlock.External.of(byThird, named);
    SignedBlock signed = SignedBlock.of(payload, next, holder.sign(message), lie, 1);
    return then(new Step(holder.publicKey(), signed, message, covered));
  }

  /** One block more, as it is. */
  Chain then(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new Chain(more, keyId);
  }

  /** The last block with another next key under the same signature. */
  Chain withNextKey(PublicKey next) {
    Step last = steps.get(steps.size() - 1);
    SignedBlock b = last.block();
    return pick(0, steps.size() - 1)
        .then(
            new Step(
                last.signer(),
                SignedBlock.of(b.payload(), next, b.signature(), b.external(), b.version()),
                last.message(),
                last.externalMessage()));
  }

  /** The last block with other contents under the same signature. */
  Chain withPayload(byte[] payload) {
    Step last = steps.get(steps.size() - 1);
    SignedBlock b = last.block();
    return pick(0, steps.size() - 1)
        .then(
            new Step(
                last.signer(),
                SignedBlock.of(payload, b.nextKey(), b.signature(), b.external(), b.version()),
                last.message(),
                null));
  }

  /** The last block under the other good signature of its ECDSA key. */
  Chain withTwin() {
    Step last = steps.get(steps.size() - 1);
    SignedBlock b = last.block();
    byte[] twin = KeyCases.twin(b.signature());
    return pick(0, steps.size() - 1)
        .then(
            new Step(
                last.signer(),
                SignedBlock.of(b.payload(), b.nextKey(), twin, b.external(), b.version()),
                last.message(),
                last.externalMessage()));
  }

  /** The blocks from one index to before another. */
  Chain pick(int from, int to) {
    return new Chain(steps.subList(from, to), keyId);
  }

  /** Some of the blocks, in this order. */
  Chain order(int... indices) {
    List<Step> picked = new ArrayList<>();
    for (int index : indices) {
      picked.add(steps.get(index));
    }
    return new Chain(picked, keyId);
  }

  Step step(int index) {
    return steps.get(index);
  }

  int size() {
    return steps.size();
  }

  /** The signature of the last block, or null if there is none. */
  byte @Nullable [] state() {
    return steps.isEmpty() ? null : steps.get(steps.size() - 1).block().signature();
  }

  byte[] held() {
    return end(new TokenEnd.Held());
  }

  byte[] bearer(PrivateKey key) {
    return end(new TokenEnd.NextSecret(key.secret()));
  }

  byte[] sealed(PrivateKey key) {
    return end(new TokenEnd.FinalSignature(key.sign(sealMessage())));
  }

  /** What records call the token: the SHA-256 digest of its last block's revocation key, in hex. */
  String digest() {
    Step last = steps.get(steps.size() - 1);
    return Json.hex(
        Messages.sha256(
            Signatures.revocationKey(last.signer().algorithm(), last.block().signature())));
  }

  byte[] sealMessage() {
    SignedBlock last = steps.get(steps.size() - 1).block();
    return Messages.seal(last.payload(), last.nextKey(), last.signature());
  }

  byte[] end(TokenEnd proof) {
    List<SignedBlock> blocks = new ArrayList<>();
    steps.forEach(step -> blocks.add(step.block()));
    return RawToken.of(keyId, blocks, proof).encode();
  }

  List<Block.Decoded> decoded() {
    TokenTables tables = new TokenTables();
    List<Block.Decoded> decoded = new ArrayList<>();
    for (Step step : steps) {
      SignedBlock b = step.block();
      decoded.add(
          BlockDecoder.decode(
              b.payload(), decoded.size(), b.externalKey(), tables, DecodeLimits.DEFAULT));
    }
    return decoded;
  }

  /** How it was made, step by step, every byte string in hex. */
  List<ObjectNode> describe() {
    List<ObjectNode> described = new ArrayList<>();
    List<Block.Decoded> decoded = decoded();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      SignedBlock b = step.block();
      SignedBlock.External e = b.external();
      byte[] revocationKey = Signatures.revocationKey(step.signer().algorithm(), b.signature());
      described.add(
          Json.object(
              "datalog", decoded.get(i).block().toString(),
              "context", decoded.get(i).block().context(),
              "datalogVersion", decoded.get(i).version(),
              "symbols", decoded.get(i).symbols(),
              "payload", b.payload(),
              "nextKey", b.nextKey(),
              "external",
                  e == null
                      ? null
                      : Json.object(
                          "key", e.publicKey(),
                          "message", step.externalMessage(),
                          "signature", e.signature()),
              "signatureVersion", b.version(),
              "signer", step.signer(),
              "message", step.message(),
              "signature", b.signature(),
              "revocationKey", revocationKey,
              "digest", Messages.sha256(revocationKey),
              "token", pick(0, i + 1).held()));
    }
    return described;
  }
}
