package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Components;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long answers over HTTP to clients that do not read them. */
class UnreadAnswersTest {
  private static final int ROOM = 32 << 20;
  private static final int LENGTH = 8 << 20; // more than a socket keeps
  private static final int MORE_THAN_FIT = 12;
  private static final String LONG = "x".repeat(LENGTH);
  private static final String BODY =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":"
          + "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}";

  /** Answers each request with much. */
  private static final class Talker implements Conversation, Conversation.Host {
    @Override
    public void received(RpcMessage message, Outlet outlet) {
      assertThat(
              outlet.send(
                  new RpcMessage.Result(((RpcMessage.Request) message).id(), Map.of("text", LONG))))
          .isTrue();
    }

    @Override
    public void gone(Object requestId, Outlet outlet) {}

    @Override
    public @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content) {
      return null;
    }

    @Override
    public boolean isOwned() {
      return false;
    }

    @Override
    public boolean mayHave(RpcMessage kept) {
      return true;
    }

    @Override
    public boolean isUsed() {
      return false;
    }

    @Override
    public boolean owesAnswers() {
      return false;
    }

    @Override
    public void close() {}

    @Override
    public Conversation session(Outlet.Client client) {
      return this;
    }

    @Override
    public Conversation stateless(Outlet.Client client) {
      return this;
    }
  }

  private final UnreadRoom room = new UnreadRoom(ROOM);
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final HttpFront front =
      new HttpFront(
          new Talker(),
          new HttpFront.Settings("/mcp", 1 << 20, 4, false, new CallerCheck(true, Set.of())),
          timers,
          room);
  private final Listener listener =
      Listener.start(
          new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
          null,
          front);
  private final List<Socket> open = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    front.close();
    listener.close();
    timers.shutdownNow();
  }

  private Socket asks() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    open.add(socket);
    socket.connect(listener.address());
    String request =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: ping\r\nContent-Length: "
            + BODY.length()
            + "\r\nConnection: close\r\n\r\n"
            + BODY;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H'); // it is being answered
    return socket;
  }

  /** How much comes until the end, whatever kind of end that is. */
  private static long read(Socket socket) throws IOException {
    long read = 0;
    byte[] buffer = new byte[1 << 16];
    InputStream in = socket.getInputStream();
    try {
      for (int more = in.read(buffer); more >= 0; more = in.read(buffer)) {
        read += more;
      }
    } catch (SocketException e) {
      return read; // cut off
    }
    return read;
  }

  @Test
  void answers_thatNobodyReads_areBoundedTogether_andTheLongestUnreadAreCutOff() throws Exception {
    for (int i = 0; i < MORE_THAN_FIT; i++) {
      Socket unused = asks();
      assertThat(room.bytes()).isLessThanOrEqualTo(ROOM);
    }
    assertThat(read(asks())).isGreaterThan(LENGTH);
    assertThat(read(open.get(0))).isLessThan(LENGTH);
    assertThat(read(open.get(MORE_THAN_FIT - 1))).isGreaterThan(LENGTH);
    for (Socket socket : open) {
      socket.close();
    }
    assertNothingWaits();
  }

  private void assertNothingWaits() throws InterruptedException {
    for (int i = 0; i < 500 && room.bytes() > 0; i++) {
      Thread.sleep(20);
    }
    assertThat(room.bytes()).isZero();
  }

  /** Whoever asks for the header alone has no content that is taken. */
  @Test
  void answer_whoseContentIsNotSent_waitsNoLonger() throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
    open.add(socket);
    socket
        .getOutputStream()
        .write("HEAD /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    assertNothingWaits();
  }

  /** What is written by a client's connection, by whoever has it. */
  private static HttpOutlet outlet(
      UnreadRoom room, boolean hasEnded, Consumer<Callback> written, boolean takesEvents) {
    return outlet(room, hasEnded, written, takesEvents, Runnable::run);
  }

  private static HttpOutlet outlet(
      UnreadRoom room,
      boolean hasEnded,
      Consumer<Callback> written,
      boolean takesEvents,
      Executor executor) {
    Components components = stub(Components.class, "getExecutor", executor);
    Request request = stub(Request.class, "getComponents", hasEnded ? null : components);
    Response response =
        (Response)
            Proxy.newProxyInstance(
                Response.class.getClassLoader(),
                new Class<?>[] {Response.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("write")) {
                    written.accept((Callback) arguments[2]);
                  }
                  return switch (method.getName()) {
                    case "getHeaders" -> HttpFields.build();
                    case "getRequest" -> request;
                    default -> null;
                  };
                });
    return new HttpOutlet(response, Callback.NOOP, 1L, null, takesEvents, room);
  }

  private static <T> T stub(Class<T> type, String name, @Nullable Object value) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (value == null || !method.getName().equals(name)) {
                throw new IllegalStateException("channel already completed");
              }
              return value;
            }));
  }

  private static RpcMessage result() {
    return new RpcMessage.Result(1L, Map.of("text", "x".repeat(800)));
  }

  /** An answer may have been taken in the moment in which its room is given to another. */
  @Test
  void answer_thatEndsWhileItIsCutOff_isNobodyElsesFault() {
    UnreadRoom small = new UnreadRoom(1000);
    List<Callback> written = new ArrayList<>();
    assertThat(outlet(small, true, written::add, false).send(result())).isTrue();
    assertThat(outlet(small, true, written::add, false).send(result())).isTrue();
    assertThat(written).hasSize(2);
  }

  /** What was being written when it was cut off can still be taken, beside what came since. */
  @Test
  void answer_thatIsTakenAfterItWasCutOff_makesNoMoreRoomThanItTook() {
    UnreadRoom small = new UnreadRoom(1000);
    HttpOutlet cut = outlet(small, true, callback -> {}, true);
    HttpOutlet other = outlet(small, true, callback -> {}, true);
    small.add(cut, 800);
    small.add(other, 800);
    small.add(cut, 100);
    small.taken(cut, 800);
    small.taken(other, 800);
    assertThat(small.bytes()).isZero();
  }

  /** A call or a session keeps its outlet, and not what nobody gets any more. */
  @Test
  void answer_thatIsCutOff_keepsNothing() {
    UnreadRoom small = new UnreadRoom(2000);
    List<Callback> written = new ArrayList<>();
    HttpOutlet slow = outlet(small, false, written::add, true);
    RpcMessage event = new RpcMessage.Notification("notifications/message", Map.of("text", "x"));
    assertThat(slow.send(event)).isTrue();
    assertThat(slow.send(result())).isTrue();
    assertThat(outlet(small, false, callback -> {}, false).send(result())).isTrue();
    assertThat(outlet(small, false, callback -> {}, false).send(result())).isTrue();
    assertThat(slow.isDone()).isTrue();
    written.get(0).succeeded();
    assertThat(written).hasSize(1);
  }
}
