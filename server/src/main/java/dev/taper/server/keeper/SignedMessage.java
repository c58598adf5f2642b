package dev.taper.server.keeper;

import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditContent;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A message that one of the formats here has signed, recognised from its bytes: a tag that no other
 * message begins with, and behind it what belongs there, which names the key if the format does.
 * Blocks of plain Biscuits have no tag; {@link BlockMessage} knows them by their shape. Whatever is
 * none of these is not signed, and proofs are not either: a keeper makes those itself.
 *
 * @param words what is signed, for a person who is asked
 * @param isHandingOn whether somebody can use a token afterwards because this was signed
 * @param next who that is; null for anyone
 */
public record SignedMessage(String words, boolean isHandingOn, @Nullable PublicKey next) {
  private static final String OURS = "\0TAPER\0";
  private static final int REVOCATION_NUMBERS = 4 * Long.BYTES + 3 * Integer.BYTES + 32;
  private static final byte[] DUMMY = new byte[64];

  /** Stands for the signature that a checkpoint is yet to have: one byte. */
  private static final String NO_SIGNATURE = "AA";

  /**
   * Recognises a message.
   *
   * @param message what a key is to sign
   * @param key the public half of that key
   * @throws KeeperRefusal {@code use_prove} for a proof; {@code not_signable} for anything unknown
   */
  public static SignedMessage recognise(byte[] message, PublicKey key) {
    SignedMessage read;
    try {
      read = read(message, key);
    } catch (TaperException e) {
      read = null; // a key, number or name in it that is none
    }
    if (read == null) {
      throw KeeperRefusal.of(
          403, "not_signable", "this is no message that a keeper knows, so it does not sign it");
    }
    return read;
  }

  private static @Nullable SignedMessage read(byte[] message, PublicKey key) {
    String text = new String(message, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(OURS)) {
      return BlockMessage.read(text, key);
    }
    int end = text.indexOf('\0', OURS.length());
    String tag = end < 0 ? "" : text.substring(OURS.length(), end);
    byte[] behind = end < 0 ? DUMMY : Arrays.copyOfRange(message, end + 1, message.length);
    String words =
        switch (tag) {
          case "PROOF", "OFFER", "EXCHANGE" ->
              throw KeeperRefusal.of(
                  403,
                  "use_prove",
                  "a keeper signs no proof that was made elsewhere: it makes them, /v1/prove and"
                      + " /v1/prove/exchange");
          case "APPROVAL" -> approval(behind, key);
          case "REVOCATION" -> revocation(behind, key);
          case "NAMES" -> names(Given.utf8(behind), key);
          case "CHECKPOINT" -> checkpoint(Given.utf8(behind), key);
          default -> null;
        };
    return words == null ? null : new SignedMessage(words, false, null);
  }

  /** Version, algorithm, key and statement: an approval without its signature. */
  private static @Nullable String approval(byte[] behind, PublicKey key) {
    int end = 2 + key.bytes().length;
    if (behind.length <= end) {
      return null;
    }
    byte[] whole =
        ByteBuffer.allocate(behind.length + 1 + DUMMY.length)
            .put(behind, 0, end)
            .put((byte) DUMMY.length)
            .put(DUMMY)
            .put(behind, end, behind.length - end)
            .array();
    Approval approval = Approval.decode(whole);
    return approval.approver().equals(key) ? "approve " + approval.statement().words() : null;
  }

  /** A header of fixed length, with the key of its issuer. */
  private static @Nullable String revocation(byte[] behind, PublicKey key) {
    byte[] point = key.bytes();
    int start = 3 + point.length;
    boolean fits =
        behind.length == start + REVOCATION_NUMBERS
            && behind[0] == 2
            && (behind[1] == 0 || behind[1] == 1)
            && Algorithm.ofWireId(behind[2]) == key.algorithm()
            && Arrays.equals(behind, 3, start, point, 0, point.length);
    if (!fits) {
      return null;
    }
    long number = ByteBuffer.wrap(behind).getLong(start + Long.BYTES);
    return "issue the revocation list number " + number;
  }

  /** The canonical form of a file of names, with the key of its signer. */
  private static @Nullable String names(@Nullable String json, PublicKey key) {
    if (json == null || !json.endsWith("}")) {
      return null;
    }
    SortedMap<String, String> members = CanonicalJson.membersOfDocument(json);
    StringJoiner canonical = new StringJoiner(",", "{", "}");
    for (Map.Entry<String, String> member : members.entrySet()) {
      canonical.add(CanonicalJson.quoted(member.getKey()) + ":" + member.getValue());
    }
    boolean own = ("\"" + key + "\"").equals(members.get("signer"));
    if (!own || !canonical.toString().equals(json) || members.containsKey("signature")) {
      return null;
    }
    String signed = json.substring(0, json.length() - 1) + ",\"signature\":\"00\"}";
    NamesFile names = NamesFile.parse(signed);
    return "sign the file of names number "
        + names.number().orElse(0)
        + ", with "
        + names.agents().size()
        + " agents and "
        + names.approvers().size()
        + " approvers";
  }

  /** A record of an audit log, with the key that vouches for those before. */
  private static @Nullable String checkpoint(@Nullable String json, PublicKey key) {
    if (json == null) {
      return null;
    }
    String signed = ",\"sig\":\"" + NO_SIGNATURE + "\",\"time\":\"";
    AuditRecord record = AuditRecord.parse(json.replace(",\"time\":\"", signed));
    return record.content() instanceof AuditContent.Checkpoint checkpoint
            && checkpoint.key().equals(key)
            && checkpoint.signature().equals(NO_SIGNATURE)
        ? "vouch for the " + record.sequence() + " records of an audit log"
        : null;
  }
}
