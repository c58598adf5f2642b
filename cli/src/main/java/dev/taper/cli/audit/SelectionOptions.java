package dev.taper.cli.audit;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of what an audit log is to tell. */
public final class SelectionOptions {
  @Option(names = "--task", paramLabel = "ID", description = "Of this task.")
  private @Nullable String task;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description = "Of what this agent, delegator or key was given, handed on or did.")
  private @Nullable String agent;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Of this token and what came of it: a file, or the digest that a record names.")
  private @Nullable String token;

  /** What is asked for; all of it must fit. */
  public SelectionInput input() {
    return new SelectionInput(task, agent, token);
  }
}
