package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The approvals that travel beside a token, as bytes that nobody has read yet. The holder's proof
 * covers them, so that nobody adds one or takes one away. There is no order among them. Immutable
 * and thread-safe.
 */
public final class SentApprovals {
  /** The most approvals beside one token. */
  public static final int MAX = 16;

  /** More than the longest approval, of about 4.2 KiB. */
  private static final int MAX_TEXT = 6_000;

  /** None. */
  public static final SentApprovals NONE = new SentApprovals(List.of());

  private final List<byte[]> encoded;
  private final byte[] digest;

  private SentApprovals(List<byte[]> encoded) {
    this.encoded = encoded;
    this.digest = encoded.isEmpty() ? SentCall.Part.NOTHING : digest(encoded);
  }

  /**
   * Takes approvals in any order.
   *
   * @param texts each in canonical base64url without padding
   * @throws TaperException {@link ErrorCode#MALFORMED_APPROVAL} if there are more than {@link
   *     #MAX}, two are the same, or one is not such text
   */
  public static SentApprovals of(Collection<String> texts) {
    List<byte[]> all = new ArrayList<>();
    texts.forEach(text -> all.add(bytes(text)));
    return ofBytes(all);
  }

  /**
   * Takes approvals in any order.
   *
   * @param approvals the bytes of each
   * @throws TaperException as {@link #of}
   */
  public static SentApprovals ofBytes(Collection<byte[]> approvals) {
    if (approvals.size() > MAX) {
      throw malformed("more than " + MAX + " approvals come with the token");
    }
    List<byte[]> copies = new ArrayList<>();
    approvals.forEach(one -> copies.add(one.clone()));
    return copies.isEmpty() ? NONE : new SentApprovals(List.copyOf(copies));
  }

  /**
   * The bytes of one approval.
   *
   * @param text canonical base64url without padding
   * @throws TaperException {@link ErrorCode#MALFORMED_APPROVAL} if it is not that
   */
  public static byte[] bytes(String text) {
    String mistake = Given.mistake(text);
    if (mistake != null) {
      throw malformed("an approval " + mistake);
    }
    byte[] bytes = text.length() <= MAX_TEXT ? Given.base64(text) : null;
    if (bytes == null) {
      throw malformed("an approval is too long, or not canonical base64url without padding");
    }
    return bytes;
  }

  private static TaperException malformed(String what) {
    return new TaperException(ErrorCode.MALFORMED_APPROVAL, what);
  }

  /** The digests in ascending order, which needs no order of the approvals themselves. */
  private static byte[] digest(List<byte[]> encoded) {
    TreeMap<byte[], Boolean> digests = new TreeMap<>(Arrays::compareUnsigned);
    for (byte[] one : encoded) {
      if (digests.put(Digests.sha256(one), true) != null) {
        throw malformed("an approval comes with the token twice");
      }
    }
    var sha256 = Digests.sha256();
    digests.keySet().forEach(sha256::update);
    return sha256.digest();
  }

  /** A copy of the bytes of each. */
  public List<byte[]> encoded() {
    List<byte[]> copies = new ArrayList<>();
    encoded.forEach(one -> copies.add(one.clone()));
    return copies;
  }

  /** The digest that proofs cover; not to be changed. */
  byte[] digest() {
    return digest;
  }

  /** True if there are none. */
  public boolean isEmpty() {
    return encoded.isEmpty();
  }

  /** How many there are. */
  @Override
  public String toString() {
    return "SentApprovals(" + encoded.size() + ")";
  }
}
