package dev.taper.testvectors.profile;

import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The byte strings that are signed, put together as docs/profile.md has them. */
final class Messages {
  private Messages() {}

  /** Section 4, of a block. */
  static byte[] block(
      int version,
      byte[] payload,
      PublicKey next,
      byte @Nullable [] previous,
      byte @Nullable [] external) {
    byte[] algorithm = littleEndian(next.algorithm().wireId());
    byte[] empty = {};
    if (version == 0) {
      return join(payload, external == null ? empty : external, algorithm, next.bytes());
    }
    byte[] message =
        join(
            tag("BLOCK"),
            tag("VERSION"),
            littleEndian(version),
            tag("PAYLOAD"),
            payload,
            tag("ALGORITHM"),
            algorithm,
            tag("NEXTKEY"),
            next.bytes());
    message = previous == null ? message : join(message, tag("PREVSIG"), previous);
    return external == null ? message : join(message, tag("EXTERNALSIG"), external);
  }

  /** Section 4, of a third party. */
  static byte[] external(byte[] payload, byte[] previous) {
    return join(
        tag("EXTERNAL"),
        tag("VERSION"),
        littleEndian(1),
        tag("PAYLOAD"),
        payload,
        tag("PREVSIG"),
        previous);
  }

  /** Section 4, of a sealed token's end. */
  static byte[] seal(byte[] payload, PublicKey next, byte[] signature) {
    return join(payload, littleEndian(next.algorithm().wireId()), next.bytes(), signature);
  }

  /** Section 10, what stands before the hints. */
  static byte[] proofHeader(PrivateKey holder, int form, long time, byte[] nonce) {
    return ByteBuffer.allocate(27)
        .put((byte) 2)
        .put((byte) form)
        .put((byte) holder.algorithm().wireId())
        .putLong(time)
        .put(nonce)
        .array();
  }

  /** Section 10, the part of the approvals: their digests in ascending order. */
  static byte[] approvals(List<String> texts) {
    TreeSet<String> digests = new TreeSet<>();
    texts.forEach(text -> digests.add(Json.hex(sha256(Base64.getUrlDecoder().decode(text)))));
    return HexFormat.of().parseHex(String.join("", digests));
  }

  /** Section 12, what an approval signs. */
  static byte[] approval(PublicKey approver, byte[] statement) {
    return join(
        tag("TAPER"),
        suffix("APPROVAL"),
        new byte[] {1, (byte) approver.algorithm().wireId()},
        approver.bytes(),
        statement);
  }

  /** Section 10, the digests of the parts that every form begins with, then of others. */
  static byte[] digests(byte[] state, String audience, byte[] approvals, byte[]... parts) {
    byte[] all =
        join(sha256(state), sha256(audience.getBytes(StandardCharsets.UTF_8)), sha256(approvals));
    for (byte[] part : parts) {
      all = join(all, sha256(part));
    }
    return all;
  }

  /** Section 10, the hints: four bytes of each digest. */
  static byte[] hints(byte[] digests) {
    ByteBuffer hints = ByteBuffer.allocate(digests.length / 8);
    for (int at = 0; at < digests.length; at += 32) {
      hints.put(digests, at, 4);
    }
    return hints.array();
  }

  /** Section 10, what is signed. */
  static byte[] proof(byte[] header, byte[] digests) {
    String purpose = header[1] == 4 ? "OFFER" : "PROOF";
    return join(tag("TAPER"), suffix(purpose), header, digests);
  }

  /** Bytes in base64url without padding. */
  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static byte[] sha256(byte[]... parts) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(join(parts));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** A text between two bytes of value 0. */
  static byte[] tag(String name) {
    return join(new byte[1], suffix(name));
  }

  /** A text and a byte of value 0, behind another tag. */
  static byte[] suffix(String name) {
    return (name + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] littleEndian(int value) {
    return new byte[] {
      (byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)
    };
  }
}
