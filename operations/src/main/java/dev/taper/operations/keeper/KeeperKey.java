package dev.taper.operations.keeper;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Prover;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.operations.OperationException;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Signs with a key that a keeper has. Thread-safe. */
record KeeperKey(KeeperClient keeper, KeeperClient.KeptKey key)
    implements Prover, ExchangeProof.Maker {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  @Override
  public PublicKey publicKey() {
    return key.key();
  }

  @Override
  public byte[] sign(byte[] message) {
    JsonFields request =
        new JsonFields().put("key", key.name()).put("message", BASE64.encodeToString(message));
    return answered(
        () -> {
          String text = keeper.post("/v1/sign", request).text("signature");
          try {
            return Signatures.checked(key.key(), message, bytes(text));
          } catch (TaperException e) {
            throw KeeperAnswer.malformed("has a signature by another key");
          }
        });
  }

  @Override
  public Proof prove(
      AgentToken token, @Nullable SentCall sent, String audience, SentApprovals approvals) {
    JsonFields request =
        new JsonFields().put("token", token.encodeBase64()).put("audience", audience);
    SentJson.put(sent, request);
    request.putIfAny(
        "approvals", approvals.encoded().stream().map(BASE64::encodeToString).toList());
    return answered(() -> Proof.decode(keeper.post("/v1/prove", request).text("proof")));
  }

  /** Tells the keeper of the person's token its digest alone. */
  @Override
  public ExchangeProof make(ExchangeProof.Subject subject) {
    JsonFields request =
        new JsonFields()
            .put("key", key.name())
            .put("issuer", subject.issuer())
            .put("subject_token", BASE64.encodeToString(subject.tokenDigest()))
            .put("details", subject.details());
    return answered(
        () -> {
          String text = keeper.post("/v1/prove/exchange", request).text("proof");
          ExchangeProof proof = ExchangeProof.decode(text);
          if (!proof.agent().equals(key.key())) {
            throw KeeperAnswer.malformed("has a proof by another key");
          }
          return proof;
        });
  }

  private static byte[] bytes(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw KeeperAnswer.malformed("has no signature");
    }
  }

  /** Whatever keeps a keeper from signing is that the signer cannot sign. */
  private static <T> T answered(Supplier<T> answer) {
    try {
      return answer.get();
    } catch (OperationException e) {
      throw new TaperException(
          ErrorCode.SIGNING_FAILED,
          Objects.requireNonNull(e.getMessage()) + " (" + e.code() + ")",
          e);
    }
  }

  /** The name and the public key. */
  @Override
  public String toString() {
    return "KeeperKey(" + key.name() + ", " + key.key() + ")";
  }
}
