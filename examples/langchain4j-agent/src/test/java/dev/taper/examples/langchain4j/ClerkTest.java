package dev.taper.examples.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.examples.mcp.server.IssuesFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent calls the server of another example, which is another process. */
class ClerkTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey clerk = PrivateKey.generate(Algorithm.ED25519);

  @TempDir Path folder;

  /** A model that calls tools one after the other, and then says what came of them. */
  private static final class Script implements ChatModel {
    private final List<ToolExecutionRequest> calls = new ArrayList<>();
    private final List<ChatRequest> asked = new ArrayList<>();

    Script calls(String tool, String arguments) {
      calls.add(
          ToolExecutionRequest.builder()
              .id("call-" + calls.size())
              .name(tool)
              .arguments(arguments)
              .build());
      return this;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      AiMessage next =
          asked.size() < calls.size()
              ? AiMessage.from(calls.get(asked.size()))
              : AiMessage.from(results(request));
      asked.add(request);
      return ChatResponse.builder().aiMessage(next).build();
    }

    private static String results(ChatRequest request) {
      List<String> results = new ArrayList<>();
      for (ChatMessage message : request.messages()) {
        if (message instanceof ToolExecutionResultMessage result) {
          results.add(result.text());
        }
      }
      return String.join("\n", results);
    }
  }

  private Clerk start(ChatModel model) throws IOException {
    IssuesFiles files = new IssuesFiles(folder);
    files.writeService(root.publicKey());
    return Clerk.start(
        model,
        files.writeToken(root, "agent:clerk", clerk.publicKey()),
        files.write("clerk.key", Pem.writeUnencrypted(clerk)),
        "svc:issues",
        files.command());
  }

  @Test
  void chat_modelWantsMoreThanTheTokenAllows_doesOnlyWhatItAllows() throws IOException {
    Script model = new Script().calls("close", "{\"id\": 7}").calls("close", "{\"id\": 8}");

    try (Clerk agent = start(model)) {
      String results = agent.chat("Close issues 7 and 8.");

      assertThat(results)
          .startsWith(
              "closed issue 7\nThe call of close failed, and it is not known whether it was")
          .contains("out_of_scope");
      assertThat(model.asked.get(0).toolSpecifications())
          .extracting(ToolSpecification::name)
          .containsExactly("close");
    }
  }
}
