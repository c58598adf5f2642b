package dev.taper.integrations.spring;

import dev.taper.agent.call.ToolCall;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** A service with a method for each tool, which says what reaches it. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(Jira.Routes.class)
public class Jira {
  /** Takes note of a call in JSON, and its content. */
  @FunctionalInterface
  public interface Recorder extends BiConsumer<String, byte[]> {}

  @RestController
  public static class Routes {
    private final Recorder recorder;

    public Routes(Recorder recorder) {
      this.recorder = recorder;
    }

    @TaperTool("jira.search")
    @GetMapping("/projects/{project}/issues")
    public String search(ToolCall call, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      return done(call, request, response);
    }

    @TaperTool("jira.comment")
    @PostMapping("/issues/{id}/comments")
    public String comment(ToolCall call, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      return done(call, request, response);
    }

    @TaperTool("jira.form")
    @PostMapping("/forms")
    public String form(ToolCall call, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      return done(call, request, response);
    }

    @TaperTool("jira.upload")
    @PutMapping("/uploads")
    public String upload(ToolCall call, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      return done(call, request, response);
    }

    @TaperTool("jira.close")
    @PostMapping("/issues/{id}/close")
    public String close(ToolCall call, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      return done(call, request, response);
    }

    @TaperTool("jira.delete")
    @DeleteMapping("/issues/{id}")
    public String delete(ToolCall call, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      return done(call, request, response);
    }

    private String done(ToolCall call, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      recorder.accept(call.toJson(), request.getInputStream().readAllBytes());
      response.setHeader("Cache-Control", "public, max-age=60");
      response.addHeader("cache-control", "public");
      return call.tool();
    }
  }
}
