package dev.taper.integrations.spring;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.ai.mcp.annotation.McpMeta;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.method.MethodToolCallbackProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** A server of MCP on Spring AI, with tools of each kind that it knows. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({Desk.Tools.class, Desk.Old.class})
public class Desk {
  /** What was entered, and with what. */
  static final Queue<String> ENTERED = new ConcurrentLinkedQueue<>();

  @Bean
  static ToolCallbackProvider old(Old old) {
    return MethodToolCallbackProvider.builder().toolObjects(old).build();
  }

  /** By annotations of Spring AI. */
  public static class Tools {
    /** Is what the catalog says. */
    @TaperTool("desk.search")
    @McpTool(name = "search", description = "Searches tickets")
    public String search(
        @McpToolParam(description = "what to look for") String query,
        McpMeta meta,
        McpTransportContext context) {
      ENTERED.add("search " + query + " " + meta.meta());
      return "found " + query;
    }

    /** Needs an approval, which nobody has. */
    @TaperTool("desk.close")
    @McpTool(name = "close", description = "Closes a ticket")
    public String close(@McpToolParam(description = "which") String id) {
      ENTERED.add("close " + id);
      return "closed";
    }

    /** Does another tool than its name says. */
    @TaperTool("desk.close")
    @McpTool(name = "look", description = "Looks at a ticket")
    public String look(@McpToolParam(description = "which") String id) {
      ENTERED.add("look " + id);
      return "looked";
    }

    /** Is no tool of the catalog. */
    @McpTool(name = "secret", description = "Shows a password")
    public String secret() {
      ENTERED.add("secret");
      return "hunter2";
    }

    /** Nobody gave this. */
    @McpResource(uri = "file:///etc/passwd", name = "passwords")
    public String passwords() {
      ENTERED.add("passwords");
      return "hunter2";
    }

    /** Nobody gave this. */
    @McpPrompt(name = "tell")
    public String tell() {
      ENTERED.add("tell");
      return "hunter2";
    }
  }

  /** By annotations of Spring AI for models. */
  public static class Old {
    /** Is what the catalog says. */
    @TaperTool("desk.count")
    @Tool(name = "count", description = "Counts tickets")
    public String count(String query) {
      ENTERED.add("count " + query);
      return "7";
    }
  }
}
