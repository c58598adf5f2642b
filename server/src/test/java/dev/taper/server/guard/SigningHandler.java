package dev.taper.server.guard;

import dev.taper.agent.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
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
    if (!request.getMethod().equals("POST")) {
      return super.handle(request, response, callback);
    }
    byte[] content = Content.Source.asInputStream(request).readAllBytes();
    Content.Source signed = Content.Source.from(ByteBuffer.wrap(signed(content)));
    return super.handle(
        new Request.Wrapper(request) {
          @Override
          public Content.Chunk read() {
            return signed.read();
          }

          @Override
          public void demand(Runnable demand) {
            signed.demand(demand);
          }

          @Override
          public long getLength() {
            return signed.getLength();
          }
        },
        response,
        callback);
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
