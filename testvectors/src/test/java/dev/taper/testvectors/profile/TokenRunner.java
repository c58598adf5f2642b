package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.DecodeLimits;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the cases of tokens: section 11, steps 1 to 5, and each step of those that are good. */
final class TokenRunner {
  private TokenRunner() {}

  static void run(JsonNode one) {
    JsonNode expect = Json.get(one, "expect");
    Expectation.check(expect, () -> read(one, expect.path("ok").has("hops")));
    if (one.has("steps")) {
      checkSteps(one);
    }
  }

  /** What is read in a token, perhaps with its hops. */
  static JsonNode read(JsonNode one, boolean withHops) {
    UnverifiedToken token = decode(one);
    VerifiedChain verified = token.verifyAny(roots(Json.get(one, "roots")));
    DelegationChain chain = DelegationChain.of(verified);
    ObjectNode result = Json.object("mode", chain.kind().text());
    if (withHops) {
      List<ObjectNode> hops = new ArrayList<>();
      for (DelegationHop hop : chain.hops()) {
        hops.add(
            Json.object(
                "mode", hop.mode().text(), "grantor", hop.grantor(), "holder", hop.holder()));
      }
      result.setAll(Json.object("hops", hops));
    }
    return Cases.ok(result);
  }

  private static UnverifiedToken decode(JsonNode one) {
    String text = Json.textOrNull(one, "text");
    if (text == null) {
      return UnverifiedToken.decode(Json.bytes(Json.get(one, "token")), DecodeLimits.DEFAULT);
    }
    UnverifiedToken token = UnverifiedToken.decode(text);
    if (one.has("token")) {
      assertThat(Json.hex(token.encode())).isEqualTo(Json.text(one, "token"));
    }
    return token;
  }

  private static RootKeys roots(JsonNode texts) {
    List<PublicKey> keys = new ArrayList<>();
    texts.forEach(text -> keys.add(PublicKey.parse(text.textValue())));
    return rootKeyId -> keys;
  }

  private static void checkSteps(JsonNode one) {
    byte[] bytes = Json.bytes(Json.get(one, "token"));
    RawToken raw = RawToken.decode(bytes, DecodeLimits.DEFAULT);
    AgentToken token = AgentToken.decode(bytes);
    List<Block.Decoded> decoded = token.token().blocks();
    JsonNode steps = Json.get(one, "steps");
    assertThat(raw.blocks()).hasSameSizeAs(steps);
    byte[] previous = null;
    for (int i = 0; i < steps.size(); i++) {
      JsonNode step = steps.get(i);
      SignedBlock block = raw.blocks().get(i);
      checkBlock(step, block, previous);
      previous = block.signature();
      Block.Decoded content = decoded.get(i);
      assertThat(content.block().toString()).isEqualTo(Json.text(step, "datalog"));
      assertThat(content.block().context()).isEqualTo(Json.textOrNull(step, "context"));
      assertThat(content.version()).isEqualTo(Json.get(step, "datalogVersion").intValue());
      assertThat(content.symbols()).isEqualTo(texts(Json.get(step, "symbols")));
      assertHex(token.revocationKeys().get(i), step, "revocationKey");
      assertHex(token.blockDigests().get(i), step, "digest");
      List<SignedBlock> blocks = raw.blocks().subList(0, i + 1);
      assertHex(RawToken.of(raw.rootKeyId(), blocks, new TokenEnd.Held()).encode(), step, "token");
    }
    assertThat(RawToken.of(raw.rootKeyId(), raw.blocks(), raw.proof()).encode()).isEqualTo(bytes);
    checkEnd(one, raw);
  }

  private static void checkBlock(JsonNode step, SignedBlock block, byte @Nullable [] previous) {
    assertHex(block.payload(), step, "payload");
    assertHex(block.signature(), step, "signature");
    assertThat(block.nextKey()).hasToString(Json.text(step, "nextKey"));
    assertThat(block.version()).isEqualTo(Json.get(step, "signatureVersion").intValue());
    SignedBlock.External external = block.external();
    byte[] byThird = external == null ? null : external.signature();
    byte[] message =
        Messages.block(block.version(), block.payload(), block.nextKey(), previous, byThird);
    assertHex(message, step, "message");
    PublicKey signer = PublicKey.parse(Json.text(step, "signer"));
    assertThat(signer.verify(message, block.signature())).isTrue();
    assertThat(external != null).isEqualTo(step.has("external"));
    if (external != null && previous != null) {
      JsonNode third = Json.get(step, "external");
      byte[] covered = Messages.external(block.payload(), previous);
      assertHex(covered, third, "message");
      assertHex(external.signature(), third, "signature");
      assertThat(external.publicKey()).hasToString(Json.text(third, "key"));
      assertThat(external.publicKey().verify(covered, external.signature())).isTrue();
    }
  }

  private static void checkEnd(JsonNode one, RawToken raw) {
    assertThat(raw.proof() instanceof TokenEnd.FinalSignature).isEqualTo(one.has("end"));
    if (raw.proof() instanceof TokenEnd.FinalSignature seal) {
      SignedBlock last = raw.blocks().get(raw.blocks().size() - 1);
      byte[] message = Messages.seal(last.payload(), last.nextKey(), last.signature());
      assertHex(message, Json.get(one, "end"), "message");
      assertThat(last.nextKey().verify(message, seal.signature())).isTrue();
    }
  }

  private static void assertHex(byte[] actual, JsonNode object, String member) {
    assertThat(Json.hex(actual)).as(member).isEqualTo(Json.text(object, member));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }
}
