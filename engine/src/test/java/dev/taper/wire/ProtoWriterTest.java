package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class ProtoWriterTest {
  /**
   * Lengths about where they take another byte, in a writer that grows and in one that has room.
   */
  @Test
  void end_nestedMessagesOfAnyLength_asByHand() {
    for (int length : new int[] {0, 1, 126, 127, 128, 129, 16_382, 16_383, 16_384, 2_097_152}) {
      for (int capacity : new int[] {0, 1, length, length + 40}) {
        ByteString content = ByteString.copyFrom(new byte[length]);
        ProtoWriter out = new ProtoWriter(capacity);
        out.number(1, -1);
        int outer = out.begin(2);
        int inner = out.begin(3);
        out.bytes(4, content.toByteArray());
        out.end(inner);
        out.number(5, 300);
        out.end(outer);

        ByteString expected =
            Bytes.field(1, -1)
                .concat(
                    Bytes.field(
                        2, Bytes.field(3, Bytes.field(4, content)).concat(Bytes.field(5, 300))));
        assertThat(ByteString.copyFrom(out.toByteArray()).equals(expected))
            .as("%d bytes in %d", length, capacity)
            .isTrue();
      }
    }
  }

  @Test
  void append_whatAnotherWrote_isBehind() {
    ProtoWriter other = new ProtoWriter(0);
    other.string(2, "é😁");
    ProtoWriter out = new ProtoWriter(0);
    out.number(1, 0);
    out.append(other);
    out.append(new ProtoWriter());

    assertThat(out.toByteArray())
        .isEqualTo(
            Bytes.field(1, 0).concat(Bytes.field(2, ByteString.copyFromUtf8("é😁"))).toByteArray());
  }

  @Test
  void wipe_aMessage_nothingIsLeft() {
    ProtoWriter out = new ProtoWriter();
    out.bytes(1, new byte[] {1, 2, 3});
    byte[] before = out.toByteArray();
    out.wipe();

    assertThat(before).containsExactly(10, 3, 1, 2, 3);
    assertThat(out.toByteArray()).containsOnly(0);
  }
}
