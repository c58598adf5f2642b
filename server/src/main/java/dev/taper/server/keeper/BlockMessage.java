package dev.taper.server.keeper;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the signatures of a Biscuit's blocks cover: of a block and of a third party's block with
 * tags (version 1), of a block without any (version 0), and of a sealed token's end. In each of
 * them stands a block, whose outer fields are looked at: what it says needs the token around it.
 */
final class BlockMessage {
  private static final String SIGNATURE = ".{8,72}";
  private static final String NEXT = "(?:\0\0\0\0%1$s(?<ed25519>.{32})|\1\0\0\0%1$s(?<p256>.{33}))";

  private static final Pattern BLOCK =
      pattern(
          "\0BLOCK\0\0VERSION\0\1\0\0\0\0PAYLOAD\0(?<block>.+)\0ALGORITHM\0"
              + NEXT.formatted("\0NEXTKEY\0")
              + "(?:\0PREVSIG\0"
              + SIGNATURE
              + ")?(?:\0EXTERNALSIG\0"
              + SIGNATURE
              + ")?");
  private static final Pattern EXTERNAL =
      pattern("\0EXTERNAL\0\0VERSION\0\1\0\0\0\0PAYLOAD\0(?<block>.+)\0PREVSIG\0" + SIGNATURE);
  private static final Pattern PLAIN = pattern("(?<block>.+)\0\0\0\0(?<ed25519>.{32})");
  private static final Pattern SEAL =
      pattern("(?<block>.+)" + NEXT.formatted("") + "(?:.{64}|\\x30.{7,71})");

  /** Lengths are three bits of a field's number, behind which its bytes stand. */
  private static final int LENGTH = 2;

  private static final int LAST_FIELD = 8;
  private static final int VERSION_FIELD = 3;

  private BlockMessage() {}

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  /**
   * Says what a message is.
   *
   * @param text what is to be signed, a character for each byte
   * @param key who is to sign
   * @return null if it is none of these
   */
  static @Nullable SignedMessage read(String text, PublicKey key) {
    Matcher block = BLOCK.matcher(text);
    if (block.matches()) {
      return isBlock(block) ? block(next(block)) : null;
    }
    Matcher external = EXTERNAL.matcher(text);
    if (external.matches()) {
      return isBlock(external)
          ? new SignedMessage("sign a block for somebody else's token", false, null)
          : null;
    }
    if (text.startsWith("\0")) {
      return null;
    }
    Matcher seal = SEAL.matcher(text);
    if (seal.matches() && isBlock(seal) && key.equals(next(seal))) {
      return new SignedMessage("seal a token, which anyone who has it can use", true, null);
    }
    Matcher plain = PLAIN.matcher(text);
    return plain.matches() && isBlock(plain) ? block(next(plain)) : null;
  }

  private static SignedMessage block(PublicKey next) {
    return new SignedMessage("sign a block of a token, whose next key is " + next, true, next);
  }

  private static PublicKey next(Matcher found) {
    String ed25519 = found.group("ed25519");
    boolean first = ed25519 != null;
    String key = first ? ed25519 : found.group("p256");
    return PublicKey.of(
        first ? Algorithm.ED25519 : Algorithm.SECP256R1, key.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** True if the bytes are the fields of a block, one behind the other to their end. */
  private static boolean isBlock(Matcher found) {
    byte[] block = found.group("block").getBytes(StandardCharsets.ISO_8859_1);
    boolean version = false;
    int at = 0;
    while (at < block.length) {
      int field = (block[at] & 0xff) >> 3;
      int type = block[at] & 7;
      at++;
      if (field < 1 || field > LAST_FIELD || type != (field == VERSION_FIELD ? 0 : LENGTH)) {
        return false;
      }
      long[] number = varint(block, at);
      if (number == null) {
        return false;
      }
      at = (int) number[1];
      if (field == VERSION_FIELD) {
        version = true;
      } else if (number[0] > block.length - at) {
        return false;
      } else {
        at += (int) number[0];
      }
    }
    return version;
  }

  /** A number, and where it ends; null if there is none of at most 32 bits. */
  private static long @Nullable [] varint(byte[] bytes, int start) {
    long value = 0;
    for (int i = 0; i < 5 && start + i < bytes.length; i++) {
      byte next = bytes[start + i];
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return new long[] {value, start + i + 1L};
      }
    }
    return null;
  }
}
