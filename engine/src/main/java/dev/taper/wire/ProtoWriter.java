package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf messages in the canonical form: fields in the order of the calls, numbers in
 * their shortest form. A nested message is written in place, behind room for a length of one byte;
 * if it needs a longer length, it is moved when it ends. For one thread.
 */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int DELIMITED = 2;

  private byte[] buffer;
  private int size;

  ProtoWriter() {
    this(256);
  }

  /**
   * Makes a writer with room for this many bytes; it grows if it needs more.
   *
   * @param capacity the number of bytes
   */
  ProtoWriter(int capacity) {
    this.buffer = new byte[capacity];
  }

  /** Writes a number. */
  void number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
  }

  /** Writes bytes. */
  void bytes(int field, byte[] value) {
    varint((long) field << 3 | DELIMITED);
    varint(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
  }

  /**
   * Writes a string.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if it holds half a surrogate pair,
   *     which has no UTF-8 form
   */
  void string(int field, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        boolean pair =
            i + 1 < value.length()
                && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1));
        if (!pair) {
          throw new TaperException(
              ErrorCode.INVALID_DATALOG, "half a surrogate pair at index " + i + " of a string");
        }
        i++;
      }
    }
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the fields that another writer wrote. */
  void append(ProtoWriter other) {
    reserve(other.size);
    System.arraycopy(other.buffer, 0, buffer, size, other.size);
    size += other.size;
  }

  /**
   * Begins a nested message.
   *
   * @return the start, which {@link #end} needs
   */
  int begin(int field) {
    varint((long) field << 3 | DELIMITED); // which leaves room for a length of one byte
    return ++size;
  }

  /** Ends the nested message begun last. */
  void end(int start) {
    int length = size - start;
    int more = varintSize(length) - 1;
    if (more > 0) {
      reserve(more);
      System.arraycopy(buffer, start, buffer, start + more, length);
    }
    size = start - 1;
    varint(length);
    size += length;
  }

  /** Returns a copy of the bytes written. */
  byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** Overwrites the bytes written, for messages that hold a secret. */
  void wipe() {
    Arrays.fill(buffer, (byte) 0);
  }

  private void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }

  private static int varintSize(int value) {
    int bytes = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      bytes++;
    }
    return bytes;
  }
}
