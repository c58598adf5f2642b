package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.testing.UsedHeap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages in lines, and in events. */
class StreamsTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  private static List<String> lines(String text, int maxBytes) throws IOException {
    List<String> given = new ArrayList<>();
    new LineChannel(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            new ByteArrayOutputStream(),
            maxBytes)
        .readAll(
            new LineChannel.Receiver() {
              @Override
              public void received(RpcMessage message) {
                given.add(RpcText.write(message));
              }

              @Override
              public void broken(RpcFault fault) {
                given.add(fault.code().text());
              }
            });
    return given;
  }

  @Test
  void lines_areReadWhole_andEmptyOnesAreNone() throws Exception {
    assertThat(lines(PING + "\r\n\n" + PING + "\n" + PING, 1000)).containsExactly(PING, PING);
  }

  @Test
  void longLine_isRefusedOnce_andTheNextIsRead() throws Exception {
    assertThat(lines("x".repeat(300_000) + "\n" + PING + "\n", 100))
        .containsExactly("message_too_long", PING);
    assertThat(lines(PING + "\n", PING.length())).containsExactly(PING);
    assertThat(lines(PING + "\n", PING.length() - 1)).containsExactly("message_too_long");
  }

  /** A server's lines take many times their bytes when they are read. */
  @Test
  void linesOfServers_waitUntilThereIsRoom() throws Exception {
    ReadingRoom room = new ReadingRoom(1 << 20);
    CountDownLatch read = new CountDownLatch(1);
    LineChannel channel =
        new LineChannel(
            new ByteArrayInputStream((PING + "\n").getBytes(StandardCharsets.UTF_8)),
            new ByteArrayOutputStream(),
            1000);
    Thread reader =
        new Thread(
            () -> {
              try {
                channel.readAll(
                    new LineChannel.Receiver() {
                      @Override
                      public void received(RpcMessage message) {
                        read.countDown();
                      }

                      @Override
                      public void broken(RpcFault fault) {}
                    },
                    room,
                    null);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    room.awaiting(
        2 << 20,
        () -> {
          reader.start();
          try {
            assertThat(read.await(300, TimeUnit.MILLISECONDS)).isFalse();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
    reader.join();
  }

  private static List<String> events(String text, int step, int maxBytes) throws RpcFault {
    List<String> given = new ArrayList<>();
    SseEvents events =
        new SseEvents(maxBytes, data -> given.add(new String(data, StandardCharsets.UTF_8)));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += step) {
      events.feed(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
    }
    given.add("id " + events.lastId() + " retry " + events.retryMillis());
    return given;
  }

  @Test
  void events_areReadHoweverTheyAreCut() throws Exception {
    String stream =
        "\ufeff: hello\n\nevent: message\nid: 7\ndata: a\ndata:b\n\nretry: 10\r\ndata: ä\r\n\r\n"
            + "event: other\ndata: no\n\ndata: cut";
    for (int step : new int[] {1, 2, 3, 1000}) {
      assertThat(events(stream, step, 100)).containsExactly("a\nb", "ä", "id 7 retry 10");
    }
  }

  @Test
  void retry_isOfAMinuteAtMost() throws Exception {
    assertThat(events("retry: 999999999\n\n", 9, 100)).containsExactly("id null retry 60000");
    assertThat(events("retry: 59999\n\n", 9, 100)).containsExactly("id null retry 59999");
  }

  @Test
  void longEvent_isRefused() {
    assertThatExceptionOfType(RpcFault.class)
        .isThrownBy(() -> events("data: " + "x".repeat(200) + "\n\n", 7, 100));
    assertThatExceptionOfType(RpcFault.class)
        .isThrownBy(() -> events("data: xxxxxx\n".repeat(20) + "\n", 7, 100));
    assertThatExceptionOfType(RpcFault.class).isThrownBy(() -> events("x".repeat(200), 7, 100));
  }

  /** The room for what is read is given back with each event, and a stream may last for hours. */
  @Test
  void eventsOfStreamsThatLast_keepNothing() throws Exception {
    long before = UsedHeap.bytes();
    List<SseEvents> streams = new ArrayList<>();
    byte[] event = ("data: " + "x".repeat(1 << 20) + "\n\n").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20; i++) {
      SseEvents stream = new SseEvents(2 << 20, data -> {});
      stream.feed(ByteBuffer.wrap(event));
      streams.add(stream);
    }
    assertThat(UsedHeap.bytes() - before).isLessThan(5 << 20);
    assertThat(streams).hasSize(20);
  }

  /** A line of two servers at once, of which one has the room. */
  @Test
  void longLines_haveRoomTogether_andWhatIsShortHasItAnyway() throws Exception {
    HeldBytes.Room room = new HeldBytes.Room(300_000);
    BoundedLines first = lines("x".repeat(300_000) + "\ny\n", room);
    assertThat(line(first).bytes()).hasSize(300_000);
    BoundedLines second =
        lines("x".repeat(300_000) + "\n" + "x".repeat(60_000) + "\n" + "x".repeat(300_000), room);
    assertThat(line(second).isTooLong()).isTrue();
    assertThat(line(second).bytes()).hasSize(60_000);
    assertThat(line(first).bytes()).hasSize(1);
    assertThat(room.taken()).isZero();
    assertThat(second.next()).isNull();
    assertThat(room.taken()).isZero();
  }

  private static BoundedLines.Line line(BoundedLines lines) throws IOException {
    return Objects.requireNonNull(lines.next());
  }

  private static BoundedLines lines(String text, HeldBytes.Room room) {
    return new BoundedLines(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 1 << 20, room);
  }

  @Test
  void longAnswersOfHttp_haveRoomTogether() throws Exception {
    HeldBytes.Room room = new HeldBytes.Room(300_000);
    HttpBody first = HttpBody.kept(1 << 20, room);
    HttpBody second = HttpBody.kept(1 << 20, room);
    first.onNext(List.of(ByteBuffer.allocate(300_000)));
    second.onNext(List.of(ByteBuffer.allocate(300_000)));
    assertThat(first.fault()).isNull();
    assertThat(Objects.requireNonNull(second.fault()).code())
        .isEqualTo(RpcFault.Code.UPSTREAM_INVALID);
    first.cancel();
    first.onNext(List.of(ByteBuffer.allocate(300_000)));
    assertThat(room.taken()).isZero();
  }

  @Test
  void longEvents_haveRoomTogether() throws Exception {
    HeldBytes.Room room = new HeldBytes.Room(300_000);
    HeldBytes other = new HeldBytes(room);
    assertThat(other.hold(300_000)).isTrue();
    byte[] event = ("data: " + "x".repeat(200_000) + "\n\n").getBytes(StandardCharsets.UTF_8);
    HeldBytes held = new HeldBytes(room);
    assertThatExceptionOfType(RpcFault.class)
        .isThrownBy(() -> new SseEvents(1 << 20, data -> {}, held).feed(ByteBuffer.wrap(event)));
    held.release();
    other.release();
    new SseEvents(1 << 20, data -> assertThat(room.taken()).isPositive(), held)
        .feed(ByteBuffer.wrap(event));
    assertThat(room.taken()).isZero();
  }

  /** An event whose lines are all short is as long as any. */
  @Test
  void longEvents_ofShortLines_haveRoomTogether() {
    HeldBytes.Room room = new HeldBytes.Room(300_000);
    byte[] event =
        ("data: " + "x".repeat(100) + "\n").repeat(5000).getBytes(StandardCharsets.UTF_8);
    HeldBytes held = new HeldBytes(room);
    assertThatExceptionOfType(RpcFault.class)
        .isThrownBy(() -> new SseEvents(1 << 20, data -> {}, held).feed(ByteBuffer.wrap(event)));
  }

  @Test
  void longLine_whoseReceiverFails_isNotHeldForEver() {
    long before = HeldBytes.Room.OF_MEMORY.taken();
    String line = PING.replace("{", "{" + " ".repeat(100_000)) + "\n";
    LineChannel channel =
        new LineChannel(
            new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)),
            new ByteArrayOutputStream(),
            1 << 20);
    assertThatThrownBy(
            () ->
                channel.readAll(
                    new LineChannel.Receiver() {
                      @Override
                      public void received(RpcMessage message) {
                        throw new IllegalStateException("fails");
                      }

                      @Override
                      public void broken(RpcFault fault) {
                        throw new IllegalStateException(fault);
                      }
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(HeldBytes.Room.OF_MEMORY.taken()).isEqualTo(before);
  }
}
