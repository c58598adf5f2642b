package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one protobuf message, and the messages nested in it, strictly and in a single pass.
 *
 * <p>Protobuf parsers are lenient by design: they skip fields that they do not know and let the
 * last of several values win. In a token both are dangerous. An unknown field may be a restriction
 * that would not be enforced, and two parties may read a value given twice differently. So here
 * every field must be known, singular fields occur once, at most one member of a oneof is set,
 * every varint has its shortest form, and every error names its place.
 *
 * <p>Reading never allocates more than the bytes that are there: a length is checked against the
 * bytes that are left before it is used. For one thread.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int DELIMITED = 2;
  private static final int MAX_TYPE = 7;
  private static final int MAX_VARINT_BYTES = 10;

  /** The character that {@code String} puts in place of bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  /** The greatest nesting of most messages. */
  private static final int USUAL_DEPTH = 8;

  /** How many levels an error shows at each end of a long path. */
  private static final int SHOWN_LEVELS = 6;

  private static final byte[] NOTHING = {};

  private final ErrorCode code;

  private byte[] bytes = NOTHING;
  private int position;
  private int limit;
  private int field;
  private int wireType;

  /** The enclosing messages, outermost first: written on entry, and read only for an error. */
  private @Nullable String[] names = new @Nullable String[USUAL_DEPTH];

  private int[] indexes = new int[USUAL_DEPTH];
  private int[] limits = new int[USUAL_DEPTH];
  private int depth;

  /**
   * Makes a reader of a whole message.
   *
   * @param bytes the message, not copied and not changed
   * @param code the code of a violation of the format
   * @param root the message's name in errors
   */
  ProtoReader(byte[] bytes, ErrorCode code, String root) {
    this(code);
    begin(bytes, root, -1);
  }

  /** Makes a reader of several messages, each started by {@link #begin}. */
  ProtoReader(ErrorCode code) {
    this.code = code;
  }

  /**
   * Begins a whole message.
   *
   * @param message the message, not copied and not changed
   * @param root its name in errors
   * @param index which one of several it is, or -1
   */
  void begin(byte[] message, String root, int index) {
    bytes = message;
    position = 0;
    limit = message.length;
    depth = 0;
    push(root, index);
  }

  /** Moves to the next field of the current message; false at its end. */
  boolean next() {
    if (position == limit) {
      return false;
    }
    int tag = bytes[position];
    if (tag <= MAX_TYPE) { // the number 0, or one of several bytes, which no field has
      throw fail("unknown field " + Long.toUnsignedString(varint() >>> 3));
    }
    position++;
    wireType = tag & MAX_TYPE;
    field = tag >> 3;
    return true;
  }

  /** The number of the current field. */
  int field() {
    return field;
  }

  /** Makes the error for a field that the message does not have. */
  TaperException unknownField() {
    return fail("unknown field " + field);
  }

  /** Notes a singular field. */
  int once(int seen) {
    int bit = 1 << field;
    if ((seen & bit) != 0) {
      throw fail("field " + field + " twice");
    }
    return seen | bit;
  }

  /** Notes the only member of a oneof. */
  int only(int seen) {
    if (seen != 0) {
      throw fail("more than one member of a oneof");
    }
    return 1 << field;
  }

  /** Checks that a required field was there. */
  void require(int seen, int number, String name) {
    if ((seen & (1 << number)) == 0) {
      throw fail("missing " + name);
    }
  }

  /** Checks that a oneof has a member. */
  void requireOne(int seen) {
    if (seen == 0) {
      throw fail("empty oneof");
    }
  }

  /** Reads the field's 64 bits, signed or unsigned. */
  long uint64() {
    expect(VARINT);
    return varint();
  }

  /** Reads an unsigned 32-bit value; anything larger is an error, never cut. */
  long uint32() {
    long value = uint64();
    if (value < 0 || value > 0xFFFF_FFFFL) {
      throw fail("field " + field + " exceeds 32 bits: " + Long.toUnsignedString(value));
    }
    return value;
  }

  /** Reads a boolean. */
  boolean bool() {
    return enumeration(1) == 1;
  }

  /** Reads an enumeration value from 0 to a maximum. */
  int enumeration(int max) {
    long value = uint64();
    if (value < 0 || value > max) {
      throw fail("field " + field + " has the unknown value " + value);
    }
    return (int) value;
  }

  /** Reads a copy of the field's bytes. */
  byte[] bytes() {
    int length = length();
    byte[] result = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return result;
  }

  /** Reads a string, which must be well-formed UTF-8. */
  String string() {
    int length = length();
    int start = position;
    position += length;
    String text = new String(bytes, start, length, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : decode(start, length);
  }

  /**
   * Decodes a text, and tells one that holds the replacement character from one that is not
   * well-formed.
   */
  private String decode(int start, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw fail("field " + field + " is not UTF-8");
    }
  }

  /** Enters the message that a singular field holds. */
  void enter(String name) {
    enter(name, -1);
  }

  /** Enters the message that a repeated field holds. */
  void enter(String name, int index) {
    int length = length();
    push(name, index);
    limit = position + length;
  }

  /** Notes the current field for later and moves past it. */
  Slice skip() {
    int length = length();
    Slice slice = new Slice(position, position + length);
    position += length;
    return slice;
  }

  /** Enters a message noted before. */
  void enter(Slice slice, String name, int index) {
    push(name, index);
    position = slice.from();
    limit = slice.to();
  }

  /** Leaves the message entered last, read to its end. */
  void leave() {
    limit = limits[--depth];
  }

  /** Returns a copy of the message that the cursor is in. */
  byte[] current(int from) {
    return Arrays.copyOfRange(bytes, from, limit);
  }

  /** Where the cursor is. */
  int position() {
    return position;
  }

  /** Makes an error with the reader's own code and the place. */
  TaperException fail(String what) {
    return fail(code, what);
  }

  /** Makes an error with the place. */
  TaperException fail(ErrorCode errorCode, String what) {
    return new TaperException(errorCode, path() + ": " + what);
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    boolean shorten = depth > 2 * SHOWN_LEVELS;
    appendLevels(path, 0, shorten ? SHOWN_LEVELS : depth);
    if (shorten) {
      path.append("...");
      appendLevels(path, depth - SHOWN_LEVELS, depth);
    }
    return path.toString();
  }

  private void appendLevels(StringBuilder path, int from, int to) {
    for (int i = from; i < to; i++) {
      path.append(i == from ? "" : ".").append(names[i]);
      if (indexes[i] >= 0) {
        path.append('[').append(indexes[i]).append(']');
      }
    }
  }

  private void push(String name, int index) {
    if (depth == names.length) {
      names = Arrays.copyOf(names, depth * 2);
      indexes = Arrays.copyOf(indexes, depth * 2);
      limits = Arrays.copyOf(limits, depth * 2);
    }
    names[depth] = name;
    indexes[depth] = index;
    limits[depth] = limit;
    depth++;
  }

  private void expect(int type) {
    if (wireType != type) {
      throw fail("field " + field + " has wire type " + wireType + ", not " + type);
    }
  }

  private int length() {
    expect(DELIMITED);
    long length = varint();
    if (length < 0 || length > limit - position) {
      throw fail("field " + field + " is longer than its message");
    }
    return (int) length;
  }

  /** Reads a varint. Nearly all numbers on the wire have one byte, and those of symbols two. */
  private long varint() {
    if (position < limit) {
      int first = bytes[position];
      if (first >= 0) {
        position++;
        return first;
      }
      int second = position + 1 < limit ? bytes[position + 1] : 0;
      if (second > 0) {
        position += 2;
        return (first & 0x7F) | second << 7;
      }
    }
    return longVarint();
  }

  /** Reads one whose first byte is not its last, or is missing. */
  private long longVarint() {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (position == limit) {
        throw fail("truncated");
      }
      byte b = bytes[position++];
      value |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        boolean overflow = i == MAX_VARINT_BYTES - 1 && b > 1;
        if (overflow || b == 0) {
          throw fail("a number that is not in its shortest form");
        }
        return value;
      }
    }
    throw fail("a number of more than ten bytes");
  }

  /**
   * A message noted for later.
   *
   * @param from its first byte
   * @param to the place after its last byte
   */
  record Slice(int from, int to) {}
}
