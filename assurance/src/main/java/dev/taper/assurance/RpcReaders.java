package dev.taper.assurance;

import dev.taper.ErrorCode;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.LineChannel;
import dev.taper.server.mcp.MessageOutline;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.server.mcp.SseEvents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The readers of messages on their way between clients and servers of the Model Context Protocol.
 * What is read does not depend on where a stream was cut, and nothing longer than its bound is
 * kept.
 */
final class RpcReaders {
  /** The longest line or event here, so that small inputs go beyond it. */
  static final int LONGEST = 256;

  private RpcReaders() {}

  /** One message. */
  static boolean message(byte[] input) {
    RpcMessage read;
    try {
      read = RpcText.read(input);
    } catch (RpcFault e) {
      return false;
    }
    // Half of a surrogate pair can be named in JSON, and is not written.
    Optional<String> written = Laws.read(() -> RpcText.write(read), ErrorCode.INVALID_REQUEST);
    if (written.isEmpty()) {
      return false;
    }
    if (written.get().indexOf('\n') >= 0) {
      throw new AssertionError("a message is one line");
    }
    try {
      Laws.same(
          "what is written is written again",
          written.get(),
          RpcText.write(RpcText.read(written.get())));
    } catch (RpcFault e) {
      throw new AssertionError("what is written is not read", e);
    }
    return true;
  }

  /** The longest name, URI or version that an outline keeps, in characters. */
  private static final int LONGEST_NAME = 1024;

  /** The longest token whose text an outline keeps; of a longer one it says that it is too long. */
  private static final int MAX_TOKEN = CredentialFields.MAX_FIELD + 1;

  /** What is found in one pass is what the reader finds; it passes all that the reader takes. */
  static boolean outline(byte[] input) {
    MessageOutline outline = null;
    try {
      outline = MessageOutline.of(input);
    } catch (RpcFault e) {
      // Then the reader must refuse it, too.
    }
    RpcMessage read;
    try {
      read = RpcText.read(input);
    } catch (RpcFault e) {
      return false;
    }
    if (outline == null) {
      throw new AssertionError("a message is refused before it is read");
    }
    Laws.same("it wants an answer", read instanceof RpcMessage.Request, outline.isRequest());
    if (read instanceof RpcMessage.Request request) {
      RpcMessage.Request found = outline.request(HttpRefusal.of(401, "token_required", null));
      Laws.same("the method", request.method(), found.method());
      Laws.same("the id", request.id(), found.id());
      Laws.same(
          "the token",
          shortened(within(request.params(), McpMeta.TOKEN), MAX_TOKEN),
          outline.presented() == null ? "" : shortened(outline.presented(), MAX_TOKEN));
      Laws.same(
          "the revision",
          text(within(request.params(), McpMeta.VERSION)),
          text(within(found.params(), McpMeta.VERSION)));
      Laws.same(
          "it stands alone",
          McpMeta.hasVersion(request.params()),
          McpMeta.hasVersion(found.params()));
      for (String name : List.of("name", "uri")) {
        Laws.same(name, text(of(request.params(), name)), text(of(found.params(), name)));
      }
      Laws.same("nobody takes it for all", true, McpMeta.isUnread(found.params()));
    } else if (read instanceof RpcMessage.Notification notification) {
      Laws.same("the method", notification.method(), String.valueOf(outline.method()));
    }
    return true;
  }

  private static @Nullable Object of(@Nullable Map<String, ?> params, String name) {
    return params == null ? null : params.get(name);
  }

  private static @Nullable Object within(@Nullable Map<String, ?> params, String name) {
    return of(params, McpMeta.MEMBER) instanceof Map<?, ?> meta ? meta.get(name) : null;
  }

  /** A text that is kept; nothing for any other value. */
  private static String text(@Nullable Object value) {
    return value instanceof String text && text.length() <= LONGEST_NAME ? text : "";
  }

  private static String shortened(@Nullable Object value, int longest) {
    return !(value instanceof String text) ? "" : text.length() < longest ? text : "too long";
  }

  /** What a channel of lines gave: messages as they are written, and codes. */
  private static final class Given implements LineChannel.Receiver {
    private final List<String> all = new ArrayList<>();
    private boolean hasMessage;

    @Override
    public void received(RpcMessage message) {
      hasMessage = true;
      all.add(String.valueOf(message));
    }

    @Override
    public void broken(RpcFault fault) {
      all.add(fault.code().text());
    }
  }

  /** Lines of messages. */
  static boolean lines(byte[] input) {
    Given whole = lines(new ByteArrayInputStream(input));
    Laws.same("cuts make no difference", whole.all, lines(new Crumbs(input)).all);
    return whole.hasMessage;
  }

  private static Given lines(InputStream in) {
    Given given = new Given();
    try {
      new LineChannel(in, OutputStream.nullOutputStream(), LONGEST).readAll(given);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return given;
  }

  /** A stream that gives three bytes at most. */
  private static final class Crumbs extends InputStream {
    private final ByteArrayInputStream in;

    Crumbs(byte[] bytes) {
      this.in = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return in.read(into, offset, Math.min(length, 3));
    }
  }

  /** Server-sent events. */
  static boolean events(byte[] input) {
    List<String> whole = events(input, input.length);
    Laws.same("cuts make no difference", whole, events(input, 1));
    return whole.stream().anyMatch(event -> event.startsWith("["));
  }

  private static List<String> events(byte[] input, int step) {
    List<String> given = new ArrayList<>();
    SseEvents events =
        new SseEvents(
            LONGEST,
            data -> {
              if (data.length > LONGEST) {
                throw new AssertionError("an event is longer than its bound");
              }
              given.add(Arrays.toString(data));
            });
    try {
      for (int at = 0; at < input.length; at += Math.max(1, step)) {
        events.feed(ByteBuffer.wrap(input, at, Math.min(step, input.length - at)));
      }
    } catch (RpcFault e) {
      given.add(e.code().text());
    }
    return given;
  }
}
