package dev.taper.examples.spring;

import dev.taper.agent.call.ToolCall;
import dev.taper.integrations.spring.TaperTool;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** A service with one tool. Whom it trusts, {@code application.properties} says. */
@SpringBootApplication
@RestController
public class Issues {
  /** Closes an issue. */
  @TaperTool("issues.close")
  @PostMapping("/issues/{id}/close")
  public String close(ToolCall call) {
    return "closed " + call.resource();
  }

  /** Runs until it is interrupted. */
  public static void main(String[] arguments) {
    SpringApplication.run(Issues.class, arguments);
  }
}
