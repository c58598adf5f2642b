package dev.taper.wire;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/** Makes protobuf bytes by hand, well-formed or not. */
final class Bytes {
  private Bytes() {}

  static ByteString hex(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** A length-delimited field. */
  static ByteString field(int number, ByteString value) {
    return varint((long) number << 3 | 2).concat(varint(value.size())).concat(value);
  }

  /** A number field. */
  static ByteString field(int number, long value) {
    return varint((long) number << 3).concat(varint(value));
  }

  static ByteString varint(long value) {
    ByteString.Output out = ByteString.newOutput();
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteString();
  }

  /**
   * A value inside many messages: each level is the fields of the given numbers, outermost first.
   */
  static ByteString nested(int levels, ByteString innermost, int... fields) {
    // Built from the inside out on a reversed buffer, so that deep nesting takes linear time.
    byte[] buffer = new byte[innermost.size() + levels * fields.length * 6 + 16];
    int start = buffer.length - innermost.size();
    innermost.copyTo(buffer, start);
    for (int level = 0; level < levels; level++) {
      for (int i = fields.length - 1; i >= 0; i--) {
        ByteString prefix = varint((long) fields[i] << 3 | 2).concat(varint(buffer.length - start));
        start -= prefix.size();
        prefix.copyTo(buffer, start);
      }
    }
    return ByteString.copyFrom(buffer, start, buffer.length - start);
  }
}
