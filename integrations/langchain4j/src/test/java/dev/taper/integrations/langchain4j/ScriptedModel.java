package dev.taper.integrations.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A model that answers from a script, one call of a tool at a time, and keeps what it is asked. */
final class ScriptedModel implements ChatModel {
  private final Deque<AiMessage> script = new ArrayDeque<>();
  private final List<ChatRequest> asked = new ArrayList<>();

  /** Next, the model calls a tool. */
  ScriptedModel calls(String tool, String arguments) {
    script.add(
        AiMessage.from(
            ToolExecutionRequest.builder()
                .id("call-" + script.size())
                .name(tool)
                .arguments(arguments)
                .build()));
    return this;
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    asked.add(request);
    AiMessage next = script.isEmpty() ? AiMessage.from("done") : script.remove();
    return ChatResponse.builder().aiMessage(next).build();
  }

  /** All that the model was ever shown, as text. */
  String shown() {
    return asked.toString();
  }

  /** The tools that it was offered last. */
  List<String> offered() {
    return last().toolSpecifications().stream().map(ToolSpecification::name).toList();
  }

  /** What came of the last call, as the model reads it. */
  String lastResult() {
    List<ChatMessage> messages = last().messages();
    return ((ToolExecutionResultMessage) messages.get(messages.size() - 1)).text();
  }

  private ChatRequest last() {
    return asked.get(asked.size() - 1);
  }
}
