package dev.taper.testvectors.profile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Protobuf by hand, for what no encoder writes. Immutable. */
final class Proto {
  static final Proto EMPTY = new Proto(new byte[0]);

  private final byte[] bytes;

  private Proto(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Any bytes. */
  Proto raw(int... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes);
    for (int b : more) {
      out.write(b);
    }
    return new Proto(out.toByteArray());
  }

  /** A field that holds a number. */
  Proto number(int field, long value) {
    return varint((long) field << 3).varint(value);
  }

  /** A field that holds bytes. */
  Proto bytes(int field, byte[] value) {
    Proto head = varint(((long) field << 3) | 2).varint(value.length);
    return new Proto(Messages.join(head.bytes, value));
  }

  Proto text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  Proto message(int field, Proto value) {
    return bytes(field, value.bytes);
  }

  private Proto varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return new Proto(out.toByteArray());
  }

  byte[] toBytes() {
    return bytes.clone();
  }
}
