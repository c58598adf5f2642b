package dev.taper.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(
    name = "taper",
    description = {
      "Makes, narrows, inspects and authorizes capability tokens (Biscuit v3).",
      "",
      "Tokens, keys and Datalog come from files, from standard input (-) or from environment"
          + " variables (TAPER_TOKEN, TAPER_PRIVATE_KEY); no secret needs to stand on a command"
          + " line."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, or allowed",
      "1:denied; also an evaluation that failed or reached a limit, told apart by its code",
      "2:the command line is wrong, or a key is not one",
      "3:the token, request, third-party block or snapshot is malformed or forged",
      "4:Datalog text is wrong",
      "5:a file, stream or database cannot be read or written",
      "70:a defect in taper"
    },
    footerHeading = "%nStart here:%n",
    footer = {
      "  taper demo                              the whole story in a few seconds, offline",
      "  taper keygen --out root.key             a root key pair",
      "  taper mint --key root.key --delegator NAME --holder NAME=KEY --task ID --grant GRANT ...",
      "  taper delegate TOKEN --key holder.key --holder NAME=KEY --grant GRANT",
      "  taper inspect TOKEN                     what a token says",
      "  taper prove TOKEN --key holder.key --request FILE --audience SERVICE",
      "  taper authorize TOKEN --public-key root.pub --request FILE --audience SERVICE --proof"
          + " FILE",
      "      --revocations FILE --revocation-key revoker.pub",
      "  taper revoke task ID --revocations FILE --key revoker.key"
    },
    versionProvider = VersionProvider.class)
final class TaperCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @SuppressWarnings("unused") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  private boolean help;

  @SuppressWarnings("unused") // picocli acts on it
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  private boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean debug;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "no command was given");
  }

  /** Whether stack traces are wanted. */
  boolean debug() {
    return debug;
  }
}
