package dev.taper.testvectors.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an approval says, as JSON that is put together by the document and not by the engine's own
 * code. Immutable.
 */
final class Said {
  static final String ID = "000102030405060708090a0b0c0d0e0f";
  static final String OTHER_ID = "0f0e0d0c0b0a09080706050403020100";

  private static final ObjectMapper MAPPER =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  private final TreeMap<String, Object> members;

  private Said(Map<String, Object> members) {
    this.members = new TreeMap<>(members);
  }

  /** Approves a call at the service for a quarter of an hour, with the token as it is. */
  static Said of(Chain chain, String request) {
    return new Said(
        Map.of(
            "id",
            ID,
            "state",
            state(chain),
            "audiences",
            List.of(Cast.JIRA),
            "meaning",
            Json.hex(ToolCall.parse(request).digest()),
            "from",
            Cast.NOON.getEpochSecond(),
            "until",
            Cast.NOON.getEpochSecond() + 900));
  }

  /** The digest of the last block that states a holder. */
  static String state(Chain chain) {
    int last = 0;
    List<Block.Decoded> blocks = chain.decoded();
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).block().toString().contains("holder(")) {
        last = i;
      }
    }
    return Json.hex(Messages.sha256(chain.step(last).block().signature()));
  }

  Said with(String member, Object value) {
    TreeMap<String, Object> more = new TreeMap<>(members);
    more.put(member, value);
    return new Said(more);
  }

  Said without(String member) {
    TreeMap<String, Object> fewer = new TreeMap<>(members);
    fewer.remove(member);
    return new Said(fewer);
  }

  /** Another one that says the same. */
  Said other() {
    return with("id", OTHER_ID);
  }

  Said at(String... services) {
    return with("audiences", List.of(services));
  }

  Said times(int uses) {
    return with("uses", uses);
  }

  Said between(long from, long until) {
    long noon = Cast.NOON.getEpochSecond();
    return with("from", noon + from).with("until", noon + until);
  }

  /** Approves tools with any arguments, so many times. */
  Said calls(int uses, String... tools) {
    return without("meaning").with("calls", List.of(Map.of("tools", List.of(tools)))).times(uses);
  }

  /** The canonical form. */
  String json() {
    try {
      return MAPPER.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The approval in text form. */
  String by(PrivateKey approver) {
    return Messages.base64(bytes(approver, json()));
  }

  /** An approval that says anything. */
  static byte[] bytes(PrivateKey approver, String statement) {
    byte[] said = statement.getBytes(StandardCharsets.UTF_8);
    byte[] signature = approver.sign(Messages.approval(approver.publicKey(), said));
    return Messages.join(
        new byte[] {1, (byte) approver.algorithm().wireId()},
        approver.publicKey().bytes(),
        new byte[] {(byte) signature.length},
        signature,
        said);
  }
}
