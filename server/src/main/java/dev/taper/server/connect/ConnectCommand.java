package dev.taper.server.connect;

import dev.taper.operations.config.Times;
import dev.taper.server.listener.ListenOptions;
import dev.taper.server.mcp.UpstreamOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper mcp connect}. */
@Command(
    name = "connect",
    description = {
      "Stands on an agent's side of a guarded server of MCP, and adds token and proof to each call.",
      "The agent talks to it as to any server, over standard input and output. The server is a URL,"
          + " or the command behind -- that starts it. A model gets tools more: what it may do,"
          + " handing a part of that on by an agent's name, asking for an approval, saying why."
    },
    mixinStandardHelpOptions = true)
public final class ConnectCommand implements Callable<Integer> {
  @Option(
      names = "--audience",
      paramLabel = "SERVICE",
      required = true,
      description =
          "The service that is called, such as svc:files: from you, never from the server.")
  private String audience = "";

  @Option(
      names = {"-t", "--token"},
      paramLabel = "FILE",
      description =
          "File with the agent's token, or keeper:NAME for one that a keeper keeps; looked at before"
              + " each call. With --key keeper:NAME and no --handoff: the token of that name.")
  private @Nullable String token;

  @Option(
      names = "--handoff",
      paramLabel = "FOLDER",
      description =
          "Where tokens are left that agents hand on to each other. Without --token, the agent"
              + " works with what is left there for its key.")
  private @Nullable Path handoff;

  @Option(
      names = "--root-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description =
          "The service's root key: text, or a file with a key or a key set. Of what is left in the"
              + " folder of --handoff, only what it signed is used.")
  private List<String> rootKeys = new ArrayList<>();

  @Option(
      names = "--use",
      paramLabel = "WORK",
      description =
          "Which work in the folder of --handoff the agent does, such as 'T-4711 for"
              + " user:alice@acme.com'; without, the only one, or the one that its model names.")
  private @Nullable String use;

  @Option(
      names = "--handoff-as-text",
      description = "Give a token that is handed on to the model, which passes it on.")
  private boolean asText;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "The file of names: whom the model can hand on to, and who has which key.")
  private @Nullable Path names;

  @Option(
      names = "--names-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description = "The file of names has to be signed by this public key: text or file.")
  private List<String> namesKeys = new ArrayList<>();

  @Option(
      names = "--asks",
      paramLabel = "FOLDER",
      description = "Where requests for approval are left, and approvals looked for.")
  private @Nullable Path asks;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "How long the server may be silent about a call; default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Mixin private SignerOptions signer = new SignerOptions();
  @Mixin private ListenOptions listen = new ListenOptions();
  @Mixin private UpstreamOptions upstream = new UpstreamOptions();

  @Override
  public Integer call() throws InterruptedException {
    upstream.withhold(signer.passphraseVariable());
    return new Connect(
            new Connect.Agent(
                audience, token, handoff, rootKeys, use, asText, names, namesKeys, asks),
            signer,
            listen,
            Times.parseDuration(timeout),
            upstream)
        .run();
  }
}
