package dev.taper.server.guard;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Stands on an agent's side of a guard, and signs the messages of a client that signs nothing. */
final class SigningHandler extends Handler.Wrapper {
  private final McpSigner signer;

  SigningHandler(AgentClient agent, Handler guard) {
    super(guard);
    this.signer = McpSigner.of(agent);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    byte[] content = Content.Source.asInputStream(request).readAllBytes();
    byte[] signed = signed(content);
    Content.Source source = Content.Source.from(ByteBuffer.wrap(signed));
    HttpFields fields =
        request.getHeaders().contains("Mcp-Session-Id")
            ? fields(request, signed)
            : request.getHeaders();
    return super.handle(
        new Request.Wrapper(request) {
          @Override
          public HttpFields getHeaders() {
            return fields;
          }

          @Override
          public Content.Chunk read() {
            return source.read();
          }

          @Override
          public void demand(Runnable demand) {
            source.demand(demand);
          }

          @Override
          public long getLength() {
            return source.getLength();
          }
        },
        response,
        callback);
  }

  /** The header fields of a request that goes on with a session, signed. */
  private HttpFields fields(Request request, byte[] content) {
    HttpRequest.Builder plain =
        HttpRequest.newBuilder(URI.create("http://" + request.getHeaders().get("Host") + "/mcp"))
            .method(request.getMethod(), BodyPublishers.ofByteArray(content));
    for (String name : List.of("Content-Type", "Mcp-Session-Id", "Last-Event-ID")) {
      String value = request.getHeaders().get(name);
      if (value != null) {
        plain.header(name, value);
      }
    }
    HttpRequest signed = signer.sign(plain.build());
    HttpFields.Mutable fields = HttpFields.build(request.getHeaders());
    for (String name : List.of("Taper-Token", "Taper-Proof")) {
      fields.put(name, signed.headers().firstValue(name).orElseThrow());
    }
    return fields.asImmutable();
  }

  private byte[] signed(byte[] content) {
    RpcMessage message;
    try {
      message = RpcText.read(content);
    } catch (RpcFault e) {
      return content;
    }
    if (!(message instanceof RpcMessage.Request asked)) {
      return content;
    }
    Map<String, @Nullable Object> params =
        asked.params() == null ? new LinkedHashMap<>() : asked.params();
    return RpcText.write(
            new RpcMessage.Request(asked.id(), asked.method(), signer.sign(asked.method(), params)))
        .getBytes(StandardCharsets.UTF_8);
  }
}
